package dist

import "testing"

var sink float64

func BenchmarkDraw(b *testing.B) {
	stay, k := NameOf("rehab").And(NameOf("stay")), Root(20250401, 0).Int(34).Int(0)
	sum := 0.0
	for i := range b.N {
		sum += k.Draw(stay, uint32(i), 0)
	}
	sink = sum
}

// A person's first draw: the prefix folded in as well.
func BenchmarkDrawOfANewPerson(b *testing.B) {
	stay, k := NameOf("rehab").And(NameOf("stay")), Root(20250401, 0).Name(NameOf("community"))
	sum := 0.0
	for i := range b.N {
		sum += k.Int(uint64(i)).Int(0).Draw(stay, 1, 0)
	}
	sink = sum
}

func BenchmarkAtSurvival(b *testing.B) {
	us := make([]float64, 1<<12)
	for i := range us {
		us[i] = Root(1, 0).Draw(NameOf("bench"), uint32(i), 0)
	}
	for _, c := range []struct {
		name string
		law  Law
	}{
		{"fixed", must(Fixed(7))},
		{"uniform", must(Uniform(0, 3))},
		{"triangular", must(Triangular(0, 1, 4))},
		{"pert", must(Pert(0, 1, 4))},
		{"normal", must(Normal(10, 4))},
		{"exponential", must(Exponential(110))},
		{"gamma", must(Gamma(84, 25))},
		{"gamma-shape-0.7", must(GammaShape(0.7, 4))},
		{"weibull", must(Weibull(0.7, 210))},
		{"lognormal", must(Lognormal(12, 9))},
		{"loglogistic", must(Loglogistic(2, 20))},
		{"mixture", bimodal()},
		{"empirical", must(Empirical(us))},
	} {
		b.Run(c.name+"/exact", func(b *testing.B) { benchDraws(b, c.law, us) })
		if tab := Tabulate(c.law); tab != c.law {
			b.Run(c.name+"/table", func(b *testing.B) { benchDraws(b, tab, us) })
		}
	}
}

func benchDraws(b *testing.B, l Law, us []float64) {
	b.ReportAllocs()
	sum := 0.0
	for i := range b.N {
		sum += l.AtSurvival(us[i&(len(us)-1)])
	}
	sink = sum
}

func BenchmarkWithHazardRatio(b *testing.B) {
	tab, u := Tabulate(must(Gamma(84, 25))), 0.37
	for _, c := range []struct {
		name  string
		law   Law
		ratio float64
	}{
		{"exponential", must(Exponential(110)), 0.7},
		{"gamma-table", tab, 0.7},
		{"gamma-table-ratio-1", tab, 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			for range b.N {
				sink += WithHazardRatio(c.law, u, c.ratio)
			}
		})
	}
}

func BenchmarkTabulate(b *testing.B) {
	for _, l := range []Law{must(Gamma(84, 25)), must(Lognormal(12, 9)), must(Pert(0, 1, 4)), bimodal()} {
		b.Run(l.String(), func(b *testing.B) {
			for range b.N {
				sink += Tabulate(l).Mean()
			}
		})
	}
}
