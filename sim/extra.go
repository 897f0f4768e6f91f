package sim

// extra is what few models need of a person, kept apart so that the others' people stay small. It is
// there only if the model says so.
type extra struct {
	ready                         ticks  // not admitted to a bed before
	dieWaiting, dieAfter, expires ticks  // when they die on a list, or after leaving a bed early, and when an approval ends
	leftEarly                     ticks  // when they last left a bed unplanned, forever if they never have
	answered                      ticks  // when the panel of the list they are on answered without a meeting, forever if it has not
	admitted, planned             ticks  // to the bed they are in, and the planned end of their stay
	passedOver                    uint64 // places that passed them over for want of nights or money
	passedAt                      uint64 // passedOver holds while so many returns of nights and money have been
	kept                          kept
	reserved                      int32 // the place held for them where their stage holds places, none without
	panel                         int32 // that approved them
	cases                         uint16
	pool                          int8 // of staff, for a case in which they wait; -1 without
	charged                       bool // their planned nights have been taken from a contract's
	fast                          bool // the panel decides without a meeting
	leaving                       bool // stays on in a bed before an exit
}

// kept is a bed kept while waiting for the next stage.
type kept struct {
	stage, place int32 // stage none: no bed is kept
	pass         uint32
	until        ticks
	commitment   commitment // for its nights; they may have others for another stay in that stage
}

// nothingExtra is what a person begins a visit with.
func nothingExtra() extra {
	return extra{
		dieWaiting: forever, dieAfter: forever, expires: forever, leftEarly: forever, answered: forever,
		kept: kept{stage: none, until: forever}, reserved: none, panel: none, pool: -1,
	}
}

// extraOf is a person's extra; only where the model needs it.
func (w *world) extraOf(p *person) *extra { return &w.extras[p.slot] }

// extraNext is the least of what can happen to a person next and of what their extra adds to it.
func (w *world) extraNext(p *person, at ticks, what next, order int) (ticks, next, int) {
	x := w.extraOf(p)
	if x.fast && what == ends {
		what, order = answersFast, orderFastAnswers
	}
	if p.state == waiting || p.state == hearing {
		if x.kept.until < at || x.kept.until == at && order > orderEnds {
			at, what, order = x.kept.until, quits, orderEnds
		}
		if expiresAt := max(x.expires, w.now); expiresAt < at {
			at, what, order = expiresAt, expires, orderExpiring
		}
		if x.dieWaiting < at {
			at, what, order = x.dieWaiting, dies, orderDying
		}
	}
	if x.dieAfter < at {
		at, what, order = x.dieAfter, dies, orderDying
	}
	return at, what, order
}
