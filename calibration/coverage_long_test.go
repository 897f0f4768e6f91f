//go:build long

package calibration

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"tier4/sim/dist"
)

// Talts, Betancourt, Simpson, Vehtari and Gelman (2018): if numbers are drawn from what is believed beforehand, an
// extract is played with them, and it is calibrated to, then the rank of each number in its posterior sample is
// as likely to be one as another, and 95% of the 95% intervals hold it. Populations are a seventh of the usual
// size and the scenario is small, so that it takes minutes; the method is the one that the command has.

// drawn is a number that is drawn for each extract.
type drawn struct {
	path string
	at   func(u float64) float64
	sd   float64 // of what it is drawn from
	most float64 // of that may be left, on average; 0 for any
}

// believed are the values of a posterior that could have been drawn: those of a directly seen number are found
// without bounds, with the same prior within them.
func (d *drawn) believed(column []float64) []float64 {
	low, high := d.at(0), d.at(1)
	return slices.DeleteFunc(column, func(x float64) bool { return x < low || x > high })
}

// between draws so that the logarithm is anywhere alike, which is the prior of a law's length.
func between(low, high float64) (at func(u float64) float64, sd float64) {
	at = func(u float64) float64 { return low * math.Pow(high/low, u) }
	r := math.Log(high / low)
	mean, square := (high-low)/r, (high*high-low*low)/(2*r)
	return at, math.Sqrt(square - mean*mean)
}

func drawnNumbers(t *testing.T) (all []drawn) {
	t.Helper()
	p := planned(t, small(t, extractOf(t, clinic(t), 1, ByReferral)))
	for i := range p.Sought {
		one := &p.method.Parameters[i]
		_, sd := one.PriorMoments()
		at := func(u float64) float64 { return one.At(min(max(u, 1e-9), 1-1e-9)) }
		all = append(all, drawn{path: p.Sought[i].Path, at: at, sd: sd})
	}
	all[0].most = 0.15 // rehab beds
	for _, law := range []struct {
		path            string
		low, high, most float64
	}{
		{panelPatience, 20, 200, 0},
		{rehabPatience, 15, 150, 0},
		{"referrals.community.per_year.opiates", 40, 90, 0},
	} {
		at, sd := between(law.low, law.high)
		all = append(all, drawn{law.path, at, sd, law.most})
	}
	return all
}

const extracts = 200

const (
	panelPatience = "pathway.panel.drops_out_after.exponential.mean"
	rehabPatience = "pathway.rehab.drops_out_after.exponential.mean"
)

func TestSimulationBasedCalibration(t *testing.T) {
	numbers := drawnNumbers(t)
	ranks := make([][]float64, len(numbers)) // where the truth lies in its posterior, from 0 to 1
	left := make([]float64, len(numbers))    // standard deviation
	for n := range extracts {
		luck := dist.NewStream(dist.Root(2018, n))
		truth := make([]float64, len(numbers))
		var sets []string
		for k, d := range numbers {
			truth[k] = d.at(luck.Uniform())
			sets = append(sets, fmt.Sprintf("%s=%g", d.path, truth[k]))
		}
		x := extractOf(t, clinic(t, sets...), uint64(n), ByReferral)
		task := small(t, x)
		task.Screen, task.Particles, task.Acceptance, task.Seed = 256, 150, 0.08, uint64(n)
		p := planned(t, task)
		s, err := p.Run(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		post := p.method.Posterior(s)
		var rows [][]float64
		for _, i := range post.Draws(usualRows) {
			rows = append(rows, p.values(post.Theta[i], post.Seeds[i]))
		}
		for k, d := range numbers {
			column := columnOf(p, rows, d.path)
			if column = d.believed(column); len(column) == 0 { // nobody gave up: it is left as it is, and said so
				continue
			}
			ranks[k] = append(ranks[k], rankIn(column, truth[k], luck.Uniform()))
			_, sd := meanAndSD(column)
			left[k] += sd
		}
		if n%20 == 19 || testing.Verbose() {
			plays, last := 0, s.History[len(s.History)-1]
			for _, h := range s.History {
				plays += h.Plays
			}
			t.Logf("%d extracts; the last took %d generations and %d histories, accepting %.2f: %.3v %.3v of %.3v", n+1, len(s.History)-1, plays, last.Acceptance, last.Mean, last.SD, truth)
		}
	}
	for k, d := range numbers {
		judge(t, d, ranks[k], left[k])
	}
}

// What an extract of the usual size, some 430 people, tells of how long they wait before they give up.
func TestPatienceIsLearnt(t *testing.T) {
	const draws = 400
	most := map[string]float64{panelPatience: 0.35, rehabPatience: 0.5}
	left, of := map[string]float64{}, map[string]float64{}
	numbers := drawnNumbers(t)
	for n := range extracts {
		luck := dist.NewStream(dist.Root(2020, n))
		sets := []string{"pathway.rehab.places.unit.beds=14", "pathway.panel.cases=10", "referrals.community.per_year.alcohol=100", "referrals.community.per_year.opiates=120"}
		for _, d := range numbers {
			if u := luck.Uniform(); most[d.path] > 0 {
				sets = append(sets, fmt.Sprintf("%s=%g", d.path, d.at(u)))
			}
		}
		x := extractOf(t, clinic(t, sets...), uint64(n), ByReferral)
		p := planned(t, small(t, x))
		var rows [][]float64
		for seed := range uint64(draws) {
			rows = append(rows, p.values(p.nominal(), seed))
		}
		for _, d := range numbers {
			column := d.believed(columnOf(p, rows, d.path))
			if most[d.path] == 0 || len(column) < 2 {
				continue
			}
			_, sd := meanAndSD(column)
			left[d.path] += sd / d.sd
			of[d.path]++
		}
	}
	for path, bound := range most {
		share := left[path] / of[path]
		t.Logf("%s: %.2f of the prior's deviation left, over %.0f extracts", path, share, of[path])
		if of[path] < 0.9*extracts || share > bound {
			t.Errorf("%s: %.2f of the prior's deviation is left, more than %.2f", path, share, bound)
		}
	}
}

// columnOf are the values of a number, none where the extract shows nothing of it.
func columnOf(p *Plan, rows [][]float64, path string) (column []float64) {
	for i, n := range p.numbers {
		if n.Path == path {
			for _, row := range rows {
				column = append(column, row[i])
			}
			return column
		}
	}
	return nil
}

// rankIn is the share of values below another, those equal to it parted at random.
func rankIn(values []float64, v, u float64) float64 {
	below, equal := 0.0, 0.0
	for _, x := range values {
		switch {
		case x < v:
			below++
		case x == v:
			equal++
		}
	}
	return (below + u*equal) / float64(len(values))
}

// judge holds ranks to be spread evenly: how many 95% intervals hold the truth, and 10 bins by chi-squared.
func judge(t *testing.T, d drawn, ranks []float64, left float64) {
	t.Helper()
	const bins = 10
	held, n := 0, float64(len(ranks))
	left /= n
	var counts [bins]float64
	for _, r := range ranks {
		if r > 0.025 && r < 0.975 {
			held++
		}
		counts[min(bins-1, int(r*bins))]++
	}
	chi, expected := 0.0, n/bins
	for _, c := range counts {
		chi += (c - expected) * (c - expected) / expected
	}
	p := distuv.ChiSquared{K: bins - 1}.Survival(chi)
	t.Logf("%-52s held %d of %d, ranks %v (p = %.3f), %.2f of the prior's deviation left", d.path, held, len(ranks), counts, p, left/d.sd)
	if float64(held) < n*181/200 || float64(held) > n*198/200 {
		t.Errorf("%s: %d of %d intervals hold the truth", d.path, held, len(ranks))
	}
	if p < 0.001 {
		t.Errorf("%s: its ranks are uneven, p = %.2g", d.path, p)
	}
	if d.most > 0 && left/d.sd > d.most {
		t.Errorf("%s: %.2f of the prior's deviation is left, more than %.2f", d.path, left/d.sd, d.most)
	}
}

// The third year of an extract, predicted from the first two.
func TestThirdYearIsPredicted(t *testing.T) {
	numbers := drawnNumbers(t)
	within, of := 0, 0
	for n := range 50 {
		luck := dist.NewStream(dist.Root(2019, n))
		sets := []string{"measure=3 years"}
		for _, d := range numbers {
			sets = append(sets, fmt.Sprintf("%s=%g", d.path, d.at(luck.Uniform())))
		}
		x := extractOf(t, clinic(t, sets...), uint64(1000+n), ByReferral)
		task := small(t, x, "measure=3 years")
		task.HoldOut = x.From + 730
		task.Screen, task.Particles, task.Acceptance, task.Seed = 256, 150, 0.08, uint64(n)
		r := calibrated(t, task)
		for _, c := range r.Ahead {
			of++
			if c.Observed >= c.Low && c.Observed <= c.High {
				within++
			}
		}
	}
	share := float64(within) / float64(of)
	t.Logf("%.1f%% of %d figures of a third year lie within their 90%% range", 100*share, of)
	if share < 0.84 || share > 0.95 {
		t.Errorf("%.1f%% of figures lie within their 90%% range", 100*share)
	}
}
