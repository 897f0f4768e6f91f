package main

import "testing"

func TestNearest(t *testing.T) {
	words := []string{"cost", "cost.void", "rehab.wait.mean", "referrals"}
	for word, want := range map[string]string{
		"cots": "cost", "costt": "cost", "rehab.wiat.mean": "rehab.wait.mean", "Referrals": "referrals", "weather": "", "": "",
	} {
		if got := nearest(word, words); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	for _, c := range []struct {
		a, b string
		n    int
	}{{"", "abc", 3}, {"abc", "acb", 1}, {"abc", "abc", 0}, {"kitten", "sitting", 3}} {
		if got := edits(c.a, c.b); got != c.n || edits(c.b, c.a) != c.n {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.n)
		}
	}
}
