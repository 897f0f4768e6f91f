package sim

import (
	"slices"

	"tier4/sim/dist"
)

// Model is a compiled scenario: names resolved to indices, values to one per kind of person,
// laws tabulated, draw addresses hashed. It never changes and may be shared by any number of
// goroutines; two replications of one model share nothing else.
type Model struct {
	spec     Spec
	cal      calendar
	measured ticks // end of warm-up
	end      ticks
	periods  []ticks // ends of the measured years, then the end if a part of a year is left
	years    int     // how many of periods are whole years

	people  population
	streams []stream
	stages  []stage
	relapse *relapse
	effects []([targets]float64) // hazard ratios of each stage and place that carries effects

	financial    []financialYear
	budgets      []budget
	pools        []Pool
	deaths       *Deaths
	started      []started
	shared       []owner // units with other demand, by lane
	limitedLists []int   // stages whose lists have a most
	limited      []int   // stages where people may be passed over for want of nights or money
	nightLess    int32   // timer of the midnight after someone was passed over for want of nights or money
	extra        bool    // people need what extra holds

	asked      []string    // figures; none for all the usual ones
	tables     []tabulated // laws that are dear, and what answers for them
	plan       plan        // what is measured
	rounds     bool        // someone may enter a stage twice in one visit
	weighs     bool        // some hazard ratio may not be 1
	places     int         // over all stages
	bedsStages []int
	priorities int     // different ones among streams, and the normal one
	normal     int32   // its rank
	system     []owner // timers that belong to the system; people's come after
}

// remembers reports whether a visit has to remember the stages it has been to.
func (m *Model) remembers() bool { return m.rounds || m.plan.reaching }

// firstStream stands for all of them: variants that have the same take them over.
func (m *Model) firstStream() *stream {
	if len(m.streams) == 0 {
		return nil
	}
	return &m.streams[0]
}

// owner says what a system timer is for.
type owner struct {
	what  purpose
	stage int
	place int
}

type purpose uint8

const (
	closesPeriod purpose = iota
	opensPeriod
	halves  // the middle of the measured period
	samples // weekly, for the length of warm-up
	months  // for monthly series
	meets
	gathers    // a group that starts by deadline
	reopens    // a place: another number of beds, or an admission day
	rested     // a place: turnover over
	turns      // a financial year ends
	monthEnds  // for budgets that pay for more than beds
	nightLess  // a stay has a night less, for those who were passed over for want of nights or money
	othersTurn // a shared unit: one of the others comes or leaves
)

// population is the cohorts and traits: a kind is a cohort with a set of traits.
type population struct {
	cohorts []string
	ranks   []int // of the cohorts by name, for ties
	traits  []trait
	mult    [][targets]float64 // hazard ratios by set of traits
}

type trait struct {
	name  string
	addr  dist.Name
	share []float64 // by cohort
}

// kindOf is the kind of a person of a cohort: a draw for each trait.
func (p *population) kindOf(key dist.Key, cohort uint16) uint16 {
	kind := cohort << len(p.traits)
	for i := range p.traits {
		if t := &p.traits[i]; key.Draw(t.addr, 0, 0) < t.share[cohort] {
			kind |= 1 << i
		}
	}
	return kind
}

// same reports whether people of two populations are of the same kinds.
func (p *population) same(o *population) bool {
	return slices.Equal(p.cohorts, o.cohorts) && slices.EqualFunc(p.traits, o.traits, func(t, u trait) bool {
		return t.addr == u.addr && slices.Equal(t.share, u.share)
	})
}

// kinds is the number of kinds of person; kind k is cohort k >> len(traits) with trait bits below.
func (p *population) kinds() int { return len(p.cohorts) << len(p.traits) }

// ratios are the hazard ratios of all traits of a kind.
func (p *population) ratios(kind uint16) [targets]float64 { return p.mult[int(kind)&(len(p.mult)-1)] }

func (p *population) cohort(kind uint16) int { return int(kind) >> len(p.traits) }

// law is a sampled distribution; nil never happens.
type law = dist.Law

// stage is a compiled Stage.
type stage struct {
	Stage
	index  int
	rank   int // in the order in which stages are matched
	addr   addresses
	law    []law // patience by kind
	effect int   // its place in a person's gained effects, -1 without effects
	ratio  [targets]float64
	next   [outcomes][]route // by kind

	takes  []law // delay: by kind; aftercare: lasts
	places int   // people served at once, NoLimit for any number: delay, aftercare, rolling group

	leaves               []float64 // group
	approve, orDefer     []float64 // panel: cumulative shares: approve, approve+defer
	answer               ticks
	sessions             ticks // between sessions
	fastTrack            []float64
	fastAnswer, approval ticks // approval: how long it lasts, forever for good
	pool                 int   // staff, none without

	beds                   []place
	simple                 bool    // someone who joins at a quiet instant is admitted at once or waits
	order                  []int32 // places as they are tried: spot after the others
	all, atOnce            uint64  // sets of places: all of them; those that everyone accepts from joining on
	shared                 bool    // others wait for beds here too
	onlySpot               bool    // all places are spot
	choosy                 bool    // whether someone accepts a place depends on more than a spot search that takes its time
	wantsLocal             []float64
	localFor               ticks
	extension              []float64
	extensionAdds          []law
	staysOn                []staysOn
	held                   int   // the stage in which a place is held from admission on, none without
	feeds                  []int // the stages that hold places in this one
	mayPassOver            bool  // a place here may pass someone over for another behind them
	moneyHeld              bool  // for want of money, for nights paid as they come
	costs                  bool  // something beside its beds
	budget                 int   // which pays for the stage, none without
	listPrice              int32 // the place at whose price money is committed, none without
	bedsIndex              int   // among beds stages
	firstPlace             int   // index of the first of its places among all
	stay, leave            []law
	neverEnds              bool   // nothing but a bed ends a wait here, a relapse aside
	leadsToBeds            []bool // by kind: a beds stage can be reached from here, itself included
	timer                  int32  // of meetings and gatherings, none without
	meetsFirst, meetsEvery ticks
}

// staysOn is a compiled StaysOn.
type staysOn struct {
	to   int
	upTo ticks
	law  []law // an exit
}

// addresses are the stage part of the address of each draw made there.
type addresses struct {
	patience, takes, leaves, decides, next, stay, unplanned, relapse, never  dist.Name
	local, extension, extensionAdds, staysOn, fast, death, deathAfter, since dist.Name
}

// place is a compiled Place.
type place struct {
	Place
	addr        placeAddresses
	found       []law     // spot: by kind; nil entries: at once
	suits       []float64 // by kind; nil: everyone
	takes       []law     // to assess; nil entries: no time
	refuses     []float64 // nil: nobody
	lookAfter   ticks
	turnover    ticks
	from, until ticks
	steps       []step  // the number of beds from each moment on; the first from the start
	nightly     bool    // each night slept is paid for as it comes; then money is committed for nights to come
	charged     bool    // nights slept make a difference to a budget: they are paid for as they come, or by clients in part
	mayPassOver bool    // someone may be passed over here for another behind them
	flat        bool    // each is paid for as it comes, and costs the same, however many are slept in a year
	rates       []rates // by financial year
	effect      int
	ratio       [targets]float64
	timer       int32 // steps and admission days; none if never needed
	rests       int32 // timer of turnover
	others      int32 // timer of others leaving
	everyDay    bool
}

// rates are what a place costs in a financial year.
type rates struct {
	night, above Pence // a night; one above the threshold
	retainer     Pence // a whole year
	threshold    int64 // nights of the year that cost the first
	minimum      int64 // nights of the year that are paid for at least
}

// placeAddresses are the place's part of the address of each draw made there.
type placeAddresses struct{ found, suits, takes, refuses dist.Name }

// step is how many beds a place has for us from a moment on, NoLimit for any number, and whether the
// whole unit is closed.
type step struct {
	at     ticks
	beds   int
	open   bool // to us
	closed bool
}

// route is where people of one kind go. Kinds that go the same ways have the same memory.
type route []way

// way is a target, a stage index or an exit below zero, with the cumulative share of it and those before.
type way struct {
	upTo float64
	to   int
}

// The exits as targets of a route.
const (
	toHome = -1 - iota
	toCommunity
	toRelapse
)

// only is the target when there is but one, so that no draw is needed.
func (r route) only() (to int, ok bool) { return r[0].to, len(r) == 1 }

func (r route) pick(u float64) int {
	for i := range r {
		if u < r[i].upTo {
			return r[i].to
		}
	}
	return r[len(r)-1].to
}

// stream is a compiled Stream.
type stream struct {
	Stream
	rank    int   // order by name: ties at one instant follow names, never positions in the file
	queue   int32 // rank of its priority, the highest 0
	name    dist.Name
	enters  int
	sources []source // by cohort, for rates
	cohorts []float64
	cohort  []int // cohort of upTo; for Between
	month   [12]float64
	weekday [7]float64
	hour    [24]float64
	flat    bool
	dates   []replayed // in order of time
	ready   []law      // by kind; nil: everyone at once

	datesReady []ticks // by row of the file: not admitted to a bed before
}

type replayed struct {
	at     ticks
	cohort int
	row    int // in the file: part of the person's address
}

// source is the people of one stream and cohort.
type source struct {
	cohort  int
	perYear float64 // base rate
	highest float64 // per year, over the whole run
}

// relapse is a compiled Relapse. Laws are by how (Completed, Unplanned), stage and kind.
type relapse struct {
	after   [2][][]law
	never   [2][][]float64
	returns bool
	share   []float64
	again   []law
	to      int
}

// Name is the scenario's name.
func (m *Model) Name() string { return m.spec.Name }

// Spec is what the model was compiled from. It must not be changed.
func (m *Model) Spec() Spec { return m.spec }

// Years is the number of whole measured years.
func (m *Model) Years() int { return m.years }

// monthEnds are the first midnights of months after the start of the measured period, up to its end.
func (m *Model) monthEnds() (ends []ticks) {
	for at := m.cal.nextMonth(m.measured); at <= m.end; at = m.cal.nextMonth(at) {
		ends = append(ends, at)
	}
	return ends
}
