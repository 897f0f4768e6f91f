package sim

import (
	"errors"

	"tier4/sim/dist"
	"tier4/sim/internal/event"
)

// Order of what falls on one instant. Between panels and giving up, people are matched to beds:
// so an admission at the very moment of giving up happens.
const (
	orderCalendar = iota
	orderEnds
	orderFastAnswers
	orderJoins
	orderGroups
	orderPanels
	orderMatching
	orderGivingUp
	orderRelapsing
	orderExpiring
	orderDying
)

// world is the whole state of one replication, reused for the next: nothing is allocated once it
// has grown to the size of its model.
type world struct {
	m   *Model
	q   event.Queue
	now ticks

	known    known
	arrivals coming
	coming   ticks    // the next referral, forever when there is none
	people   []person // Invariant: slots in state gone are on the free list, once.
	free     []int32
	after    []aftermath // by slot; touched only where people may relapse
	visits   []visits    // [slot][stage]
	gained   []float64   // [slot][effect] part of it gained this visit
	extras   []extra     // by slot; only if the model needs them

	commitments []commitment // [slot][beds stage]; only if there are budgets
	purses      []purse      // by budget
	promised    []int        // by stage: people approved who are promised a bed that is paid for
	sold        []sold       // by place and financial year: what budgets pay by the night
	returns     uint64       // how often nights or money have come back for those passed over
	passedOver  bool         // somebody has been, for want of nights or money, since then
	staff       []staff      // by pool
	casesFree   bool         // a case may be free for someone
	starting    bool         // the people of the start are put where they are
	foreseen    []stayAhead  // scratch
	late        []int        // of a person's commitments
	met         []bool       // scratch, by stage
	cursors     []int32      // scratch
	ties        ties

	rooms     []room // by stage
	rounds    rounds
	busy      bool    // more is to be done before anyone is matched
	unsettled []int32 // stages where someone may be matched or must be turned away
	fresh     []int32 // people who joined a list at this instant
	holders   []int32 // people who came at this instant to a place held for them
	panels    []int32 // timers of the panels that meet now
	heard     []int32 // cases of one of them

	ledger ledger
	stop   func() bool  // whether to end early; asked now and then
	watch  func(*world) // after every event, in tests
	told   func(Told)   // of whatever happens, if set
}

// room is the state of a stage.
type room struct {
	stage  *stage
	book   *stageBook // the ledger's
	list   list
	inside int // served now: in beds, group, aftercare, delay
	dirty  bool

	meets       ticks   // next, forever where nobody waits for a meeting
	patient     []int32 // who was found to wait for the next meeting
	newly       []int32 // who came to accept places since they were last matched, where people may be passed over
	freed       uint64  // how often a place here may have come free to be held for someone of another stage
	withoutCase int     // on a staff pool's list for a case here, not on the stage's
	places      []unit
}

// unit is the state of a place.
type unit struct {
	inside  int     // of ours, and beds held for one of them
	beds    int     // for us now, NoLimit for any number
	open    bool    // to us, the weekday aside
	closed  bool    // to everyone
	nobody  uint64  // of those who waited when so many returns had been, nobody fits,
	held    uint64  // and so often a place to be held had come free
	refused bool    // it has found nobody whom it can take, in the turn of its stage
	rests   []ticks // beds resting after a person: when each is ready, in order
	others  others
}

// visits is what a visit remembers of a stage.
type visits struct {
	first   ticks  // first admitted, if reached
	passes  uint32 // entries so far
	reached bool
}

func (w *world) visitsOf(p *person) []visits {
	n := len(w.m.stages)
	return w.visits[int(p.slot)*n:][:n]
}

// visitsTo is what a person's visit remembers of one stage.
func (w *world) visitsTo(p *person, stage int) *visits {
	return &w.visits[int(p.slot)*len(w.m.stages)+stage]
}

func (w *world) reset(m *Model, root dist.Key) {
	w.m, w.now, w.coming, w.ties.at = m, 0, 0, -1
	w.rounds = rounds{now: -1}
	w.q.Reset()
	w.people, w.free = w.people[:0], w.free[:0]
	w.after, w.visits, w.gained = w.after[:0], w.visits[:0], w.gained[:0]
	w.unsettled, w.fresh, w.holders = w.unsettled[:0], w.fresh[:0], w.holders[:0]
	w.ledger.reset(m)
	w.rooms = sized(w.rooms, len(m.stages))
	for i := range w.rooms {
		r := &w.rooms[i]
		r.stage, r.book = &m.stages[i], &w.ledger.stages[i]
		r.inside, r.dirty, r.freed, r.withoutCase, r.newly = 0, false, 0, 0, r.newly[:0]
		r.meets, r.patient = forever, r.patient[:0]
		accepted := everywhere
		if r.stage.Kind == BedsKind {
			accepted = r.stage.atOnce
		}
		r.list.reset(m.priorities, accepted)
		r.places = sized(r.places, len(m.stages[i].beds))
		for j := range r.places {
			u := &r.places[j]
			*u = unit{rests: u.rests[:0], others: u.others}
			u.others.reset()
		}
	}
	w.arrivals = w.known.arrivals(m, root)
	w.extras, w.commitments = w.extras[:0], w.commitments[:0]
	w.returns, w.passedOver = 1, false
	w.met = sized(w.met, len(m.stages))
	w.staff, w.casesFree = sized(w.staff, len(m.pools)), false
	for i := range w.staff {
		w.staff[i].list.reset(m.priorities, everywhere)
		w.staff[i].open = 0
	}
	for i := range m.stages {
		for j := range m.stages[i].beds {
			w.step(i, j)
			w.ledger.places[m.stages[i].firstPlace+j].account.left = m.stages[i].beds[j].nightsBought(&m.financial[0])
		}
	}
	w.openPurses()
	w.startTimers()
	w.openUnits(root)
	w.populate(root)
}

// startTimers sets the first firing of each system timer.
func (w *world) startTimers() {
	for id, o := range w.m.system {
		at, order := forever, orderCalendar
		switch o.what {
		case opensPeriod:
			if at = w.m.measured; at == 0 {
				at = forever // it is open from the start
			}
		case closesPeriod:
			at = w.m.periods[0]
		case halves:
			at = w.m.measured + (w.m.end-w.m.measured)/2
		case samples:
			if w.ledger.pilot {
				at = 7 * oneDay
			}
		case months:
			at = w.nextMonth()
		case meets:
			at = w.m.stages[o.stage].meetsFirst
			w.rooms[o.stage].meets = at
			order = orderGroups
			if w.m.stages[o.stage].Kind == PanelKind {
				order = orderPanels
			}
		case reopens:
			at = w.m.stages[o.stage].beds[o.place].nextOpening(w.m.cal, 0)
		case turns:
			at = w.m.financial[0].until
		case monthEnds:
			at = w.m.cal.nextMonth(0)
		}
		w.setSystem(int32(id), at, order)
	}
}

// nextMonth is the end of the month that the series are in.
func (w *world) nextMonth() ticks {
	if n := w.ledger.months; n < len(w.m.plan.monthEnds) {
		return w.m.plan.monthEnds[n]
	}
	return forever
}

// setSystem sets a system timer; what lies beyond the end never happens.
func (w *world) setSystem(id int32, at ticks, order int) {
	if at <= w.m.end {
		w.q.Set(id, int64(at), order)
	}
}

// mostAtOnce bounds what may happen at one instant: beyond it people go round without time passing.
const mostAtOnce = 10_000_000

// mostPeople bounds how many may be inside, or away to return, at once: memory is for them.
const mostPeople = 2_000_000

var errCrowd = errors.New("more than 2 million people are in the pathway at once: there are far more referrals than the pathway can be meant for, or they never leave")

// stopEvery is after how many events a run asks whether it is to stop.
const stopEvery uint = 1 << 16

// errStopped says that a run was stopped before its end.
var errStopped = errors.New("stopped")

var errRound = errors.New("people go round a loop of stages that takes no time: give one of them a duration")

// run plays the replication to its end.
func (w *world) run() error {
	w.coming = w.arrivals.next()
	for events, moved, last := uint(0), uint(0), 0; ; { // moved: how many events it was when time last did
		next, order := w.q.Head()
		at := ticks(next)
		comes := w.coming < at || w.coming == at && orderJoins <= order
		if comes {
			at, order = w.coming, orderJoins
		}
		// Whoever gives up at this instant does so before anyone is matched to what that frees.
		if (at > w.now || order > orderMatching && last <= orderMatching) && w.unsettledNow() {
			w.settle()
			last = orderMatching
			continue
		}
		events, last = events+1, order
		if at > w.now {
			w.now, moved = at, events
		} else if events-moved > mostAtOnce {
			return errRound
		}
		if events%stopEvery == 0 && w.stop != nil && w.stop() {
			return errStopped
		}
		if comes {
			if len(w.people)-len(w.free) >= mostPeople {
				return errCrowd
			}
			w.refer()
		} else {
			if id := int(w.q.Fire()); id >= len(w.m.system) {
				slot := int32(id - len(w.m.system))
				if order > orderMatching {
					w.rounds.late(w.now)
					slot = w.firstOf(slot, order)
				}
				w.happens(&w.people[slot])
			} else if over := w.system(int32(id), w.m.system[id]); over {
				return nil
			}
		}
		if w.watch != nil {
			w.watch(w)
		}
	}
}

// system handles a timer of the system; true ends the run.
func (w *world) system(id int32, o owner) (over bool) {
	switch o.what {
	case opensPeriod:
		w.turnYears()
		w.ledger.open(w)
	case closesPeriod:
		w.turnYears()
		n := w.ledger.close(w)
		if n == len(w.m.periods) {
			return true
		}
		w.setSystem(id, w.m.periods[n], orderCalendar)
	case halves:
		w.ledger.halve(w)
	case samples:
		w.ledger.week(w)
		w.setSystem(id, w.now+7*oneDay, orderCalendar)
	case months:
		w.ledger.month(w)
		w.setSystem(id, w.nextMonth(), orderCalendar)
	case meets:
		if r := &w.rooms[o.stage]; r.stage.Kind == PanelKind {
			w.panelsMeet(id)
		} else {
			w.groupMeets(r)
			w.setSystem(id, r.meets, orderGroups)
		}
	case gathers:
		w.gather(&w.rooms[o.stage])
	case reopens:
		w.reopen(id, o)
	case turns:
		w.turnYears()
	case monthEnds:
		w.monthEnds(id)
	case nightLess:
		w.returned()
	case othersTurn:
		w.othersHappen(o.stage, o.place)
	case rested:
		w.bedsRested(o.stage, o.place)
	}
	return false
}

// happens handles the live timer of a person.
func (w *world) happens(p *person) {
	what, r := p.timer, &w.rooms[p.stage]
	p.timer = nothing
	switch what {
	case answersFast:
		w.fastAnswers(p)
	case ends: // a service, a delay or waiting for a panel's answer
		p.endAt = forever
		switch r.stage.Kind {
		case DelayKind:
			w.delayEnds(p, r)
		case GroupKind:
			w.groupEnds(p, r)
		case PanelKind:
			w.answer(p, r)
		case BedsKind:
			w.leaveBed(p, r)
		case AftercareKind:
			w.aftercareEnds(p, r)
		}
	case finds:
		w.find(p, r)
	case givesUp:
		w.giveUp(p, r)
	case quits:
		w.quitBed(p)
	case expires:
		w.expire(p, r)
	case dies:
		w.die(p, r)
	case relapses:
		w.relapse(p, r)
	case comesBack:
		w.comeBack(p)
	}
}

// setTimer aims a person's one timer at the least of what can happen next.
func (w *world) setTimer(p *person) {
	at, what, order := p.endAt, ends, orderEnds
	if p.findAt < at {
		at, what = p.findAt, finds
	}
	if p.giveUpAt < at {
		at, what, order = p.giveUpAt, givesUp, orderGivingUp
	}
	if p.relapseAt < at {
		at, what, order = p.relapseAt, relapses, orderRelapsing
	}
	if w.m.extra {
		at, what, order = w.extraNext(p, at, what, order)
	}
	w.aim(p, at, what, order)
}

// aim sets a person's timer; what lies beyond the end never happens.
func (w *world) aim(p *person, at ticks, what next, order int) {
	if at > w.m.end {
		w.stopTimer(p)
		return
	}
	if at == w.now {
		w.ties.at = -1 // whoever else is due at this instant may go first
	}
	p.timer = what
	w.q.Set(p.slot+int32(len(w.m.system)), int64(at), order)
}

// stopTimer takes back whatever was to happen next to a person.
func (w *world) stopTimer(p *person) {
	if p.timer != nothing {
		p.timer = nothing
		w.q.Cancel(p.slot + int32(len(w.m.system)))
	}
}

// setEnd aims the timer of someone to whom nothing but the end of their service can happen.
func (w *world) setEnd(p *person) { w.aim(p, p.endAt, ends, orderEnds) }
