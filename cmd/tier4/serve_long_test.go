//go:build long

package main

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestLoadForAMinute(t *testing.T) { load(t, 50, 4, time.Minute) }

// TestFirstPicture: the first picture of the example comes within 300 ms, on the second asking of a cold server.
func TestFirstPicture(t *testing.T) {
	address := servedPage(t, "")
	fetched(t, 200, address+"/?base=medway")
	best := time.Hour
	for range 5 {
		start := time.Now()
		w, err := http.Get(address + "/live?base=medway&set=pathway.rehab.places.riverside.beds%3D6")
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(w.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() && !strings.Contains(lines.Text(), "<svg") {
		}
		best = min(best, time.Since(start))
		w.Body.Close()
	}
	if best > 300*time.Millisecond {
		t.Errorf("the first picture takes %v", best)
	}
}
