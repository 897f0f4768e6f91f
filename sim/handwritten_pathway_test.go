package sim

import (
	"math"
	"slices"

	"tier4/sim/dist"
)

// handStages is the number of stages of the pathway written by hand.
const handStages = 5

// The stages, and what the next event of someone in beds is.
const (
	handAssessment = iota
	handPreparation
	handPanel
	handDetox
	handRehab
)

const (
	handAssessed = iota // the event ends the assessment
	handFinds           // ends a spot search
	handInBlock         // ends a stay
	handInSpot
)

// handPerson is someone in the pathway. People are numbered as they come, and never go.
type handPerson struct {
	key           dist.Key
	joined, gives ticks
	event         uint64 // what is in the list of events, if that still holds
	hearings      uint32
	stage, what   uint8
	completes     bool // this stay, or all sessions
}

// handStay is a stage of block beds with spot beds beside them.
type handStay struct {
	block, inBlock       int
	lookAfter            ticks
	foundIn              float64
	stay, leaves         law
	patience             law
	list                 []uint32
	first                int
	stayName, leavesName dist.Name
	foundName, givesName dist.Name
}

// handPathway is the five-stage pathway. An event is a time with the person in its lowest 16 bits,
// and those to come are sorted, the next one last.
type handPathway struct {
	perYear    float64
	end        ticks
	assessment law
	referrals  handReferrals
	people     []handPerson
	events     []uint64
	figures    [handStages]handFigures

	prepares      []uint32 // who waits for the group
	preparesFirst int
	inGroup       int
	sessions      [8][]uint32 // who ends in the group, by week
	week          int

	cases    []uint64 // who waits for the panel, by stamp and person
	heard    []uint32
	answered []uint32 // who is approved and hears so next

	beds [handStages]handStay // the last two

	assessedName, assessmentGives, preparationGives, sessionName, panelGives, decidesName dist.Name
}

func newHandPathway(tabulate func(law) law, perYear float64, measure Days) *handPathway {
	h := &handPathway{
		perYear: perYear, end: toTicks(measure),
		assessment:   tabulate(must(dist.Lognormal(12, 9))),
		assessedName: handName("assessment", "takes"), assessmentGives: handName("assessment", "drops_out_after"),
		preparationGives: handName("preparation", "drops_out_after"), sessionName: handName("preparation", "leaves"),
		panelGives: handName("panel", "drops_out_after"), decidesName: handName("panel", "decides"),
	}
	if h.end >= 1<<47 {
		panic("an event holds 47 bits of time")
	}
	h.beds[handDetox] = handStay{
		block: 2, lookAfter: 21 * oneDay, foundIn: 12, stay: tabulate(must(dist.Lognormal(11, 4))),
		leaves: must(dist.Exponential(55)), patience: must(dist.WeibullMean(0.9, 70)),
	}
	h.beds[handRehab] = handStay{
		block: 6, lookAfter: 28 * oneDay, foundIn: 14, stay: tabulate(must(dist.Gamma(84, 25))),
		leaves: must(dist.Weibull(0.7, 210)), patience: must(dist.Exponential(60)),
	}
	for i, name := range []string{"detox", "rehab"} {
		b := &h.beds[handDetox+i]
		b.stayName, b.leavesName, b.givesName = handName(name, "stay"), handName(name, "unplanned_discharge"), handName(name, "drops_out_after")
		b.foundName = handName(name, "spot").And(dist.NameOf("found_in"))
	}
	return h
}

func (h *handPathway) reset(seed uint64, replication int) {
	h.referrals.reset(dist.Root(seed, replication), h.perYear)
	h.figures = [handStages]handFigures{}
	h.people, h.events = h.people[:0], h.events[:0]
	h.prepares, h.preparesFirst, h.inGroup, h.week = h.prepares[:0], 0, 0, 0
	for i := range h.sessions {
		h.sessions[i] = h.sessions[i][:0]
	}
	h.cases, h.answered = h.cases[:0], h.answered[:0]
	for i := handDetox; i <= handRehab; i++ {
		b := &h.beds[i]
		b.inBlock, b.list, b.first = 0, b.list[:0], 0
	}
}

// play is a replication: the group meets weekly from day 2, the panel fortnightly from day 8 and
// answers four days later.
func (h *handPathway) play(seed uint64, replication int) *[handStages]handFigures {
	h.reset(seed, replication)
	group, panel, answer := 2*oneDay, 8*oneDay, forever
	line, next := h.referrals.fill(), 0
	for {
		now := min(line[next].at, group, panel, answer)
		if n := len(h.events) - 1; n >= 0 && ticks(h.events[n]>>16) <= now {
			e := h.events[n]
			h.events = h.events[:n]
			if id := uint32(e & 0xffff); h.people[id].event == e {
				h.happens(ticks(e>>16), id)
			}
			continue
		}
		if now >= h.end {
			break
		}
		switch now {
		case line[next].at:
			h.refer(now, line[next].key)
			if next++; next == len(line) {
				line, next = h.referrals.fill(), 0
			}
		case answer:
			for _, id := range h.answered {
				h.joinBeds(now, id, handDetox)
			}
			h.answered, answer = h.answered[:0], forever
		case group:
			h.meetGroup(now)
			group += 7 * oneDay
		case panel:
			h.meetPanel(now, now+4*oneDay)
			panel, answer = now+14*oneDay, now+4*oneDay
		}
	}
	h.close()
	return &h.figures
}

// set makes something happen to a person, unless it lies beyond the end.
func (h *handPathway) set(id uint32, at ticks, what uint8) {
	p := &h.people[id]
	p.what, p.event = what, uint64(at)<<16|uint64(id)
	if at >= h.end {
		p.event = 0
		return
	}
	h.events = append(h.events, 0)
	i := len(h.events) - 1
	for ; i > 0 && h.events[i-1] < p.event; i-- {
		h.events[i] = h.events[i-1]
	}
	h.events[i] = p.event
}

// wait books a wait that ends at a time known by now.
func (h *handPathway) wait(stage int, from, to ticks, gives bool) {
	f := &h.figures[stage]
	if to >= h.end {
		f.area += h.end - from
		return
	}
	f.ended++
	f.waited += to - from
	if gives {
		f.droppedOut++
	}
}

func patience(p *handPerson, mean float64, name dist.Name) ticks {
	return p.joined + toTicks(mean*dist.NegLog(p.key.Draw(name, 0, 0)))
}

// refer starts an assessment: whether it ends in giving up needs nobody else.
func (h *handPathway) refer(now ticks, key dist.Key) {
	h.people = append(h.people, handPerson{key: key, joined: now})
	id := uint32(len(h.people) - 1)
	p := &h.people[id]
	ends := now + toTicks(h.assessment.AtSurvival(key.Draw(h.assessedName, 0, 0)))
	gives := patience(p, 110, h.assessmentGives)
	h.wait(handAssessment, now, min(ends, gives), gives < ends)
	if gives >= ends {
		h.set(id, ends, handAssessed)
	}
}

// happens is a person's event.
func (h *handPathway) happens(now ticks, id uint32) {
	p := &h.people[id]
	switch p.what {
	case handAssessed:
		p.joined = now
		p.gives = patience(p, 90, h.preparationGives)
		h.prepares = append(h.prepares, id)
	case handFinds:
		h.wait(int(p.stage), p.joined, now, false)
		h.admit(now, id, handInSpot)
	case handInBlock, handInSpot:
		stage := int(p.stage)
		if p.what == handInBlock {
			h.beds[stage].inBlock--
			p.event = 0
			h.offer(now, stage)
		}
		if stage == handDetox && p.completes {
			h.joinBeds(now, id, handRehab)
		}
	}
}

// meetGroup ends the last session of some, who go on to the panel, and takes new people in.
func (h *handPathway) meetGroup(now ticks) {
	last := &h.sessions[h.week&7]
	for _, id := range *last {
		h.inGroup--
		if p := &h.people[id]; p.completes {
			p.joined = now
			p.gives = patience(p, 100, h.panelGives)
			h.queue(now, id)
		}
	}
	*last = (*last)[:0]
	for h.inGroup < 10 && h.preparesFirst < len(h.prepares) {
		id := h.prepares[h.preparesFirst]
		h.preparesFirst++
		p := &h.people[id]
		if p.gives < now {
			h.wait(handPreparation, p.joined, p.gives, true)
			continue
		}
		h.wait(handPreparation, p.joined, now, false)
		h.inGroup++
		session := uint32(1)
		for session < 6 && p.key.Draw(h.sessionName, 0, session) >= 0.02 {
			session++
		}
		p.completes = session == 6 && p.key.Draw(h.sessionName, 0, session) >= 0.02
		end := &h.sessions[(h.week+int(session))&7]
		*end = append(*end, id)
	}
	h.week++
}

// queue puts a person among the cases of the panel, by stamp.
func (h *handPathway) queue(stamp ticks, id uint32) {
	k := uint64(stamp)<<16 | uint64(id)
	h.cases = append(h.cases, 0)
	i := len(h.cases) - 1
	for ; i > 0 && h.cases[i-1] > k; i-- {
		h.cases[i] = h.cases[i-1]
	}
	h.cases[i] = k
}

// meetPanel hears six cases. Their waits end with the answer, unless they give up before.
func (h *handPathway) meetPanel(now, answer ticks) {
	h.heard = h.heard[:0]
	n := 0
	for ; n < len(h.cases) && len(h.heard) < 6; n++ {
		id := uint32(h.cases[n] & 0xffff)
		if p := &h.people[id]; p.gives < now {
			h.wait(handPanel, p.joined, p.gives, true)
			continue
		}
		h.heard = append(h.heard, id)
	}
	h.cases = h.cases[:copy(h.cases, h.cases[n:])]
	approve, later := 0.85, 0.1
	later += approve
	for _, id := range h.heard {
		p := &h.people[id]
		u := p.key.Draw(h.decidesName, 0, p.hearings)
		p.hearings++
		if u >= approve && u < later {
			h.queue(now, id)
			continue
		}
		h.wait(handPanel, p.joined, min(p.gives, answer), p.gives < answer)
		if u < approve && p.gives >= answer {
			h.answered = append(h.answered, id)
		}
	}
	slices.Sort(h.answered) // they join the next list at one time, and stand there as they were referred
}

// joinBeds takes a block bed or joins the list, where a spot search or patience may end first.
func (h *handPathway) joinBeds(now ticks, id uint32, stage int) {
	b, p := &h.beds[stage], &h.people[id]
	p.stage, p.joined = uint8(stage), now
	if b.inBlock < b.block {
		h.figures[stage].ended++
		b.inBlock++
		h.admit(now, id, handInBlock)
		return
	}
	p.gives = now + toTicks(b.patience.AtSurvival(p.key.Draw(b.givesName, 0, 0)))
	found := now + b.lookAfter + toTicks(b.foundIn*dist.NegLog(p.key.Draw(b.foundName, 0, 0)))
	b.list = append(b.list, id)
	p.what, p.event = handFinds, 0
	if found <= p.gives {
		p.gives = forever
		h.set(id, found, handFinds)
	}
}

// offer gives a free block bed to the first who still waits.
func (h *handPathway) offer(now ticks, stage int) {
	b := &h.beds[stage]
	for b.first < len(b.list) {
		id := b.list[b.first]
		b.first++
		p := &h.people[id]
		if int(p.stage) != stage || p.what != handFinds {
			continue // in a spot bed by now, or further
		}
		if p.gives < now {
			h.wait(stage, p.joined, p.gives, true)
			continue
		}
		h.wait(stage, p.joined, now, false)
		b.inBlock++
		h.admit(now, id, handInBlock)
		return
	}
}

// admit starts a stay, which leaving early may end.
func (h *handPathway) admit(now ticks, id uint32, what uint8) {
	p := &h.people[id]
	b := &h.beds[p.stage]
	stay := b.stay.AtSurvival(p.key.Draw(b.stayName, 0, 0))
	early := b.leaves.AtSurvival(p.key.Draw(b.leavesName, 0, 0))
	p.completes = early >= stay
	h.set(id, now+toTicks(math.Min(stay, early)), what)
}

// close books the waits of those who wait at the end, or gave up unnoticed.
func (h *handPathway) close() {
	book := func(stage int, p *handPerson) { h.wait(stage, p.joined, p.gives, true) }
	for _, id := range h.prepares[h.preparesFirst:] {
		book(handPreparation, &h.people[id])
	}
	for _, k := range h.cases {
		book(handPanel, &h.people[k&0xffff])
	}
	for stage := handDetox; stage <= handRehab; stage++ {
		b := &h.beds[stage]
		for _, id := range b.list[b.first:] {
			if p := &h.people[id]; int(p.stage) == stage && p.what == handFinds {
				book(stage, p)
			}
		}
	}
	for i := range h.figures {
		h.figures[i].area += h.figures[i].waited
	}
}
