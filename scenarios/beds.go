package scenarios

import (
	"math"
	"slices"
	"strconv"

	"tier4/sim"
)

func bedsTable(_ *reader, s *sim.Stage) table {
	s.Beds = new(sim.Beds)
	b := s.Beds
	return table{
		need(key("places", "the beds, by provider, tried in this order", places, &b.Places)),
		need(key("stay", "the planned length of stay: a length of time or a law", forAll(perLaw(law())), &b.Stay)),
		key("unplanned_discharge", "the law of leaving early, which races the planned stay", perLaw(neverOr()), &b.UnplannedDischarge),
		costsOf(s, "beds", "a beds stage"),
	}
}

// contracts are the kinds of contract a place may have, with its keys.
var contracts = []struct {
	word, what string
	contract   sim.Contract
	keys       func(p *place) table
}{
	{"block", "a block contract", sim.Block, blockTable},
	{"spot", "a spot contract", sim.Spot, spotTable},
}

func contractWords() (words []string) {
	for _, c := range contracts {
		words = append(words, c.word)
	}
	return words
}

// place is a place while it is read: its price may be by the week.
type place struct {
	sim.Place
	perWeek sim.Pence
}

// places is the map of places. Their order is the order in which they are tried.
var places = kind[[]sim.Place]{
	read: func(r *reader, n *node) ([]sim.Place, bool) {
		var all []sim.Place
		before := len(*r.faults)
		r.namedEntries(n, "a map of places", "a place", nil, func(e entry) {
			all = append(all, r.place(e))
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

func (r *reader) place(e entry) sim.Place {
	p := place{Place: sim.Place{Name: e.key, From: math.Inf(-1), Until: math.Inf(1)}}
	if !r.isMap(e.value, "a place", []string{"contract", "beds", "per_night"}) {
		return p.Place
	}
	c := e.value.get("contract")
	if c == nil {
		r.faults.add(e.at, "place `"+e.key+"` has no `contract`", "add `contract:`, "+quoted(contractWords(), "or"))
		return p.Place
	}
	i := slices.Index(contractWords(), c.text)
	switch {
	case contains(laterContracts, c.text):
		r.faults.add(c.at, "the contract `"+c.text+"` is not supported yet", "use "+quoted(contractWords(), "or")+" for now")
		return p.Place
	case i < 0 || c.sort != scalar:
		r.faults.add(c.at, c.named()+" is not a contract", meant(c.text, contractWords())+"write "+quoted(contractWords(), "or"))
		return p.Place
	}
	p.Contract = contracts[i].contract
	ok := r.readTable(e.value, contracts[i].what, placeTable(&p, i), func(key string) (string, string) {
		other := contracts[1-i]
		if contains(placeTable(new(place), 1-i).keys(), key) {
			return "`" + key + "` is a key of " + other.what + ", and this is " + contracts[i].what, "leave it out, or change the contract"
		}
		return "", ""
	})
	if ok {
		r.finishPlace(e, &p)
	}
	return p.Place
}

// finishPlace settles what several keys of a place say together.
func (r *reader) finishPlace(e entry, p *place) {
	nights, weeks := e.value.get("per_night"), e.value.get("per_week")
	switch {
	case nights != nil && weeks != nil:
		r.faults.add(weeks.at, "place `"+e.key+"` gives `per_night` and `per_week`", "keep one of them")
	case weeks != nil && p.perWeek%7 != 0:
		r.faults.add(weeks.at, weeks.named()+" is not a whole number of pence a night",
			"nights are counted, so write `per_night: "+pounds((p.perWeek+3)/7)+"`, or "+pounds((p.perWeek+3)/7*7)+" a week")
	case weeks != nil:
		p.PerNight = p.perWeek / 7
	}
	if p.Until <= p.From {
		r.faults.add(e.value.get("until").at, "place `"+e.key+"` closes before it opens", "make `until` later than `from`")
	}
}

// placeTable has the keys of a place: those of every contract, then its own.
func placeTable(p *place, contract int) table {
	t := table{
		need(keyTo("contract", "`block`: beds held, paid used or not; `spot`: found case by case, paid by the night slept",
			word("a contract", contractWords(), contractWords()), func(string) {})),
		key("per_night", "the price of a night", price, &p.PerNight),
		key("per_week", "the price of a week, if it is a whole number of pence a night", price, &p.perWeek),
		key("from", "open for admission, and paid, from this date", sinceStart, &p.From),
		key("until", "closed again from this date; those inside stay on", sinceStart, &p.Until),
		key("admits", "the weekdays of admission: `[Mon, Tue]`; every day unless given", admissionDays, &p.Admits),
		key("turnover", "a bed rests so long after each person", duration, &p.Turnover),
		key("local", "`true` for a place in the area", yesNo, &p.Local),
		key("effects", "what a stay here does to itself and to later hazards: `{relapse: 15% lower}`", effectsKind(), &p.Effects),
	}
	return append(t, contracts[contract].keys(p)...)
}

func blockTable(p *place) table {
	return table{need(key("beds", "how many beds are held, or `unlimited`", unlimited(1, sim.NoLimit), &p.Beds))}
}

func spotTable(p *place) table {
	p.Beds = sim.NoLimit
	return table{
		key("beds", "the most at once; `unlimited` unless given", unlimited(1, sim.NoLimit), &p.Beds),
		key("look_after", "the search starts so long after joining the list; 0 unless given", duration, &p.LookAfter),
		key("found_in", "how long the search takes: a length of time or a law; at once unless given", perLaw(law()), &p.FoundIn),
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
