package dist_test

import (
	"fmt"

	"tier4/sim/dist"
)

// One replication draws a stay and a patience for the same person: the
// address names each, and a change to one leaves the other as it was.
func Example() {
	stays, err := dist.Gamma(84, 25)
	if err != nil {
		fmt.Println(err)
		return
	}
	patience, err := dist.Exponential(60)
	if err != nil {
		fmt.Println(err)
		return
	}
	stays = dist.Tabulate(stays) // once a model

	stay := dist.NameOf("rehab").And(dist.NameOf("stay"))
	wait := dist.NameOf("rehab").And(dist.NameOf("patience"))
	stream := dist.Root(20250401, 0).Name(dist.NameOf("community"))
	for person := range uint64(3) {
		visit := stream.Int(person).Int(0)
		fmt.Printf("person %d would wait %.0f days and stay %.0f\n", person,
			patience.AtSurvival(visit.Draw(wait, 1, 0)), stays.AtSurvival(visit.Draw(stay, 1, 0)))
	}
	// Output:
	// person 0 would wait 54 days and stay 105
	// person 1 would wait 23 days and stay 91
	// person 2 would wait 88 days and stay 80
}

func ExampleGamma() {
	_, err := dist.Gamma(84, -3)
	fmt.Println(err)
	// Output: sd must be above 0, not -3
}

func ExampleLognormalMedian() {
	l, err := dist.LognormalMedian(10, 0.9, 30)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(l)
	fmt.Printf("mean %.1f days; %.0f%% take more than 60 days\n", l.Mean(), 100*l.Survival(60))
	// Output:
	// lognormal: {median: 10 days, p90: 30 days}
	// mean 14.4 days; 2% take more than 60 days
}

// Keeping in touch lowers the hazard of giving up to 70%.
func ExampleWithHazardRatio() {
	patience, err := dist.WeibullMean(0.9, 70)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f days, or %.1f with a hazard ratio of 0.7\n",
		patience.AtSurvival(0.5), dist.WithHazardRatio(patience, 0.5, 0.7))
	// Output:
	// 44.3 days, or 65.8 with a hazard ratio of 0.7
}

// Aftercare halves the hazard of relapse for its first 26 weeks. One standard
// exponential is spent on the hazard, piece by piece.
func ExampleCumulativeHazard() {
	relapse, err := dist.WeibullMedian(0.6, 90)
	if err != nil {
		fmt.Println(err)
		return
	}
	const e, ends, ratio = 0.9, 182.0, 0.5
	inAftercare := ratio * dist.CumulativeHazard(relapse, ends)
	at := dist.AtCumulativeHazard(relapse, e/ratio)
	if e > inAftercare {
		at = dist.AtCumulativeHazard(relapse, dist.CumulativeHazard(relapse, ends)+e-inAftercare)
	}
	fmt.Printf("after %.0f days instead of %.0f\n", at, dist.AtCumulativeHazard(relapse, e))
	// Output:
	// after 300 days instead of 139
}

func ExampleEmpirical() {
	l, err := dist.Empirical([]float64{12, 3, 7, 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(l, dist.Quantile(l, 0.75))
	// Output: empirical: [3 days, 3 days, 7 days, 12 days] 7
}
