package sim

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What holds of the twin itself, whatever it is asked to play.

func TestTheWholeEngineAndItsNaiveTwinTellTheSameStory(t *testing.T) {
	checks(t, 500, wholeTwinsAgree)
}

// wholeTwinsAgree holds the engine to its twin on whole specs.
func wholeTwinsAgree(rt *rapid.T) {
	sameStories(rt, wholeSpec(rt), rapid.Uint64Range(0, 50).Draw(rt, "seed"), 0)
}

func TestTheWholeTwinKeepsSimpleLaws(t *testing.T) {
	checks(t, 300, func(rt *rapid.T) {
		w := twinOf(wholeSpec(rt))
		steps := 0
		w.watch = func(what string, p *twinPerson) {
			switch what {
			case "steps":
				if steps++; steps > 500_000 {
					rt.Fatalf("round and round at %.6f", ticks(w.now).days())
				}
				twinStates(rt, w)
				twinRooms(rt, w)
			case "commits":
				twinMoney(rt, w, p, true)
			case "admits":
				twinMoney(rt, w, p, false)
			}
		}
		w.play(rapid.Uint64Range(0, 50).Draw(rt, "seed"), 0)
		twinLives(rt, w)
	})
}

// twinStates holds that nobody is lost: whoever is somewhere has a way on, and beds go with people.
func twinStates(t tester, w *twin) {
	for _, p := range w.people {
		inBed := p.where == "serving" && w.spec.Stages[p.stage].Kind == BedsKind
		ok := false
		switch p.where {
		case "serving", "fast", "hearing", "staying":
			ok = p.ends < twinNever
		case "waiting":
			ok = p.joined <= w.now
		case "away":
			ok = p.relapses < twinNever
		case "", "dead":
			ok = len(p.plans) == 0 && len(p.cases) == 0
		}
		if !ok || inBed && (p.bed == nil || p.bed.stage != p.stage) || p.bed != nil && !inBed && p.where != "staying" && !p.waits() || p.held != nil && !inBed && !p.waits() {
			t.Fatalf("at %.6f somebody is lost: %+v", ticks(w.now).days(), p)
		}
	}
}

// twinRooms holds that no place has more people than it ever had beds, no staff more cases than they can hold.
func twinRooms(t tester, w *twin) {
	for i, s := range w.spec.Stages {
		if s.Kind != BedsKind {
			continue
		}
		for j, b := range s.Beds.Places {
			most := b.Beds
			for _, c := range b.Capacity {
				if w.now >= twinMoment(c.From) && c.Beds > most {
					most = c.Beds
				}
			}
			inside := w.ours(i, j) + w.resting(i, j)
			if b.Contract == Share {
				most = b.Of
				for _, o := range w.others {
					if o.stage == i && o.place == j && o.where == "in" {
						inside++
					}
				}
			}
			if b.Beds != NoLimit && inside > most {
				t.Fatalf("at %.6f there are %d at %s %s, which has %d beds", ticks(w.now).days(), inside, s.Name, b.Name, most)
			}
			if left := w.nights[unitName(i, j)]; left < 0 && len(s.Beds.StaysOn) == 0 || left > int64(b.Nights) {
				t.Fatalf("at %.6f %s %s has %d nights left of %d", ticks(w.now).days(), s.Name, b.Name, left, b.Nights)
			}
		}
	}
	for _, pool := range w.spec.Staff {
		cases, before := 0, 0
		for _, p := range w.people {
			if p.cases[pool.Name] {
				cases++
				if p.started { // and had it, more of them than there should be perhaps
					before++
				}
			}
		}
		if cases > max(pool.Caseload, before) {
			t.Fatalf("at %.6f %s hold %d cases", ticks(w.now).days(), pool.Name, cases)
		}
	}
}

// twinMoney holds that a budget that holds people back has the money for what it has just let through: approvals, where
// it is those that it holds, or an admission.
func twinMoney(t tester, w *twin, p *twinPerson, approved bool) {
	for i, b := range w.spec.Budgets {
		need, charged := p.asks, w.charged(i, w.year)
		switch {
		case b.WhenSpent == Overspend, approved && b.WhenSpent == HoldAdmissions, !approved && (w.budgetOf(p.stage) != i || !paidByTheNight(&w.spec.Stages[p.stage].Beds.Places[p.bed.place])):
			continue
		case approved:
			plans := p.plans
			p.plans = nil
			need = charged - w.charged(i, w.year)
			p.plans = plans
		default:
			charged -= w.spec.Stages[p.stage].Costs.PerPerson // it is nights that have to be covered
		}
		if need > 0 && charged > w.available(i, w.year) {
			t.Fatalf("at %.6f %s is charged %d of %d", ticks(w.now).days(), b.Name, charged, w.available(i, w.year))
		}
	}
}

// twinLives holds that each life makes sense: nobody starts what they have not joined, leaves where they
// are not, or does anything once dead.
func twinLives(t tester, w *twin) {
	type life struct {
		on, bed string // the list they are on, the bed they are in
		dead    bool
	}
	lives := map[string]*life{}
	beds := map[string]bool{}
	for _, s := range w.spec.Stages {
		beds[s.Name] = s.Kind == BedsKind
	}
	for _, l := range w.lines {
		who, _, _ := strings.Cut(l.who, "/")
		if lives[who] == nil {
			lives[who] = &life{}
		}
		x := lives[who]
		fault := ""
		what := strings.Fields(l.what)
		switch {
		case l.who == "":
			continue
		case x.dead:
			fault = "is dead"
		case what[0] == "joins":
			x.on = what[1]
		case what[0] == "starts":
			if x.on != what[1] && l.at > 0 {
				fault = "is not on the list"
			}
			if beds[what[1]] {
				if x.bed != "" {
					fault = "is in a bed already"
				}
				x.bed = what[1]
			}
			x.on = ""
		case what[0] == "leaves":
			if beds[what[1]] && x.bed != what[1] {
				fault = "is not there"
			}
			if x.bed == what[1] {
				x.bed = ""
			}
		case l.what == "is out":
			if x.bed != "" {
				fault = "is still in a bed"
			}
			x.on = ""
		case l.what == "dies":
			x.dead = true
		}
		if fault != "" {
			t.Fatalf("at %.6f %s %s, but %s", l.at.days(), l.who, l.what, fault)
		}
	}
}
