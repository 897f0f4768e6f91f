package scenarios

import (
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"tier4/sim"
)

// contracts are the kinds of contract a place may have, with its keys.
var contracts = []struct {
	word, what string
	contract   sim.Contract
	keys       func(p *place) table
}{
	{"block", "a block contract", sim.Block, blockTable},
	{"spot", "a spot contract", sim.Spot, spotTable},
	{"share", "a share contract", sim.Share, shareTable},
	{"bed_nights", "a bed nights contract", sim.BedNights, bedNightsTable},
}

var contractWords = sync.OnceValue(func() (words []string) {
	for _, c := range contracts {
		words = append(words, c.word)
	}
	return words
})

// place is a place while it is read: its price may be by the week, its beds by date.
type place struct {
	sim.Place
	perWeek sim.Pence
	held    []heldFrom
	noticed bool // it says itself how many nights of notice are paid
}

// paysNotice says whether nights after someone has left can be paid at a place.
func (p place) paysNotice() bool { return p.Contract == sim.Spot || p.Contract == sim.Share }

// heldFrom is a number of beds held from a date on; without a date, always.
type heldFrom struct {
	at   pos
	from sim.Days
	date time.Time
	beds int
}

// places is the map of places. Their order is the order in which they are tried.
var places = kind[[]place]{
	read: func(r *reader, n *node) ([]place, bool) {
		var all []place
		before := len(*r.faults)
		r.namedEntries(n, "a map of places", "a place", nil, func(e entry) {
			all = append(all, recalled(r, e.value, func() place { return r.place(e) }))
		})
		return all, len(*r.faults) == before
	},
	schema: func(s *sketch) any {
		return doc{"type": "object", "minProperties": 1, "additionalProperties": s.define("place", func() any {
			tables := make([]table, len(contracts))
			for i := range contracts {
				tables[i] = placeTable(&place{}, i)
			}
			d := s.byKind("contract", contractWords(), tables)
			d["required"] = []string{"contract"}
			return d
		})}
	},
}

func (r *reader) place(e entry) place {
	p := place{Place: sim.Place{Name: e.key, From: math.Inf(-1), Until: math.Inf(1)}}
	if !r.isMap(e.value, "a place", []string{"contract", "beds", "per_night"}) {
		return p
	}
	i := r.sortOf(e, "place", "contract", "a contract", contractWords())
	if i < 0 {
		return p
	}
	p.Contract = contracts[i].contract
	r.readTable(e.value, contracts[i].what, placeTable(&p, i), func(key string) (string, string) {
		var others []string
		for j, other := range contracts {
			if j != i && contains(placeTable(new(place), j).keys(), key) {
				others = append(others, other.what)
			}
		}
		if len(others) == 0 {
			return "", ""
		}
		return "`" + key + "` is a key of " + strings.Join(others, " or ") + ", and this is " + contracts[i].what, "leave it out, or change the contract"
	})
	r.finishPlace(e, &p)
	return p
}

// finishPlace settles what several keys of a place say together, so far as each of them is right.
func (r *reader) finishPlace(e entry, p *place) {
	nights, weeks := e.value.get("per_night"), e.value.get("per_week")
	switch {
	case !r.sound(e.value, "per_night", "per_week"):
	case nights != nil && weeks != nil:
		r.faults.add(weeks.at, "place `"+e.key+"` gives `per_night` and `per_week`", "keep one of them")
	case weeks != nil && p.perWeek%7 != 0:
		r.faults.add(weeks.at, weeks.named()+" is not a whole number of pence a night",
			"nights are counted, so write `per_night: "+pounds((p.perWeek+3)/7)+"`, or "+pounds((p.perWeek+3)/7*7)+" a week")
	case weeks != nil:
		p.PerNight = p.perWeek / 7
	}
	if p.Until <= p.From && r.sound(e.value, "from", "until") {
		r.faults.add(e.value.get("until").at, "place `"+e.key+"` closes before it opens", "make `until` later than `from`")
	}
	t := p.Terms
	if t.AboveNights > 0 && t.MinimumNights > t.AboveNights && r.sound(e.value, "above", "minimum_nights") {
		r.faults.add(e.value.get("minimum_nights").at, "place `"+e.key+"` pays for more nights at least than it has at the first price", "make `minimum_nights` at most `above.nights`")
	}
	if r.sound(e.value, "uplift", "per_night", "per_week", "above") {
		r.checkUplift(e, p)
	}
	if r.sound(e.value, "from", "beds", "priority_beds", "of") {
		r.finishBeds(e, p)
	}
}

// checkUplift keeps prices that rise every year within what bills can count.
func (r *reader) checkUplift(e entry, p *place) {
	years := math.Ceil((r.spec.WarmUp + r.spec.Measure) / yearDays)
	most := float64(max(p.PerNight, p.Terms.AbovePerNight)) * math.Pow(1+p.Terms.Uplift, years)
	if p.Terms.Uplift > 0 && most > sim.MostPence {
		r.faults.add(e.value.get("uplift").at, "the price of a night at `"+e.key+"` passes "+pounds(sim.MostPence)+" before the run ends", "give a lower `uplift`, or a shorter run")
	}
}

// finishBeds settles how many beds of a place are held, and from when on.
func (r *reader) finishBeds(e entry, p *place) {
	if first := max(0, p.From); len(p.held) > 0 && p.held[0].from > first {
		at, from := "the start", r.spec.Start.AddDate(0, 0, int(first))
		if first > 0 {
			at = "its opening"
		}
		r.faults.add(p.held[0].at, "place `"+e.key+"` does not say how many beds are held from "+at+" on, "+from.Format(time.DateOnly), "make the first date that one or earlier")
		return
	}
	for i, h := range p.held {
		switch {
		case i > 0 && h.from <= p.held[i-1].from:
			r.faults.add(h.at, "this date is not after the one before, "+p.held[i-1].date.Format(time.DateOnly), "give the dates in order")
		case i == 0 || h.from <= 0:
			p.Beds = h.beds
		default:
			p.Capacity = append(p.Capacity, sim.Capacity{From: h.from, Beds: h.beds})
		}
		if p.Contract == sim.Share && p.Of > 0 && h.beds > p.Of {
			r.faults.add(h.at, "place `"+e.key+"` gives priority on "+strconv.Itoa(h.beds)+" of only "+counted(p.Of, "bed"), "make `of` all beds of the unit")
		}
	}
}

// placeTable has the keys of a place: those of every contract, then its own.
func placeTable(p *place, contract int) table {
	t := table{
		need(keyTo("contract", "`block`: beds held, paid used or not; `spot`: found case by case, paid by the night slept; `share`: priority on beds that others use too; `bed_nights`: so many nights a year, paid up front",
			word("a contract", contractWords(), contractWords()), func(string) {})),
		key("per_night", "the price of a night", price, &p.PerNight),
		key("per_week", "the price of a week, if it is a whole number of pence a night", price, &p.perWeek),
		key("per_year", "a retainer for each year, used or not", yearly, &p.Terms.PerYear),
		key("uplift", "prices, `per_year` included, rise so much on each 1 April of the run, also of one before a contract begins; what clients pay does not: `3% per year`", uplift, &p.Terms.Uplift),
		key("contribution", "what the client pays towards nights slept: `£90 per week`", weekly, &p.Terms.Contribution),
		key("from", "open for admission, and paid, from this date", sinceStart, &p.From),
		key("until", "closed again from this date; those inside stay on", sinceStart, &p.Until),
		key("closures", "times between when nobody is admitted and no bed is held: `[{from: 2026-06-01, until: 2026-08-01}]`", closures, &p.Closures),
		key("admits", "the weekdays of admission: `[Mon, Tue]`; every day unless given", admissionDays, &p.Admits),
		key("suits", "the share of people whom the place suits, by cohort or trait: `{women: 80%, else: 95%}`; everyone unless given", forAll(per(share, nil)), &p.Suits),
		keyTo("assesses", "the provider sees people first: `{takes: 7 days, refuses: 10%}`", assesses, func(v sim.Assessing) { p.Assesses = &v }),
		key("turnover", "a bed rests so long after each person", duration, &p.Turnover),
		key("local", "`true` for a place in the area", yesNo, &p.Local),
		key("effects", "what a stay here does to itself and to later hazards: `{relapse: 15% lower}`", effectsKind(), &p.Effects),
	}
	return append(t, contracts[contract].keys(p)...)
}

func blockTable(p *place) table {
	return table{need(key("beds", "how many beds are held, `unlimited`, or by date: `{2025-04-01: 6, 2026-10-01: 8}`", bedsByDate(true), &p.held))}
}

func spotTable(p *place) table {
	p.Beds = sim.NoLimit
	return append(table{
		key("beds", "the most at once; `unlimited` unless given", bedCount(1), &p.Beds),
		key("look_after", "the search starts so long after joining the list, or at once for those whom no other place of the stage suits; 0 unless given", duration, &p.LookAfter),
		key("found_in", "how long the search takes: a length of time or a law; at once unless given", perLaw(law()), &p.FoundIn),
	}, sleptTable(p)...)
}

func shareTable(p *place) table {
	return append(table{
		need(key("priority_beds", "the beds on which we come first, or by date: `{2025-04-01: 2, 2026-10-01: 3}`", bedsByDate(false), &p.held)),
		need(key("of", "all beds of the unit", most(sim.MostBeds, whole(1)), &p.Of)),
		keyTo("other_demand", "others who use the unit: `{per_week: 4.5, stay: {gamma: {mean: 9 days, sd: 4 days}}}`", otherDemand, func(v sim.OtherDemand) { p.Others = &v }),
	}, sleptTable(p)...)
}

func bedNightsTable(p *place) table {
	p.Beds = sim.NoLimit
	return table{
		need(key("nights_per_year", "nights bought for each year from 1 April", most(sim.MostBeds, whole(1)), &p.Nights)),
		key("beds", "the most at once; `unlimited` unless given", bedCount(1), &p.Beds),
	}
}

// count is a number of nights in a contract.
var count = most(sim.MostBeds, whole(0))

// most bounds a whole number.
func most(limit int, k kind[int]) kind[int] {
	return kind[int]{
		schema: func(s *sketch) any { return doc{"maximum": limit, "allOf": []any{k.schema(s)}} },
		read: func(r *reader, n *node) (int, bool) {
			v, ok := k.read(r, n)
			if ok && v > limit {
				r.faults.add(n.at, n.named()+" is beyond any real place", "write at most 1,000,000")
				return 0, false
			}
			return v, ok
		},
	}
}

// bedCount is a number of beds, or `unlimited`.
func bedCount(least int) kind[int] { return most(sim.MostBeds, unlimited(least, sim.NoLimit)) }

// bedsByDate is a number of beds, or a map from dates to numbers; there may be none.
func bedsByDate(endless bool) kind[[]heldFrom] {
	held := most(sim.MostBeds, whole(0))
	plain := held
	if endless {
		plain = bedCount(0)
	}
	return kind[[]heldFrom]{
		read: func(r *reader, n *node) ([]heldFrom, bool) {
			if n.sort != mapping {
				v, ok := plain.read(r, n)
				return []heldFrom{{at: n.at, from: math.Inf(-1), beds: v}}, ok
			}
			if len(n.entries) == 0 {
				r.faults.add(n.at, n.named()+" is empty", "give one number, or numbers by date")
			}
			var all []heldFrom
			before := len(*r.faults)
			for _, e := range n.entries {
				day, dated := date.read(r, &node{at: e.at, text: e.key})
				if e.value.sort == empty {
					r.faults.add(e.value.at, "`"+e.key+":` has no value", "give the beds held from then on, or remove the line")
					continue
				}
				if v, ok := held.read(r, e.value); ok && dated {
					all = append(all, heldFrom{e.at, daysFrom(r.spec.Start, day), day, v})
				}
			}
			return all, len(*r.faults) == before
		},
		schema: func(s *sketch) any {
			return doc{"anyOf": []any{plain.schema(s), doc{
				"type": "object", "minProperties": 1, "propertyNames": doc{"pattern": datePattern}, "additionalProperties": held.schema(s),
			}}}
		},
	}
}

// admissionDays is a list of weekdays.
var admissionDays = kind[[7]bool]{
	read: func(r *reader, n *node) (days [7]bool, ok bool) {
		read, ok := listOf("a list of weekdays", weekday).read(r, n)
		for _, d := range read {
			days[d] = true
		}
		return days, ok
	},
	schema: listOf("", weekday).schema,
}

// pounds writes an amount as a scenario does.
func pounds(p sim.Pence) string {
	whole, part := strconv.FormatInt(p/100, 10), p%100
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if part == 0 {
		return "£" + whole
	}
	return "£" + whole + "." + strconv.FormatInt(100+part, 10)[1:]
}
