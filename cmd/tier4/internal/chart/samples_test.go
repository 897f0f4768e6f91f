package chart

import (
	"math"
	"time"
)

// samples are pictures of invented numbers, one of each kind and some that are awkward.
func samples() map[string]func() (*Chart, error) {
	return map[string]func() (*Chart, error){
		"lines": sampleLines().Chart, "survival": sampleSurvival().Chart, "panels": samplePanels().Chart,
		"histogram": sampleHistogram().Chart, "bars": sampleBars().Chart, "forest": sampleForest(-1).Chart,
		"forest of one": sampleForest(1).Chart, "stacks": sampleStacks().Chart, "beds": sampleBeds().Chart,
		"flow": sampleFlow().Chart, "scatter": sampleScatter().Chart, "heat map": sampleHeat().Chart,
		"tornado": sampleTornado().Chart, "observed": sampleObserved().Chart, "gaps": sampleGaps().Chart,
		"pathway": samplePathway().Chart,
	}
}

func sampleLines() Lines {
	var x, y, low, high []float64
	for m := range 36 {
		x = append(x, Date(time.Date(2026, time.Month(4+m), 15, 0, 0, 0, 0, time.UTC)))
		v := 5 + 2*math.Sin(float64(m)/4) + float64(m)/20
		y, low, high = append(y, v), append(low, v-2), append(high, v+3)
	}
	return Lines{
		Words: Words{ID: "list", Title: "About five people wait for rehab, and in one month of twenty more than eight do", About: "People waiting for rehab, mean of each month, Medway baseline", Note: "300 replications, seed 1."},
		X:     Axis{Label: "Month", Unit: Unit{Dates: true}}, Y: Axis{Label: "People waiting", Unit: Plain("people")},
		Series: []Series{{Name: "Today", X: x, Y: y, Low: low, High: high}, {Name: "Four more beds held in the county", X: x, Y: scaledBy(0.9, y)}},
		Marks:  []Mark{{At: 6, Name: "Beds held: 6"}}, Band: "9 in 10 months of single replications",
	}
}

func scaledBy(f float64, xs []float64) (ys []float64) {
	for _, x := range xs {
		ys = append(ys, f*x)
	}
	return ys
}

func sampleSurvival() Lines {
	curve := func(rate float64) (s Series) {
		for d := 0.0; d <= 120; d += 3 {
			v := math.Exp(-rate * d)
			s.X, s.Y, s.Low, s.High = append(s.X, d), append(s.Y, v), append(s.Low, max(0, v-0.05)), append(s.High, min(1, v+0.05))
		}
		s.Step = true
		return s
	}
	a, b := curve(0.012), curve(0.02)
	a.Name, b.Name = "Alcohol", "Opiates"
	return Lines{
		Words:  Words{ID: "survival", Title: "Half of those with opiates are no longer waiting after five weeks", About: "Share still waiting for rehab, by time since joining the list", Note: "Kaplan-Meier, 120 people."},
		X:      Axis{Label: "Time since joining", Unit: Weeks()},
		Y:      Axis{Label: "Still waiting", Unit: Percent(""), From: 0, To: 1},
		Series: []Series{a, b}, Marks: []Mark{{At: 42, Name: "6 weeks", OnX: true}}, Band: "95% confidence, pointwise",
	}
}

func sampleHistogram() Histogram {
	h := Histogram{
		Words:  Words{ID: "waits", Title: "Six in ten get a rehab bed within three weeks", About: "Wait from joining the list for rehab to admission"},
		X:      Axis{Label: "Wait", Unit: Weeks()},
		Of:     "of those who got in",
		Within: []Within{{21, 0.62, "3 weeks"}, {42, 0.9, "6 weeks"}, {84, 0.99, "12 weeks"}}, Beyond: 0.01,
	}
	for i := range 26 {
		h.Edges = append(h.Edges, float64(i)*3.5)
	}
	for i := range 25 {
		h.Shares = append(h.Shares, 0.15*math.Exp(-float64(i)/6))
	}
	return h
}

func sampleBars() Bars {
	return Bars{
		Words: Words{ID: "nights", Title: "Riverside has most of the nights", About: "Nights slept, by provider"},
		Axis:  Axis{Label: "Nights slept", Unit: Plain("nights a year")},
		Bars: []Bar{
			{Name: "Riverside", Value: 1217, Low: 1201, High: 1233},
			{Name: "Any approved rehab in the south-east of England, bought case by case", Value: 233.4, Low: 200, High: 260},
			{Name: "None", Value: 0, Pale: true},
		},
	}
}

func samplePanels() Panels {
	p := Panels{Words: Words{ID: "lists", Title: "No list grows over the three years measured, and the longest is that for the panel with some three people", About: "Means of each month"}, Band: "9 in 10 single replications"}
	for _, name := range []string{"Waiting for assessment", "Waiting for the panel", "In rehab"} {
		l := sampleLines()
		l.Title, l.Series, l.Y.Label = name, l.Series[:1], "People"
		l.Y.Unit.Name, l.Series[0].Name = "", ""
		if name != "In rehab" {
			l.Marks = nil
		}
		p.Panels = append(p.Panels, l)
	}
	return p
}

func sampleForest(good int) Forest {
	f := Forest{
		Words: Words{ID: "forest", Title: "A weekly panel shortens the wait most", About: "Average wait for rehab, against Medway baseline"},
		Axis:  Axis{Label: "Difference", Unit: Days()}, Good: good, More: "longer", Less: "shorter",
		Effects: []Effect{
			{Name: "Half as many block beds in rehab, and everything else found case by case", Value: 6.1, Low: 5.8, High: 6.4, Verdict: Worse},
			{Name: "Weekly panel", Value: -3.4, Low: -3.9, High: -2.9, Verdict: Better, Text: "3.4 days shorter (2.9 to 3.9)"},
			{Name: "More group places", Value: 0.3, Low: -0.2, High: 0.8, Verdict: Unclear},
			{Name: "Keeping in touch", Value: -0.5, Low: -0.6, High: -0.4, Verdict: TooSmall},
			{Name: "Other people come", Value: 1.2, Low: 1, High: 1.4, Verdict: Clear},
		},
	}
	if good > 0 {
		f.ID, f.Effects = "forest-one", f.Effects[1:2]
	}
	return f
}

func sampleStacks() Stacks {
	return Stacks{
		Words: Words{ID: "cost", Title: "Buying all beds case by case costs £97,800 less, and nothing for beds nobody sleeps in", About: "Cost a year"},
		Axis:  Axis{Label: "Cost", Unit: Pounds("a year")}, Limit: "budget",
		Parts: []Part{{Name: "block beds slept in"}, {Name: "spot"}, {Name: "shared units"}, {Name: "nights bought ahead"}, {Name: "all else"}, {Name: "paid for and not slept in", Empty: true}},
		Bars: []Stack{
			{"Medway baseline", []float64{183_000, 41_900, 255_100, 0, 21_000, 36_200}, 560_000, true},
			{"Four more rehab beds away, held by the year", []float64{283_000, 4_900, 255_100, 0, 21_000, 146_200}, 560_000, true},
			{"All spot", []float64{0, 441_900, 0, 0, 21_000, 0}, 0, false},
		},
	}
}

func sampleBeds() BedsUse {
	return BedsUse{
		Words: Words{ID: "beds", Title: "Six beds would be enough on 95% of days; four are held", About: "Rehab beds in use at any time, Medway baseline"}, Things: "beds",
		Shares: []float64{0.02, 0.05, 0.1, 0.2, 0.35, 0.15, 0.08, 0.03, 0.015, 0.0005}, Held: 4, Enough: []Enough{{0.8, 5}, {0.95, 6}, {0.99, 8}},
	}
}

func sampleFlow() Flow {
	return Flow{
		Words: Words{ID: "lost", Title: "Of 100 people who come a year, most are lost while they wait for assessment and the panel", About: "People a year by step"}, Each: "people a year",
		Steps: []Step{
			{Name: "assessment", In: 99.6, Lost: []Loss{{"gave up waiting", 11.4}, {"died", 0.1}}},
			{Name: "panel", In: 84.6, Lost: []Loss{{"gave up waiting", 11}, {"declined", 4}, {"turned away, the list being full", 3}}},
			{Name: "rehab", In: 2.6, Lost: []Loss{{"left early", 1.4}}},
			{Name: "aftercare", In: 0.3},
			{Name: "completed", In: 27.3, End: true},
		},
	}
}

func sampleScatter() Scatter {
	c := Scatter{
		Words: Words{ID: "frontier", Title: "More than eight beds buy little more", About: "Cost and completions of each option"},
		X:     Axis{Label: "Cost", Unit: Pounds("a year"), NotFromNil: true}, Y: Axis{Label: "Completed", Unit: Percent("of all referred"), NotFromNil: true}, GoodX: -1, GoodY: 1,
	}
	for i := range 9 {
		v := float64(i)
		c.Options = append(c.Options, Option{
			Name: []string{"2 beds", "3 beds", "4 beds", "5 beds", "6 beds", "7 beds", "8 beds", "9 beds", "10 beds"}[i],
			X:    400_000 + 30_000*v, LowX: 396_000 + 30_000*v, HighX: 404_000 + 30_000*v, Y: 0.2 + 0.1*(1-math.Exp(-v/3)), Frontier: i%4 != 2, Highlighted: i == 2,
		})
	}
	return c
}

func sampleHeat() HeatMap {
	h := HeatMap{
		Words: Words{ID: "heat", Title: "Six block beds and a weekly panel cost least for each completion", About: "Cost for each completion"},
		X:     "block beds", Y: "days between panels", Across: []string{"2", "4", "6", "8", "10"}, Down: []string{"7", "14", "28"}, Unit: Pounds(""), What: "cost for each completion",
	}
	for i := range h.Down {
		var row []Spot
		for j := range h.Across {
			row = append(row, Spot{Value: 18_000 + 900*math.Abs(float64(j)-2) + 1500*float64(i), OK: i+j != 6, Best: i == 0 && j == 2})
		}
		h.Cells = append(h.Cells, row)
	}
	return h
}

func sampleTornado() Tornado {
	return Tornado{
		Words: Words{ID: "tornado", Title: "How long people stay matters most", About: "Cost a year as each input goes from its low to its high end"},
		Axis:  Axis{Label: "Cost", Unit: Pounds("a year")}, Base: 537_300,
		Inputs: []Input{
			{"referrals of opiates", 500_000, 580_000, "36", "54 a year"},
			{"stay in rehab", 470_000, 610_000, "42 days", "182 days"},
			{"patience while waiting for the panel, in days, half of people by then", 541_000, 545_000, "45 days", "150 days"},
		},
	}
}

func sampleObserved() Observed {
	return Observed{
		Words: Words{ID: "observed", Title: "The model reproduces the waits, and a few too many completions", About: "Medway 2023-25, against the calibrated model"},
		Targets: []Target{
			{"average wait for rehab", Plain("days"), 12.3, 10.1, 14.5, 12.9, 12.5, 13.3},
			{"completed", Percent("of referred"), 0.25, 0, 0, 0.28, 0.275, 0.285},
			{"cost", Pounds("a year"), 540_000, 540_000, 540_000, 537_300, 534_000, 540_000},
		},
	}
}

func sampleGaps() Gaps {
	return Gaps{
		Words: Words{ID: "gaps", Title: "Women reach rehab less often than men", About: "Shares by group"}, Axis: Axis{Label: "Share", Unit: Percent("of people")},
		Groups: []string{"women", "everyone else"},
		Lines: []Gap{
			{"reached rehab", []Sided{{0.25, 0.24, 0.26, true}, {0.29, 0.285, 0.295, true}}, "4 fewer in 100", false},
			{"completed", []Sided{{0.27, 0.26, 0.28, true}, {0.272, 0.265, 0.279, true}}, "no clear difference", true},
			{"gave up waiting", []Sided{{0.1, 0.09, 0.11, true}, {}}, "", true},
		},
	}
}

func samplePathway() Pathway {
	return Pathway{
		Words: Words{ID: "pathway", Title: "The pathway"},
		Nodes: []Node{
			{"Assessment", "delay", []string{"takes 12 days on average", "opens a case with recovery workers"}},
			{"Panel", "panel", []string{"meets every 14 days, hears 4 cases"}},
			{"Detox", "beds", []string{"Bridge House: priority on 2 of 9 beds, £400 a night", "other detox units: found case by case, £480 a night, and a name so long that it goes on and on"}},
			{"Rehab", "beds", []string{"Riverside: 4 block beds"}},
		},
		Ways: []Entry{{0, "community: 87 a year"}, {0, "prison release: 7 a year"}},
		Routes: []Route{
			{From: 0, To: 1},
			{From: 1, To: 2, When: "approved"},
			{From: 1, To: 3},
			{From: 1, To: -1, Out: "community", When: "declined"},
			{From: 2, To: 3},
			{From: 2, To: -1, Out: "community", When: "unplanned"},
			{From: 2, To: -1, Out: "home"},
			{From: 3, To: 0, Later: true, When: "after a relapse"},
			{From: 2, To: 1},
		},
	}
}
