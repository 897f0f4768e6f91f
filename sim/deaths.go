package sim

import (
	"math"

	"tier4/sim/dist"
)

// Deaths: a hazard while waiting, and one after leaving a bed early that ends with the next bed.

// mayDieWaiting draws when someone who joins a list dies if they still wait.
func (w *world) mayDieWaiting(p *person, s *stage) {
	d := w.m.deaths
	if d == nil || d.Waiting <= 0 {
		return
	}
	x, u := w.extraOf(p), w.draw(p, s.addr.death)
	// Most would die after the end only, which needs no logarithm, for -ln u is 1-u at least.
	if (1-u)*daysPerYear > d.Waiting*(w.m.end-w.now+oneDay).days() {
		x.dieWaiting = forever
		return
	}
	x.dieWaiting = w.now + toTicks(dist.NegLog(u)/d.Waiting*daysPerYear)
}

// mayDieAfter draws when someone who has left a bed of the stage early dies if they get no other.
func (w *world) mayDieAfter(p *person, s *stage, pass uint32) {
	x := w.extraOf(p)
	x.leftEarly = w.now
	d := w.m.deaths
	if d == nil || len(d.AfterUnplanned) == 0 {
		return
	}
	x.dieAfter = forever
	left, from := dist.NegLog(p.key.Draw(s.addr.deathAfter, pass, 0)), 0.0
	for _, h := range d.AfterUnplanned {
		if h.PerYear > 0 {
			if at := from + left/h.PerYear*daysPerYear; at <= h.Until {
				x.dieAfter = w.now + toTicks(at)
				return
			}
			left -= (h.Until - from) * h.PerYear / daysPerYear
		}
		if from = h.Until; math.IsInf(from, 1) {
			return
		}
	}
}

// die ends everything for a person, wherever they are but in a bed.
func (w *world) die(p *person, r *room) {
	s := r.stage
	switch p.state {
	case waiting, hearing:
		w.unlist(p, r)
		w.endWait(p, r, diedWaiting)
		w.ledger.dies(w, p, true)
		w.leavesFor(p)
	case serving:
		w.cutShort(p, r)
		w.ledger.dies(w, p, false)
		w.leavesFor(p)
		w.matchSoon(r)
	default:
		w.ledger.dies(w, p, false)
		w.stopClock(p)
		w.release(p)
	}
	w.tell(p, Dies, s, none, "")
}

// leavesFor ends the visit of someone who dies, for good.
func (w *world) leavesFor(p *person) {
	w.leaves(p, toCommunity, died)
	w.stopClock(p)
	w.release(p)
}
