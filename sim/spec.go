package sim

import (
	"time"

	"tier4/sim/dist"
)

// Days is a length of time, or a moment counted from the start of a run, in days.
type Days = float64

// Pence is an amount of money. Prices are whole pence, so that statements add up to the penny.
type Pence = int64

// Bounds of a place, far beyond any real one, within which its bills are exact.
const (
	MostBeds  = 1_000_000
	MostPence = 100_000_000 // a million pounds
)

// Spec says in plain values what a scenario means: every name, share, law and price,
// with nothing left to parse. Compile checks it and turns it into an immutable Model.
// Names of cohorts, traits, streams, stages and places are part of the address of each draw:
// renaming one gives its people new luck, reordering does not.
type Spec struct {
	Name    string
	Start   time.Time // 00:00 UTC of the first day of warm-up
	WarmUp  Days      // run in, not measured
	Measure Days      // measured
	Cohorts []string
	Traits  []Trait
	Streams []Stream
	Stages  []Stage
	Relapse *Relapse // nil: nobody relapses unless routed to `relapse`
	Staff   []Pool
	Deaths  *Deaths // nil: nobody dies
	Budgets []Budget
	// Starting is who is on the lists and in the beds as the run starts; nobody when empty.
	Starting []Started
}

// Per is a value that may differ by cohort or trait: the first rule that fits a person holds.
// With no rule that fits, the value is absent (no law, share 0).
type Per[T any] []Rule[T]

// Rule gives Value to the people of cohort or trait Who, or to everyone when Who is "".
type Rule[T any] struct {
	Who   string
	Value T
}

// Same is the Per that gives everyone v.
func Same[T any](v T) Per[T] { return Per[T]{{Value: v}} }

// Trait is a yes-or-no property drawn once a person.
type Trait struct {
	Name    string
	Share   Per[float64] // by cohort only
	Effects []Effect
}

// Target names the hazard that an effect changes.
type Target uint8

// The hazards an effect can change; each has the name of the law's key.
const (
	DropsOutAfter Target = iota
	UnplannedDischarge
	RelapseAfter
	targets
)

// Effect multiplies a hazard: 0.7 means 30% lower.
type Effect struct {
	On    Target
	Ratio float64
}

// Stream is a source of referrals. Exactly one of Rates, Between and Dates is given.
type Stream struct {
	Name     string
	Enters   string // stage
	Priority int    // higher first where a list is kept by priority

	Rates     []CohortRate
	Growth    float64     // 0.02 is 2% more each 365.25 days, compounding
	ByMonth   [12]float64 // relative factors, January first; all zero means flat; normalised by Compile
	ByWeekday [7]float64  // Sunday first, as time.Weekday
	ByHour    [24]float64

	Between dist.Law     // a renewal law of the days between referrals
	Cohort  Per[float64] // the cohort of those who come by Between: shares, Who is the cohort

	Dates []Arrival // replayed

	// ReadyAfter is how long after referral nobody of the stream can be admitted to a bed, as before
	// a release from prison; absent: at once. Drawn once a visit.
	ReadyAfter Per[dist.Law]
}

// CohortRate is how many people of one cohort a stream brings in 365.25 days.
type CohortRate struct {
	Cohort  string
	PerYear float64
}

// Arrival is one replayed referral.
type Arrival struct {
	At     Days
	Cohort string
	Ready  Days // cannot be admitted to a bed before; 0 for at once
}

// Kind is the kind of a stage.
type Kind uint8

// The kinds of stage.
const (
	DelayKind Kind = iota
	GroupKind
	PanelKind
	BedsKind
	AftercareKind
)

// The exits of a pathway, usable wherever a route names a stage.
const (
	ExitHome      = "home"
	ExitCommunity = "community"
	ExitRelapse   = "relapse"
)

// Outcome is how a person leaves a stage, for routing.
type Outcome uint8

// The outcomes a route may be given for.
const (
	Completed Outcome = iota // the ordinary way on: planned leaving, approval, finishing
	Unplanned                // left a bed early
	Left                     // left a group between sessions
	Declined                 // declined by a panel
	Relapsed                 // relapsed while waiting for a bed after another, or in aftercare
	outcomes
)

// Stage is one step of the pathway. Exactly the part that Kind names is set.
type Stage struct {
	Name          string
	Kind          Kind
	ByPriority    bool          // queue: priority
	ListMax       int           // most people on the list; NoLimit for no limit
	DropsOutAfter Per[dist.Law] // patience from joining the list; absent: nobody gives up
	KeepInTouch   float64       // hazard ratio of giving up here; 1 for none
	Effects       []Effect      // what having been here does to later hazards; in aftercare, while it lasts
	OpensCase     string        // people wait for a free case in this staff pool before anything else here; "" for none
	Next          [outcomes][]Branch
	Costs         UnitCosts

	Delay     *Delay
	Group     *Group
	Panel     *Panel
	Beds      *Beds
	Aftercare *Aftercare
}

// NoLimit stands for no limit on a list, or beds without end.
const NoLimit = -1

// Branch is one way on: to stage or exit To for Share of the people, or for the Rest.
type Branch struct {
	To    string
	Share Per[float64]
	Rest  bool
}

// UnitCosts are prices of a stage beside its beds. Zero for none.
type UnitCosts struct {
	PerPerson  Pence // each person who starts here; on a panel, or a delay without places, each who comes to its end
	PerCase    Pence // each case a panel hears
	PerSession Pence // each session of a group a person attends
	PerWeek    Pence // each person-week of aftercare or of a delay with places
}

// Delay takes time. Without places the time itself is the wait, and giving up races it.
type Delay struct {
	Takes  Per[dist.Law]
	Places int // 0: no places; otherwise people queue for one of them
}

// Schedule is when a group or panel meets: every so many days from First, at 00:00.
type Schedule struct {
	First Days
	Every Days
}

// Group prepares people in sessions.
type Group struct {
	Meets        Schedule
	Max          int          // people present, or in one closed group; NoLimit for no limit
	Closed       bool         // a meeting starts a new group of those waiting
	MinToStart   int          // closed only
	StartsWhen   *Gathering   // starts by number or deadline instead of at meetings
	Sessions     int          // at least 1
	SessionEvery Days         // 7 unless said
	Leaves       Per[float64] // probability of leaving after each session
}

// Gathering starts a group the moment People wait, or OrAfter days after the first of them joined.
type Gathering struct {
	People  int
	OrAfter Days // +Inf for no deadline
}

// Panel decides on funding.
type Panel struct {
	Meets       Schedule
	Cases       int // heard at each meeting; NoLimit for no limit
	Approve     Per[float64]
	Defer       Per[float64]
	Decline     Per[float64]
	AnswerAfter Days

	FastTrack     Per[float64] // share who get their answer without a meeting
	FastAnswer    Days         // so long after joining
	ApprovalLasts Days         // an approval not used by then goes back to the panel; 0 for good
}

// Contract is how a place is paid for.
type Contract uint8

// The kinds of contract.
const (
	Block     Contract = iota // beds held, paid used or not
	Spot                      // found case by case, paid by the night slept
	Share                     // priority on some beds of a unit that others use too
	BedNights                 // so many nights a year, paid up front
)

// Beds is a stage of residential places with one list.
type Beds struct {
	Places             []Place
	Stay               Per[dist.Law]
	UnplannedDischarge Per[dist.Law]

	WantsLocal    Per[float64] // share who at first accept only local places
	LocalFor      Days         // for so long from joining the list
	Extension     Per[float64] // share whose planned stay is extended
	ExtensionAdds Per[dist.Law]
	StaysOn       []StaysOn
	HeldPlace     string // admit_only_when: the stage in which a block place must be held from admission on; "" for none
}

// StaysOn keeps someone who has completed their stay in the bed, paid and in use but not counted as stay.
type StaysOn struct {
	To   string        // the stage waited for, or the exit home or community
	UpTo Days          // a stage: at most so long; +Inf: until there is room
	For  Per[dist.Law] // an exit: how long it takes to leave
}

// Place is one provider's beds under one contract.
type Place struct {
	Name     string
	Contract Contract
	Beds     int      // NoLimit for beds without end; for spot, the most at once
	PerNight Pence    // for Block without end, and for Spot, paid for nights slept
	From     Days     // open for admission and paid from here, -Inf for always
	Until    Days     // closed again from here, +Inf for never; those inside stay on
	Admits   [7]bool  // weekdays of admission, Sunday first; all false means every day
	Turnover Days     // a bed rests so long after each person
	Local    bool     // in the area
	Effects  []Effect // what a stay here does to itself and to later hazards

	LookAfter Days          // spot: the search starts so long after joining the list
	FoundIn   Per[dist.Law] // spot: and takes so long; absent: at once

	Of     int          // share: all beds of the unit, of which we have priority on Beds
	Others *OtherDemand // share: who else uses the unit
	Nights int          // bed_nights: nights bought each year from 1 April

	Capacity []Capacity   // block and share: other numbers of beds held from later dates on, in order of time
	Closures []Span       // nobody is admitted, no bed is held or paid for; those inside stay on
	Suits    Per[float64] // share of people whom the place suits, once for each person; absent: everyone
	Assesses *Assessing   // the provider sees people before admission
	Terms    Terms        // what is paid beside the price of a night
}

// Capacity is the number of beds held from a moment on.
type Capacity struct {
	From Days
	Beds int
}

// Span is a time from (inclusive) and until (exclusive).
type Span struct{ From, Until Days }

// OtherDemand is the people of others at a shared unit. They wait and occupy, and enter no figure or cost.
type OtherDemand struct {
	PerYear float64
	Stay    dist.Law
}

// Assessing is a provider's visit, which runs from joining the list, and may end in refusal for the wait.
type Assessing struct {
	Takes   Per[dist.Law] // absent: no time
	Refuses Per[float64]
}

// Terms of a contract beside the price of a night. Zero for none.
type Terms struct {
	PerYear       Pence   // a retainer: paid by the day, used or not
	AboveNights   int     // nights slept in a financial year beyond this many cost
	AbovePerNight Pence   // so much each (cost and volume); only if AboveNights > 0
	MinimumNights int     // at least so many nights are paid for in a financial year
	Uplift        float64 // prices rise by this share on each 1 April after the start: 0.03 is 3%
	NoticeNights  int     // nights paid after someone leaves unplanned
	Contribution  Pence   // what the client pays a week, for nights slept
}

// Aftercare follows people for a time, with a hazard of relapse that its Effects change while it lasts.
type Aftercare struct {
	Places int // NoLimit for no limit
	Lasts  Per[dist.Law]
}

// Relapse is when people use again after leaving their last bed, and who comes back.
type Relapse struct {
	After   ByLeaving[dist.Law]
	Never   ByLeaving[float64] // share who never do, untouched by hazard ratios
	Returns *Returns
}

// ByLeaving is a value by how and from where a person left their bed: the first rule that fits holds.
type ByLeaving[T any] []LeavingRule[T]

// LeavingRule fits those who left stage From ("" for any) by How.
type LeavingRule[T any] struct {
	How   Outcome // Completed or Unplanned
	From  string
	Value Per[T]
}

// Returns sends a share of those who relapse back as the next visit of the same person.
type Returns struct {
	Share Per[float64]
	After Per[dist.Law]
	To    string // stage
}

// Pool is staff who can hold only so many cases at once, over all of them.
type Pool struct {
	Name     string
	Caseload int
}

// Deaths are competing hazards in the states named.
type Deaths struct {
	Waiting        float64  // per person-year, on any list
	AfterUnplanned []Hazard // from leaving a bed unplanned until the next bed, in order of time
}

// Hazard is a rate per person-year up to so long after the event; +Inf for the last.
type Hazard struct {
	Until   Days
	PerYear float64
}

// WhenSpent is what happens when a budget's uncommitted money does not cover a placement.
type WhenSpent uint8

// What happens when the money of a year does not cover what is asked of it.
const (
	Overspend      WhenSpent = iota // it is spent all the same, and counted
	HoldApprovals                   // the panel approves but defers; nobody is admitted who costs more than was committed for them and is left
	HoldAdmissions                  // the panel approves; nobody is admitted who costs more than was committed for them and is left
)

// Budget is money for each financial year from 1 April. Each night is charged to the year in which it is
// slept, less what the client pays; contracts that are paid for whoever sleeps there are charged as their
// year begins. A panel's approval commits the planned nights of the person's way on, at the price of the
// stage's first place that is paid by the night, unless a free bed that is already paid for is there for
// them; admission commits what the place they got will cost, and leaving puts right what was slept. What nights
// cost is what their place is owed with them beyond what it is owed without: by volume, and nothing below its minimum.
type Budget struct {
	Name      string
	PerYear   Pence
	PaysFor   []string // stages
	Carried   bool     // unspent money is carried into the next year; otherwise returned
	WhenSpent WhenSpent
}

// Started is someone who is on a list or in a bed as the run starts. What is so of everybody who has come to that stage
// from their stream (from any, if none is given) is so of them: cases they hold, and a panel's approval, with its money
// committed, that runs out so long after they joined the list.
type Started struct {
	Stage  string
	Place  string // the bed they are in; "" in aftercare, a delay with places, or on the list
	Inside bool   // in service: in the bed, or followed in aftercare; otherwise waiting
	Cohort string
	Traits []string // those they have, if Known; otherwise drawn
	Known  bool
	Stream string // whose priority they have; "" for the first stream
	Joined Days   // when they joined the list, 0 or before
	Since  Days   // when they got in, 0 or before; NaN: unknown, as of someone met at any time of their stay
}
