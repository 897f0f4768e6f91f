package sim

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tier4/sim/dist"
)

// Common random numbers, person by person: whoever exists in two scenarios comes at the same time, is
// the same and draws the same, whatever else differs.

// luck is what a person drew, found by the person's address and by names alone.
type luck struct {
	person dist.Key
	visit  uint32
	stage  string
	pass   uint32
	what   string
	ratio  float64 // of the hazard: a changed ratio keeps the uniform, not the value
}

// someone is who a person is on first coming.
type someone struct {
	at     ticks
	cohort string
	traits string
}

// census watches a replication and notes who came and what they drew.
type census struct {
	m    *Model
	who  map[dist.Key]someone
	luck map[luck]ticks
	settler
}

func takeCensus(t *testing.T, spec Spec, replication int) *census {
	t.Helper()
	c := &census{m: modelOf(t, spec), who: map[dist.Key]someone{}, luck: map[luck]ticks{}}
	play(t, c.m, 21, replication, c.watch)
	return c
}

func (c *census) watch(w *world) {
	c.happened()
	c.look(w)
	for c.settle(w) {
		c.look(w)
	}
}

func (c *census) look(w *world) {
	for slot := range w.people {
		p := &w.people[slot]
		if p.visit == 0 {
			s := someone{p.referred, c.m.people.cohorts[c.m.people.cohort(p.kind)], ""}
			var traits []string
			for i := range c.m.people.traits {
				if name := c.m.people.traits[i].name; name != "tall" && c.m.people.fits(p.kind, name) {
					traits = append(traits, name)
				}
			}
			slices.Sort(traits)
			s.traits = strings.Join(traits, " ")
			c.who[p.root] = s
		}
		s := &c.m.stages[p.stage]
		drew := func(what string, ratio float64, value ticks) {
			c.luck[luck{p.root, p.visit, s.Name, p.pass, what, ratio}] = value
		}
		switch {
		case p.state == waiting:
			patient := *p
			if l := s.law[p.kind]; l != nil && p.giveUpAt == forever { // it is plain that they wait for what comes next
				u, ratio := w.patience(p, s)
				w.setGivingUp(&patient, l, u, ratio)
			}
			if patient.giveUpAt > w.now && patient.giveUpAt < forever {
				drew("patience", p.mult[DropsOutAfter], patient.giveUpAt-p.joined)
			}
			if s.Kind == DelayKind && s.places == 0 && s.pool < 0 && p.endAt < forever {
				drew("takes", 1, p.endAt-p.joined)
			}
		case p.state == serving && s.Kind == BedsKind && c.m.extra && w.extras[slot].leaving: // after the stay
		case p.state == serving && s.Kind == BedsKind:
			drew("stay", p.mult[UnplannedDischarge]*s.beds[p.place].ratio[UnplannedDischarge], p.endAt-p.since)
		case p.state == serving:
			drew("takes", 1, p.endAt-p.since)
		}
	}
}

// agree holds that all who exist in both are the same people with the same luck, and says how many draws
// were compared.
func (c *census) agree(t *testing.T, o *census) (compared int) {
	t.Helper()
	for key, a := range c.who {
		if b, ok := o.who[key]; ok && a != b {
			t.Errorf("a person of %v is one of %v in the other", a, b)
		}
	}
	for at, a := range c.luck {
		if b, ok := o.luck[at]; ok {
			compared++
			if a != b {
				t.Errorf("%s of visit %d at %s, pass %d: %.6f days and %.6f", at.what, at.visit, at.stage, at.pass, a.days(), b.days())
			}
		}
	}
	return compared
}

// moreBeds changes only what is for sale.
func moreBeds(s Spec) Spec {
	s = deep(s)
	for i := range s.Stages {
		if b := s.Stages[i].Beds; b != nil {
			b.Places = append(b.Places, block("added", 2, 15000))
		}
	}
	return s
}

// deep copies the parts of a spec that tests change.
func deep(s Spec) Spec {
	s.Cohorts, s.Traits = slices.Clone(s.Cohorts), slices.Clone(s.Traits)
	s.Streams, s.Stages = slices.Clone(s.Streams), slices.Clone(s.Stages)
	for i := range s.Streams {
		s.Streams[i].Rates = slices.Clone(s.Streams[i].Rates)
	}
	for i := range s.Stages {
		if b := s.Stages[i].Beds; b != nil {
			b := *b
			b.Places = slices.Clone(b.Places)
			s.Stages[i].Beds = &b
		}
	}
	return s
}

func TestAChangeOfBedsLeavesEveryoneWhoTheyWere(t *testing.T) {
	compared := 0
	for i := range 5 {
		base, other := takeCensus(t, rich(), i), takeCensus(t, moreBeds(rich()), i)
		if len(base.who) < 400 || len(base.who) != len(other.who) {
			t.Errorf("%d people came, with more beds %d", len(base.who), len(other.who))
		}
		compared += base.agree(t, other)
	}
	if compared < 10000 {
		t.Errorf("only %d draws compared", compared)
	}
}

// otherMoney changes what is for sale, how it is paid for, and the money for it, in a whole spec.
func otherMoney(s Spec) Spec {
	s = moreBeds(s)
	s.Budgets = slices.Clone(s.Budgets)
	for i := range s.Budgets {
		s.Budgets[i].PerYear, s.Budgets[i].WhenSpent = 3*s.Budgets[i].PerYear, Overspend
	}
	for i := range s.Stages {
		if b := s.Stages[i].Beds; b != nil {
			for j := range b.Places {
				p := &b.Places[j]
				p.PerNight += 1000
				p.Nights *= 2
				switch {
				case p.Contract == Block && p.Beds != NoLimit:
					p.Beds++
				case p.Contract == Share:
					p.Contract, p.Others = Block, nil
					p.Beds = max(1, p.Beds)
				}
			}
		}
	}
	return s
}

func TestAChangeOfContractsAndMoneyLeavesEveryoneWhoTheyWere(t *testing.T) {
	compared, differ := 0, 0
	for i := range 300 {
		spec := rapid.Custom(wholeSpec).Example(i)
		base, other := takeCensus(t, spec, i), takeCensus(t, otherMoney(spec), i)
		compared += base.agree(t, other)
		if len(base.luck) != len(other.luck) {
			differ++
		}
	}
	if compared < 5000 || differ < 20 {
		t.Errorf("only %d draws compared, and only %d histories differ", compared, differ)
	}
}

func TestMoreDemandOnlyAddsPeople(t *testing.T) {
	for _, c := range []struct {
		name string
		more func(*Spec)
	}{
		{"half as much again", func(s *Spec) { s.Streams[0].Rates[0].PerYear *= 1.5 }},
		{"a little more", func(s *Spec) { s.Streams[1].Rates[0].PerYear += 5 }},
		{"growth", func(s *Spec) { s.Streams[0].Growth = 0.4 }},
		{"a cohort more", func(s *Spec) { s.Streams[1].Rates = append(s.Streams[1].Rates, CohortRate{"alcohol", 25}) }},
		{"a stream more", func(s *Spec) {
			s.Streams = append(s.Streams, Stream{Name: "another", Enters: "detox", Rates: []CohortRate{{"alcohol", 30}}})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i := range 3 {
				spec := deep(rich())
				c.more(&spec)
				base, other := takeCensus(t, rich(), i), takeCensus(t, spec, i)
				for key := range base.who {
					if _, ok := other.who[key]; !ok {
						t.Errorf("someone who came at %.3f does not with more demand", base.who[key].at.days())
					}
				}
				if len(other.who) <= len(base.who) {
					t.Errorf("%d people came, with more demand %d", len(base.who), len(other.who))
				}
				base.agree(t, other)
			}
		})
	}
}

// sameFigures holds that each figure of the base has the same totals in the other, replication by replication.
func sameFigures(t *testing.T, base, other Spec) {
	t.Helper()
	a := modelOf(t, base)
	b := modelOf(t, other, a.usual()...)
	for i := range 4 {
		x, _ := play(t, a, 9, i, nil)
		y, _ := play(t, b, 9, i, nil)
		for f, figure := range a.Figures() {
			if !agrees(x.y[f], y.y[f], 1e-12) || !agrees(x.n[f], y.n[f], 1e-12) {
				t.Errorf("replication %d, %s: %v of %v, in the other %v of %v", i, figure.ID, x.y[f], x.n[f], y.y[f], y.n[f])
			}
		}
		if len(x.bins) != len(y.bins) {
			t.Errorf("replication %d: samples differ", i)
		}
	}
}

func TestThePositionOfThingsInAScenarioChangesNothing(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Spec)
	}{
		{"stages reversed", func(s *Spec) { slices.Reverse(s.Stages) }},
		{"streams reversed", func(s *Spec) { slices.Reverse(s.Streams) }},
		{"cohorts reversed", func(s *Spec) { slices.Reverse(s.Cohorts) }},
		{"rates reversed", func(s *Spec) { slices.Reverse(s.Streams[0].Rates) }},
		{"traits reversed", func(s *Spec) { slices.Reverse(s.Traits) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			spec := deep(rich())
			c.change(&spec)
			sameFigures(t, rich(), spec)
			takeCensus(t, rich(), 0).agree(t, takeCensus(t, spec, 0))
		})
	}
}

func TestWhatIsAddedBesideThePathwayChangesNothing(t *testing.T) {
	aside := func(s *Spec) {
		s.Stages = append([]Stage{aDelay("aside", exponential(9), 2, to(ExitHome)...)}, s.Stages...)
	}
	for _, c := range []struct {
		name   string
		change func(*Spec)
	}{
		{"a stage that nobody enters", aside},
		{"a trait that does nothing", func(s *Spec) { s.Traits = append([]Trait{{Name: "tall", Share: Same(0.5)}}, s.Traits...) }},
		{"a cohort of nobody", func(s *Spec) { s.Cohorts = append([]string{"nobody"}, s.Cohorts...) }},
		{"a place that never opens", func(s *Spec) {
			p := block("later", 5, 0)
			p.From = 1e6
			s.Stages[6].Beds.Places = append([]Place{p}, s.Stages[6].Beds.Places...)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			spec := deep(rich())
			c.change(&spec)
			sameFigures(t, rich(), spec)
		})
	}
	t.Run("a stream to a stage of its own", func(t *testing.T) {
		spec := deep(rich())
		aside(&spec)
		spec.Streams = append([]Stream{{Name: "a-first", Enters: "aside", Rates: []CohortRate{{"alcohol", 200}}}}, spec.Streams...)
		a := modelOf(t, rich())
		var figures []string
		for _, id := range a.usual() { // all but those that count everyone
			if !slices.Contains([]string{"referrals", "completed", "cost_per_completion"}, id) && !slices.Contains([]string{"reached.detox", "reached.rehab"}, id[:min(13, len(id))]) {
				figures = append(figures, id)
			}
		}
		a, b := modelOf(t, rich(), figures...), modelOf(t, spec, figures...)
		x, _ := play(t, a, 9, 0, nil)
		y, _ := play(t, b, 9, 0, nil)
		for f, id := range figures {
			if !agrees(x.y[f], y.y[f], 1e-12) {
				t.Errorf("%s: %v, with the stream %v", id, x.y[f], y.y[f])
			}
		}
	})
}

// differences are the paired differences of more beds less the base, by figure.
func differences(t *testing.T, base, other Spec, replications int) map[string]Difference {
	t.Helper()
	f := experiment(t, replications, modelOf(t, base), modelOf(t, other))
	found := map[string]Difference{}
	for _, d := range f.Comparisons[0].Differences {
		found[d.ID] = d
	}
	return found
}

// plain is a pathway without loops, in which a change of rehab leaves all before it untouched, and a
// relapse brings some people back.
func plain() Spec {
	s := deep(rich())
	s.Name, s.WarmUp, s.Measure = "plain", 365, 3*365
	s.Streams = s.Streams[:1]
	s.Streams[0].Enters = "preparation"
	preparation := aGroup("preparation", Group{Meets: Schedule{1, 7}, Max: 10, Sessions: 4, Leaves: Same(0.02)}, to("detox")...)
	detox := aWard("detox", exponential(12), []Place{block("unit", 5, 40000)}, share("rehab", 0.5), Branch{To: ExitCommunity, Rest: true})
	detox.DropsOutAfter = laws(exponential(60))
	rehab := aWard("rehab", exponential(70), []Place{block("away", 8, 15000)}, to("aftercare")...)
	rehab.DropsOutAfter = laws(exponential(60))
	rehab.Beds.UnplannedDischarge = laws(exponential(200))
	s.Stages = []Stage{preparation, detox, rehab, anAftercare("aftercare", NoLimit, fixed(100), to(ExitHome)...)}
	s.Relapse.After = ByLeaving[dist.Law]{{Completed, "rehab", laws(exponential(300))}}
	s.Relapse.Returns = &Returns{Share: Same(0.3), After: laws(exponential(100)), To: "preparation"}
	return s
}

func moreRehab(s Spec) Spec {
	s = deep(s)
	s.Stages[2].Beds.Places[0].Beds += 2
	return s
}

func TestAChangeOfBedsDiffersInReferralsByNothingAtAll(t *testing.T) {
	d := differences(t, plain(), moreRehab(plain()), 60)["referrals"]
	if !d.Same || d.Value != 0 || d.Low != 0 || d.High != 0 {
		t.Errorf("referrals differ by %g (%g to %g), same: %v", d.Value, d.Low, d.High, d.Same)
	}
}

func TestPairingReducesTheVarianceOfDifferences(t *testing.T) {
	spec := plain()
	all := differences(t, spec, moreRehab(spec), 300)
	rehab, upstream := 0, 0
	for id, d := range all {
		switch {
		case stageOf(id) == "rehab" || stageOf(id) == "aftercare":
			if rehab++; d.VarianceReduction < 1 {
				t.Errorf("%s: pairing multiplies the variance by %.2f", id, 1/d.VarianceReduction)
			}
		case stageOf(id) == "detox" || stageOf(id) == "preparation": // by those who return, a little
			if upstream++; d.SE > 0 && d.VarianceReduction < 3 {
				t.Errorf("%s, upstream of the change: variance reduced only %.2f times", id, d.VarianceReduction)
			}
		}
	}
	if rehab < 15 || upstream < 20 {
		t.Errorf("only %d figures of rehab and %d upstream", rehab, upstream)
	}
	// Without returns nothing upstream differs at all.
	spec.Relapse.Returns = nil
	for id, d := range differences(t, spec, moreRehab(spec), 40) {
		if (stageOf(id) == "detox" || stageOf(id) == "preparation") && !d.Same {
			t.Errorf("%s differs by %g, upstream of the change", id, d.Value)
		}
	}
}

// stageOf is the stage that a figure's id begins with, or is about.
func stageOf(id string) string {
	for _, stage := range []string{"preparation", "detox", "rehab", "aftercare"} {
		for _, prefix := range []string{"", "lost.", "cost."} {
			if len(id) >= len(prefix+stage) && id[:len(prefix+stage)] == prefix+stage {
				return stage
			}
		}
	}
	return ""
}
