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
	PerPerson  Pence // each person who starts here
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
}

// Contract is how a place is paid for.
type Contract uint8

// The kinds of contract.
const (
	Block Contract = iota // beds held, paid used or not
	Spot                  // found case by case, paid by the night slept
)

// Beds is a stage of residential places with one list.
type Beds struct {
	Places             []Place
	Stay               Per[dist.Law]
	UnplannedDischarge Per[dist.Law]
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
