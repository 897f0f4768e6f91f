package scenarios

import "tier4/sim"

// sleptTable has the keys of contracts that are paid for nights slept.
func sleptTable(p *place) table {
	return table{
		keyTo("above", "another price for nights beyond so many in a financial year: `{nights: 300, per_night: £150}`", volumeKind(), func(v volume) {
			p.Terms.AboveNights, p.Terms.AbovePerNight = v.nights, v.perNight
		}),
		key("minimum_nights", "so many nights at least are paid for in a financial year", count, &p.Terms.MinimumNights),
		keyTo("notice_nights", "nights paid after someone leaves unplanned; as the stage says unless given", count, func(v int) {
			p.Terms.NoticeNights, p.noticed = v, true
		}),
	}
}

// volume is a price for the nights beyond so many.
type volume struct {
	nights   int
	perNight sim.Pence
}

func volumeKind() kind[volume] {
	return object("above", "a price by volume", func(_ *reader, v *volume) table {
		return table{
			need(key("nights", "nights slept in a financial year at the first price", most(sim.MostBeds, whole(1)), &v.nights)),
			need(key("per_night", "the price of each night beyond", price, &v.perNight)),
		}
	})
}

// assesses is a provider's visit: some time, some refusals, or both.
var assesses = func() kind[sim.Assessing] {
	written := object("assesses", "an assessment by the provider", func(_ *reader, a *sim.Assessing) table {
		return table{
			key("takes", "from joining the list to the provider's yes or no: a length of time or a law; no time unless given", perLaw(law()), &a.Takes),
			key("refuses", "the share refused, for as long as they wait; none unless given", per(share, nil), &a.Refuses),
		}
	})
	return kind[sim.Assessing]{
		schema: func(s *sketch) any { return doc{"minProperties": 1, "allOf": []any{written.schema(s)}} },
		read: func(r *reader, n *node) (sim.Assessing, bool) {
			v, ok := written.read(r, n)
			if ok && len(n.entries) == 0 {
				r.faults.add(n.at, n.named()+" is empty", "say `{takes: 7 days, refuses: 10%}`, or one of them")
			}
			return v, ok && len(n.entries) > 0
		},
	}
}()

// otherDemand is the people of others at a shared unit.
var otherDemand = func() kind[sim.OtherDemand] {
	type others struct {
		sim.OtherDemand
		rates []string
	}
	written := object("other_demand", "the demand of others", func(_ *reader, o *others) table {
		rate := func(name, about, span string) field {
			return keyTo(name, about, rateOver(span), func(v float64) { o.PerYear, o.rates = v, append(o.rates, name) })
		}
		return table{
			rate("per_year", "people in 365.25 days", "year"),
			rate("per_month", "people in a twelfth of a year", "month"),
			rate("per_week", "people a week", "week"),
			rate("per_day", "people a day", "day"),
			need(key("stay", "how long they stay: a length of time or a law", law(), &o.Stay)),
		}
	})
	return kind[sim.OtherDemand]{
		schema: written.schema,
		read: func(r *reader, n *node) (sim.OtherDemand, bool) {
			v, ok := written.read(r, n)
			if ok && len(v.rates) != 1 {
				what := "`" + n.key + "` does not say how many others come"
				if len(v.rates) > 1 {
					what = "`" + n.key + "` gives both " + quoted(v.rates, "and")
				}
				r.faults.add(n.at, what, "give one of `per_year`, `per_month`, `per_week` or `per_day`")
				ok = false
			}
			return v.OtherDemand, ok
		},
	}
}()

// closures are times when a place is closed, in order.
var closures = func() kind[[]sim.Span] {
	written := listOf("a list of closures", object("closure", "a closure", func(_ *reader, s *sim.Span) table {
		return table{
			need(key("from", "closed from this date", sinceStart, &s.From)),
			need(key("until", "open again from this date", sinceStart, &s.Until)),
		}
	}))
	return kind[[]sim.Span]{
		schema: written.schema,
		read: func(r *reader, n *node) ([]sim.Span, bool) {
			all, ok := written.read(r, n)
			if !ok {
				if n.sort != list || len(n.items) == 0 {
					(*r.faults)[len(*r.faults)-1].Instead = "write `[{from: 2026-06-01, until: 2026-08-01}]`"
				}
				return nil, false
			}
			for i, s := range all {
				switch {
				case s.Until <= s.From:
					r.faults.add(n.items[i].get("until").at, "this closure ends before it begins", "make `until` later than `from`")
				case i > 0 && s.From < all[i-1].Until:
					r.faults.add(n.items[i].get("from").at, "this closure begins before the one before it ends", "give closures in order of time, each after the one before")
				default:
					continue
				}
				ok = false
			}
			return all, ok
		},
	}
}()
