package sim

import "tier4/sim/dist"

// Programs written by hand for one model each: the practical limit that the general simulator is
// measured against in the benchmarks. They draw the same people by the same addresses and keep the
// same few figures, and a test holds their results equal; but their state is flat, their stages,
// laws and lists are wired in, and who gives up is only looked at where it matters.

// exact leaves a law as it is, for programs that draw each duration by its exact inverse; with
// [dist.Tabulate] instead they draw it from the same tables as the general simulator.
func exact(l law) law { return l }

// handFigures are what a program written by hand keeps of one stage over the measured period.
type handFigures struct {
	ended, droppedOut int64
	waited            ticks // of waits that ended
	area              ticks // person-time waiting
}

// handReferral is someone who comes: when, and the key of the visit.
type handReferral struct {
	at  ticks
	key dist.Key
}

// handLane is one slab of a Poisson stream.
type handLane struct {
	key, person dist.Key // of the slab, of the next candidate
	candidate   uint64
	next        ticks
	meanGap     float64
	low, width  float64 // people a year
}

// handReferrals makes the people of one stream and cohort, a window at a time. Slabs are twice as
// wide each, so merging them one after another from the narrowest costs two steps a person.
type handReferrals struct {
	perYear       float64
	lanes         []handLane
	upTo, width   ticks
	merged, spare []handReferral
}

func (a *handReferrals) reset(root dist.Key, perYear float64) {
	key := root.Name(dist.NameOf("all")).Name(dist.NameOf("everyone"))
	a.perYear, a.lanes, a.upTo = perYear, a.lanes[:0], 0
	a.width = toTicks(400 * daysPerYear / perYear)
	low, width := 0.0, 1.0
	for slab := uint64(0); low < perYear; slab++ {
		l := handLane{key: key.Int(slab), candidate: 1, low: low, width: width, meanGap: daysPerYear / width * float64(oneDay)}
		l.person = l.key.Int(1)
		l.next = l.gap(l.person)
		a.lanes = append(a.lanes, l)
		low += width
		if slab > 0 {
			width *= 2
		}
	}
}

func (l *handLane) gap(person dist.Key) ticks {
	return ticks(dist.NegLog(person.Draw(gapName, 0, 0))*l.meanGap + 0.5)
}

// fill is the next window of people in order of time.
func (a *handReferrals) fill() []handReferral {
	a.upTo += a.width
	for i := range a.lanes {
		l := &a.lanes[i]
		in, out := a.merged, a.spare[:0]
		candidate, person, next := l.candidate, l.person, l.next
		all := l.low+l.width <= a.perYear
		for next < a.upTo {
			if all || l.low+l.width*person.Draw(heightName, 0, 0) < a.perYear {
				for len(in) > 0 && in[0].at <= next {
					out, in = append(out, in[0]), in[1:]
				}
				out = append(out, handReferral{next, person.Int(0)})
			}
			candidate++
			person = l.key.Int(candidate)
			next += l.gap(person)
		}
		l.candidate, l.person, l.next = candidate, person, next
		out = append(out, in...)
		a.merged, a.spare = out, a.merged
	}
	full := a.merged
	a.merged = a.merged[:0]
	return full
}

// The names of the draws of a stage.
func handName(stage, purpose string) dist.Name { return dist.NameOf(stage).And(dist.NameOf(purpose)) }

// handMM1 is one bed, exponential gaps and stays. Referrals themselves are the waiting list.
type handMM1 struct {
	perDay, stay  float64
	measured, end ticks
	referrals     handReferrals
	line          []handReferral
}

func newHandMM1(perDay, stay, warmUp, measure Days) *handMM1 {
	return &handMM1{perDay: perDay, stay: stay, measured: toTicks(warmUp), end: toTicks(warmUp + measure)}
}

func (h *handMM1) play(seed uint64, replication int) (r handFigures) {
	h.referrals.reset(dist.Root(seed, replication), h.perDay*daysPerYear)
	stayName := handName("ward", "stay")
	stay := func(key dist.Key) ticks { return toTicks(h.stay * dist.NegLog(key.Draw(stayName, 0, 0))) }
	line := append(h.line[:0], h.referrals.fill()...)
	first, next := 0, 0 // who waits is line[first:next]
	comes, leaves := line[0].at, forever
	for _, until := range [2]ticks{h.measured, h.end} {
		for {
			if leaves <= comes {
				now := leaves
				if now >= until {
					break
				}
				if first == next {
					leaves = forever
					continue
				}
				r.ended++
				r.waited += now - line[first].at
				leaves = now + stay(line[first].key)
				first++
				continue
			}
			if comes >= until {
				break
			}
			if leaves == forever {
				r.ended++
				leaves = comes + stay(line[next].key)
				first++
			}
			if next++; next == len(line) {
				line = append(line[:copy(line, line[first:])], h.referrals.fill()...)
				first, next = 0, next-first
			}
			comes = line[next].at
		}
		carried := ticks(0)
		for _, p := range line[first:next] {
			carried += until - p.at
		}
		if until == h.measured {
			r = handFigures{area: -carried}
		} else {
			r.area += r.waited + carried
		}
	}
	h.line = line
	return r
}

// handBeds is up to 32 beds, stays by a tabulated law and exponential patience. Beds are sorted by
// when they will be free; who gives up is noticed when a bed is offered.
type handBeds struct {
	perDay, patience float64
	beds             int
	stay             law
	measured, end    ticks
	referrals        handReferrals
	waiting          []handWaiter
}

type handWaiter struct {
	came, gives ticks
	key         dist.Key
}

func newHandBeds(tabulate func(law) law, perDay float64, beds int, stay law, patience float64, warmUp, measure Days) *handBeds {
	return &handBeds{
		perDay: perDay, beds: beds, stay: tabulate(stay), patience: patience,
		measured: toTicks(warmUp), end: toTicks(warmUp + measure),
	}
}

func (h *handBeds) play(seed uint64, replication int) (r handFigures) {
	h.referrals.reset(dist.Root(seed, replication), h.perDay*daysPerYear)
	stayName, patienceName := handName("ward", "stay"), handName("ward", "drops_out_after")
	var free [32]ticks // a ring: when the beds in use, from front on, will be free, in order
	front, used := 0, 0
	admit := func(now ticks, key dist.Key) {
		at := now + toTicks(h.stay.AtSurvival(key.Draw(stayName, 0, 0)))
		i := front + used
		for ; i > front && free[(i-1)&31] > at; i-- {
			free[i&31] = free[(i-1)&31]
		}
		free[i&31] = at
		used++
	}
	waiting, first := h.waiting[:0], 0
	line, next := h.referrals.fill(), 0
	for _, until := range [2]ticks{h.measured, h.end} {
		for {
			if p := line[next]; used == 0 || p.at < free[front&31] {
				if p.at >= until {
					break
				}
				if used < h.beds {
					r.ended++
					admit(p.at, p.key)
				} else {
					patience := h.patience * dist.NegLog(p.key.Draw(patienceName, 0, 0))
					waiting = append(waiting, handWaiter{p.at, p.at + toTicks(patience), p.key})
				}
				if next++; next == len(line) {
					line, next = h.referrals.fill(), 0
				}
				continue
			}
			now := free[front&31]
			if now >= until {
				break
			}
			front, used = front+1, used-1
			for first < len(waiting) {
				w := &waiting[first]
				first++
				r.ended++
				if w.gives >= now {
					r.waited += now - w.came
					admit(now, w.key)
					break
				}
				r.droppedOut++
				r.waited += w.gives - w.came
			}
			if first == len(waiting) || first == 256 {
				waiting, first = waiting[:copy(waiting, waiting[first:])], 0
			}
		}
		carried, still := ticks(0), waiting[:0]
		for _, w := range waiting[first:] {
			if w.gives < until {
				r.ended++
				r.droppedOut++
				r.waited += w.gives - w.came
				continue
			}
			carried += until - w.came
			still = append(still, w)
		}
		waiting, first = still, 0
		if until == h.measured {
			r = handFigures{area: -carried}
		} else {
			r.area += r.waited + carried
		}
	}
	h.waiting = waiting
	return r
}
