package sim

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// plan is what a model measures: figures, the groups of people they are restricted to, and the
// samples they need.
type plan struct {
	figures    []figure
	absent     []Absent
	lenses     []string // "" is everyone; then cohorts, traits and streams that figures ask for
	lensSets   [][]int  // distinct sets of lenses a person may belong to; everyone's is in each
	setOf      []uint16 // [stream][kind]
	thresholds []ticks  // of within_N_days
	channels   int
	channelOf  [][]int // [lens set][stage][channel]: the samples that keep it
	detailed   []bool  // by stage: figures ask for more of a length of time than its sum
	peaked     []int   // lenses of which the most people on a list is asked for
	peakSets   [][]int // by lens set: which of those it holds
	series     []series
	monthEnds  []ticks // of series
	gaps       []gap
	watched    []watched
	kinds      int
	stages     int
	reaching   bool // some figure is about reaching a stage or the way to it
	yearless   bool // nothing is said of single years
}

// channel is a length of time kept for its quantiles.
type channel int

const (
	waitChannel channel = iota
	servedChannel
	referralChannel
	stayChannel
	channelsPerStage
)

// figure is one number to estimate. Exactly one of ratio, quantile and level says how.
type figure struct {
	Figure
	lens  int
	stage int
	// ratio gives the numerator and denominator of the period that ends now.
	ratio     func(l *ledger, f *figure, now ticks) (y, n float64)
	threshold int  // of within
	chance    bool // a ratio that is a probability of a year
	peak      bool // a ratio that is the largest of its periods, not their sum
	onList    bool // a peak of the people on a list
	peaked    int  // of such a peak: its lens among plan.peaked
	quantile  float64
	channel   int  // index among samples; only if quantiles of people
	people    bool // quantile of people
	time      bool // quantile of time at each level in use
	want      channel
}

// Figure is a figure's name and meaning.
type Figure struct {
	ID      string
	Unit    string
	Better  int  // 1: more is better; -1: less is better; 0: neither
	Horizon bool // depends on the length of the measured period
	People  bool // about people: may be restricted to a group, and a share is one of people
	Ratio   bool // ΣY/ΣN of the terms that each replication gives; the others are quantiles
}

// Absent is a figure that cannot be given, and why.
type Absent struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

// series is something followed month by month.
type series struct {
	id    string
	stage int
	used  bool // in use; else waiting
}

// UnknownFigureError says that no figure has the name.
type UnknownFigureError struct {
	ID    string
	Known []string // every name there is, groups and other numbers of days aside
}

func (e *UnknownFigureError) Error() string {
	return fmt.Sprintf("there is no figure %q in this scenario", e.ID)
}

var withinDays = regexp.MustCompile(`\.within_(\d+)_days`)

// newPlan resolves the figures asked for; all of the usual ones when none are named.
func newPlan(m *Model, ids []string) (plan, error) {
	b := planner{m: m, known: m.catalogue(), p: plan{lenses: []string{""}, kinds: m.people.kinds(), stages: len(m.stages)}}
	b.at = make(map[string]int, len(b.known))
	for i := range b.known {
		b.at[b.known[i].id] = i
	}
	if len(ids) == 0 {
		for _, d := range b.known {
			ids = append(ids, d.ids()...)
		}
		ids = append(ids, m.usualGaps()...)
	}
	var faults []error
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		of, isGap := strings.CutPrefix(id, gapPrefix)
		if !isGap {
			if err := b.add(id); err != nil {
				faults = append(faults, err)
			}
			continue
		}
		sides, err := b.gap(id, of)
		faults = append(faults, err...)
		for _, side := range sides {
			if !seen[side] {
				seen[side] = true
				if err := b.add(side); err != nil {
					faults = append(faults, err)
				}
			}
		}
	}
	if len(faults) > 0 {
		return plan{}, errors.Join(faults...)
	}
	b.finish()
	return b.p, nil
}

type planner struct {
	m     *Model
	known []definition
	at    map[string]int // of known, by id
	p     plan
}

// add resolves one id: its group, its number of days, its definition.
func (b *planner) add(id string) error {
	base, group, restricted := strings.Cut(id, "@")
	days := -1
	i, ok := b.at[base]
	if !ok {
		if match := withinDays.FindStringSubmatch(base); match != nil {
			days, _ = strconv.Atoi(match[1])
			base = withinDays.ReplaceAllString(base, ".within_*_days")
			i, ok = b.at[base]
		}
	}
	if !ok {
		return &UnknownFigureError{id, knownIDs(b.known)}
	}
	d := &b.known[i]
	lens, err := b.lens(id, group, restricted && !d.people)
	if err != nil {
		return err
	}
	if d.why != "" {
		b.p.absent = append(b.p.absent, Absent{id, d.why})
		return nil
	}
	f := d.figure
	f.Figure = Figure{ID: id, Unit: d.unit, Better: d.better, Horizon: d.peak, People: d.people, Ratio: d.figure.ratio != nil}
	f.lens = lens
	if days >= 0 {
		if f.threshold, err = b.threshold(days); err != nil {
			return err
		}
	}
	b.p.figures = append(b.p.figures, f)
	return nil
}

func knownIDs(known []definition) (ids []string) {
	for _, d := range known {
		ids = append(ids, d.ids()...)
	}
	return ids
}

// lens finds or makes the lens of a group.
func (b *planner) lens(id, group string, forbidden bool) (int, error) {
	if group == "" {
		return 0, nil
	}
	if forbidden {
		return 0, fmt.Errorf("%s: only figures about people can be restricted to a group", id)
	}
	m := b.m
	isTrait := slices.ContainsFunc(m.people.traits, func(t trait) bool { return t.name == group })
	isStream := slices.ContainsFunc(m.streams, func(s stream) bool { return s.Name == group })
	if without, ok := strings.CutPrefix(group, notPrefix); ok {
		if _, err := b.lens(id, without, false); err != nil {
			return 0, err
		}
	} else if !slices.Contains(m.people.cohorts, group) && !isTrait && !isStream {
		return 0, fmt.Errorf("%s: there is no cohort, trait or stream %q", id, group)
	}
	if i := slices.Index(b.p.lenses, group); i >= 0 {
		return i, nil
	}
	b.p.lenses = append(b.p.lenses, group)
	return len(b.p.lenses) - 1, nil
}

func (b *planner) threshold(days int) (int, error) {
	at := toTicks(float64(days))
	if i := slices.Index(b.p.thresholds, at); i >= 0 {
		return i, nil
	}
	if len(b.p.thresholds) == maxThresholds {
		return 0, fmt.Errorf("figures can use %d different numbers of days at most", maxThresholds)
	}
	b.p.thresholds = append(b.p.thresholds, at)
	return len(b.p.thresholds) - 1, nil
}

// finish lays out lens sets, samples and series.
func (b *planner) finish() {
	p := &b.p
	p.reaching = slices.ContainsFunc(p.figures, func(f figure) bool {
		return strings.HasPrefix(f.ID, "reached.") || strings.HasPrefix(f.ID, "referral_to.")
	})
	channelOf := b.samples()
	b.sets()
	for _, set := range p.lensSets {
		b.keep(set, channelOf)
	}
	p.detailed = slices.Repeat([]bool{len(p.thresholds) > 0}, len(b.m.stages))
	for at, c := range channelOf {
		if stage := at / int(channelsPerStage) % len(b.m.stages); c >= 0 {
			p.detailed[stage] = true
		}
	}
	b.series()
}

// samples gives each length of time whose quantiles are asked for a channel, by lens, stage and what it is; -1
// where nothing is kept. Peaks are given their lenses.
func (b *planner) samples() (channelOf []int) {
	m, p := b.m, &b.p
	channelOf = slices.Repeat([]int{-1}, len(m.stages)*int(channelsPerStage)*len(p.lenses))
	ends := m.relapse != nil || m.deaths != nil || slices.ContainsFunc(m.stages, func(s stage) bool { return s.approval < forever })
	for i := range p.figures {
		f := &p.figures[i]
		if f.onList {
			if f.peaked = slices.Index(p.peaked, f.lens); f.peaked < 0 {
				f.peaked = len(p.peaked)
				p.peaked = append(p.peaked, f.lens)
			}
		}
		if !f.people {
			continue
		}
		if s := &m.stages[f.stage]; f.want == servedChannel && !ends && len(s.DropsOutAfter) == 0 {
			f.want = waitChannel // every wait ends in being served
		}
		at := &channelOf[(f.lens*len(m.stages)+f.stage)*int(channelsPerStage)+int(f.want)]
		if *at < 0 {
			*at = p.channels
			p.channels++
		}
		f.channel = *at
	}
	return channelOf
}

// sets finds the sets of lenses that people may belong to.
func (b *planner) sets() {
	m, p := b.m, &b.p
	for s := range m.streams {
		for kind := range p.kinds {
			var set []int
			for i, group := range p.lenses {
				if m.in(s, uint16(kind), group) {
					set = append(set, i)
				}
			}
			at := slices.IndexFunc(p.lensSets, func(o []int) bool { return slices.Equal(o, set) })
			if at < 0 {
				at = len(p.lensSets)
				p.lensSets = append(p.lensSets, set)
			}
			p.setOf = append(p.setOf, uint16(at))
		}
	}
}

// keep says what is kept of the people of a set of lenses: peaks, and samples by stage.
func (b *planner) keep(set, channelOf []int) {
	m, p := b.m, &b.p
	var peaks []int
	for i, lens := range p.peaked {
		if slices.Contains(set, lens) {
			peaks = append(peaks, i)
		}
	}
	p.peakSets = append(p.peakSets, peaks)
	perLens := len(m.stages) * int(channelsPerStage)
	for at := range perLens {
		var kept []int
		for _, lens := range set {
			if c := channelOf[lens*perLens+at]; c >= 0 {
				kept = append(kept, c)
			}
		}
		p.channelOf = append(p.channelOf, kept)
	}
}

// series follows every stage month by month, if the run is not too long for it.
func (b *planner) series() {
	m, p := b.m, &b.p
	if m.end-m.measured > toTicks(50*daysPerYear+1) {
		return
	}
	p.monthEnds = m.monthEnds()
	for i := range m.stages {
		s := &m.stages[i]
		p.series = append(p.series, series{s.Name + ".waiting", i, false})
		if s.serves() {
			p.series = append(p.series, series{s.Name + ".in_use", i, true})
		}
	}
}

// lensSet is the set of lenses a person belongs to.
func (p *plan) lensSet(who *person) uint16 { return p.setOf[int(who.stream)*p.kinds+int(who.kind)] }

// channelsOf are the samples that keep a person's length of time at a stage.
func (p *plan) channelsOf(who *person, s *stage, what channel) []int {
	return p.channelOf[(int(who.lenses)*p.stages+s.index)*int(channelsPerStage)+int(what)]
}

// count adds a length to the thresholds it is within.
func (p *plan) count(w *within, length ticks) {
	for i, most := range p.thresholds {
		one := 0 // which nobody can foresee, so without a branch
		if length <= most {
			one = 1
		}
		w[i] += float64(one)
	}
}

// serves reports whether people are inside a stage beside waiting for it.
func (s *stage) serves() bool {
	switch s.Kind {
	case PanelKind:
		return false
	case DelayKind:
		return s.places != 0
	}
	return true
}

// Measuring is the same model measuring other figures; all of the usual ones when none are named.
func (m *Model) Measuring(figures ...string) (*Model, error) {
	p, err := newPlan(m, figures)
	if err != nil {
		return nil, err
	}
	other := *m
	other.asked, other.plan = figures, p
	return &other, nil
}

// WithoutSeries is the same model without its monthly series, which need more memory than all figures.
func (m *Model) WithoutSeries() *Model {
	other := *m
	other.plan.series, other.plan.monthEnds = nil, nil
	return &other
}

// WithoutYears is the same model saying of no figure what single years may be, which takes as long as all else that is
// added up. Blocks of it are not for keeping: a limit's years are in them, those of other quantiles are not.
func (m *Model) WithoutYears() *Model {
	other := *m
	other.plan.yearless = true
	return &other
}

// yearly reports whether something is said of single years of figure i.
func (p *plan) yearly(i int) bool {
	return !p.yearless || slices.ContainsFunc(p.watched, func(l watched) bool { return l.figure == i })
}

// HasSeries reports whether the model measures monthly series.
func (m *Model) HasSeries() bool { return len(m.plan.series) > 0 }

// Figures are the figures the model measures, in the order of output.
func (m *Model) Figures() []Figure {
	figures := make([]Figure, len(m.plan.figures))
	for i := range m.plan.figures {
		figures[i] = m.plan.figures[i].Figure
	}
	return figures
}

// KnownFigures are the names of all usual figures of the model, with nobody left out and the usual numbers of days.
func (m *Model) KnownFigures() []string {
	ids := knownIDs(m.catalogue())
	return slices.SortedFunc(slices.Values(ids), cmp.Compare[string])
}

// Absent are the figures asked for that the model can never give, and why.
func (m *Model) Absent() []Absent { return m.plan.absent }
