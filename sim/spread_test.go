package sim

import (
	"context"
	"slices"
	"testing"
)

func TestSpreadsAgreeWithFigures(t *testing.T) {
	m, err := modelOf(t, small()).Measuring("ward.admitted.wait.p90", "ward.admitted.wait.median", "ward.admitted.wait.within_21_days", "ward.admitted.wait.within_5_days")
	if err != nil {
		t.Fatal(err)
	}
	s := run(t, context.Background(), Experiment{Models: []*Model{m}, Seed: 5, Replications: 200}).Summaries[0]
	if len(s.Waits) != 1 || s.Waits[0].ID != "ward.admitted.wait" {
		t.Fatalf("spreads %+v", s.Waits)
	}
	within := s.Waits[0].Within
	if !slices.IsSorted(within) || within[0] < 0 || within[len(within)-1] != 1 {
		t.Errorf("shares within days do not rise to 1: %v", within)
	}
	for id, day := range map[string]int{"ward.admitted.wait.within_21_days": 21, "ward.admitted.wait.within_5_days": 5} {
		e, _ := s.Find(id)
		if got := within[min(day, len(within)-1)]; abs(got-e.Value) > 0.01 {
			t.Errorf("%s is %v, but %v waited so long at most", id, e.Value, got)
		}
	}
	if p90, _ := s.Find("ward.admitted.wait.p90"); within[int(p90.Value)] > 0.9 || within[int(p90.Value)+1] < 0.9 {
		t.Errorf("9 in 10 within %v days, but within whole days around it %v", p90.Value, within[int(p90.Value):int(p90.Value)+2])
	}
}
