package sim

import (
	"math"

	"tier4/sim/dist"
)

// state is where a person is.
type state uint8

const (
	gone      state = iota // the slot is free
	waiting                // on the list of a stage
	hearing                // heard by a panel, waiting for the answer; the wait goes on
	serving                // in a bed, a group, aftercare, or a delay
	away                   // out of the pathway with a relapse to come
	returning              // relapsed, to be referred again
)

// what the one live timer of a person stands for: the least of what can happen next.
type next uint8

const (
	nothing next = iota
	ends         // service, delay or answer
	finds        // a spot search ends
	givesUp
	relapses
	comesBack
	answersFast // a panel, without a meeting
	quits       // a bed kept while waiting
	expires
	dies
)

// person is one slot of the pool: a person during one visit, and afterwards while they may return.
type person struct {
	root dist.Key // the person's address
	key  dist.Key // the visit's: root and visit
	who  uint64

	referred ticks
	joined   ticks // the list
	stamp    ticks // in the queue: joined, or deferred at

	// What can happen next; forever when it cannot.
	endAt, findAt, giveUpAt, relapseAt ticks
	waitsFor                           ticks // a meeting before which they do not give up, if that is all that is known
	timer                              next

	slot      int32 // of the person, for good
	stage     int32
	pass      uint32 // through this stage in this visit
	visit     uint32
	hearings  uint32
	next      int32 // on the list
	prev      int32
	queued    int32 // its queue: the rank of the person's priority there, and the set of places they accept
	place     int32
	kind      uint16
	stream    uint16
	lenses    uint16
	state     state
	outcome   Outcome
	decision  Outcome
	since     ticks // start of service
	attended  int32 // group sessions
	completed bool  // has completed the last bed of the visit
	between   bool  // has completed a bed, and another may follow

	mult [targets]float64 // hazard ratios: traits and what earlier stages gave
}

// aftermath is what a person carries from the last bed they left.
type aftermath struct {
	clock     clock
	completed ticks // when they completed their last bed
	pending   bool  // completed, no relapse since
	relapsed  bool  // completed, relapsed since
}

// clock is a relapse on its way: one exponential draw that the cumulative hazard, scaled by the
// ratio and, while aftercare lasts, by its factor, has yet to reach.
type clock struct {
	law    law
	from   ticks   // leaving the bed
	left   float64 // of the exponential draw
	mark   Days    // since from, up to which left is spent
	factor float64 // aftercare's
	ratio  float64 // traits' and earlier stages'
}

// startClock draws a relapse clock for someone who leaves the stage's bed now, in a model of relapse.
// None runs for those who never relapse.
func (w *world) startClock(p *person, s *stage, how Outcome, pass uint32) {
	r := w.m.relapse
	w.stopClock(p)
	l := r.after[how][s.index][p.kind]
	if l == nil || p.key.Draw(s.addr.never, pass, 0) < r.never[how][s.index][p.kind] {
		return
	}
	w.after[p.slot].clock = clock{
		law: l, from: w.now, left: dist.NegLog(p.key.Draw(s.addr.relapse, pass, 0)), factor: 1, ratio: p.mult[RelapseAfter],
	}
	w.aimClock(p)
}

// aimClock sets when the clock will strike at its present factor.
func (w *world) aimClock(p *person) {
	c := &w.after[p.slot].clock
	p.relapseAt = forever
	if rate := c.ratio * c.factor; c.law != nil && rate > 0 {
		spent := 0.0
		if c.mark > 0 {
			spent = dist.CumulativeHazard(c.law, c.mark)
		}
		p.relapseAt = max(w.now, c.from+toTicks(dist.AtCumulativeHazard(c.law, spent+c.left/rate)))
	}
}

// scaleClock changes the factor from now on: the hazard is piecewise.
func (w *world) scaleClock(p *person, factor float64) {
	c := &w.after[p.slot].clock
	if c.law == nil || factor == c.factor {
		return
	}
	now := (w.now - c.from).days()
	if now > c.mark {
		spent := dist.CumulativeHazard(c.law, now)
		if c.mark > 0 {
			spent -= dist.CumulativeHazard(c.law, c.mark)
		}
		c.left = max(0, c.left-c.ratio*c.factor*spent)
	}
	c.mark, c.factor = now, factor
	w.aimClock(p)
}

// stopClock forgets a relapse that can no longer happen.
func (w *world) stopClock(p *person) {
	p.relapseAt = forever
	if w.m.relapse != nil {
		if c := &w.after[p.slot].clock; c.law != nil {
			*c = clock{}
		}
	}
}

// draw is the uniform of a purpose at the person's present pass.
func (w *world) draw(p *person, what dist.Name) float64 { return p.key.Draw(what, p.pass, 0) }

// gain gives a person the effects of a stage or place, part of them for part of the attendance.
// Effects gained again replace themselves.
func (w *world) gain(p *person, effect int, part float64) {
	if effect < 0 {
		return
	}
	w.gained[int(p.slot)*len(w.m.effects)+effect] = part
	w.weigh(p)
}

// weigh multiplies a person's hazard ratios: traits, then every effect gained.
func (w *world) weigh(p *person) {
	p.mult = w.m.people.ratios(p.kind)
	for e, part := range w.gained[int(p.slot)*len(w.m.effects):][:len(w.m.effects)] {
		if part == 0 {
			continue
		}
		for t, r := range w.m.effects[e] {
			if r != 1 {
				p.mult[t] *= math.Pow(r, part)
			}
		}
	}
}
