package chart

import (
	"math"
	"time"
)

// samples are pictures of invented numbers, one of each kind and some that are awkward.
func samples() map[string]func() (*Chart, error) {
	return map[string]func() (*Chart, error){
		"lines": sampleLines().Chart, "survival": sampleSurvival().Chart,
		"histogram": sampleHistogram().Chart, "bars": sampleBars().Chart,
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
