package main

import (
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"tier4/calibration"
)

// watchGenerations shows how far a calibration is and how long it will take at most, if somebody looks. The
// first function takes in progress, the second clears the line.
func watchGenerations(t *terminal, quiet bool, task *calibration.Task) (step func(calibration.Progress), clear func()) {
	if quiet || !t.watched {
		return nil, func() {}
	}
	p := mpb.New(mpb.WithOutput(t.err), mpb.WithRefreshRate(150*time.Millisecond), mpb.WithWidth(30))
	var now, left atomic.Value
	now.Store("")
	left.Store("")
	text := func(v *atomic.Value) decor.Decorator {
		return decor.Any(func(decor.Statistics) string { return v.Load().(string) })
	}
	bar := p.New(int64(task.Screen), mpb.BarStyle().Lbound("[").Filler("=").Tip(">").Padding(" ").Rbound("]"),
		mpb.PrependDecorators(text(&now)), mpb.AppendDecorators(text(&left)))
	begun, before, generation := time.Now(), 0, 0
	return func(g calibration.Progress) {
		if g.Generation != generation {
			generation = g.Generation
		}
		bar.SetTotal(int64(g.Of), false)
		bar.SetCurrent(int64(min(g.Done, g.Of-1)))
		if g.Generation == 0 {
			now.Store("screen ")
		} else {
			now.Store(fmt.Sprintf("generation %d, %2.0f%% accepted ", g.Generation, 100*g.Acceptance()))
		}
		plays := before + g.Plays
		if g.Done == g.Of {
			before = plays
		}
		each := time.Since(begun) / time.Duration(max(1, plays))
		left.Store(fmt.Sprintf(" about %s left at most", (time.Duration(yet(g, task)) * each).Round(time.Second)))
	}, func() { bar.Abort(true); p.Wait() }
}

// firstAcceptance and halves guess what is to come: the first generation accepts about half of its proposals, and
// each accepts three quarters of what the one before did.
const (
	firstAcceptance = 0.5
	next            = 0.75
)

// yet is how many histories are to be played yet, if the calibration goes on until too few proposals are accepted.
func yet(g calibration.Progress, task *calibration.Task) float64 {
	acceptance, n := firstAcceptance/next, float64(g.Of-g.Done)
	if g.Generation > 0 {
		acceptance = max(task.Acceptance, (float64(g.Done)+1)/(float64(g.Plays)+2))
		n /= acceptance
	}
	for acceptance > task.Acceptance {
		acceptance *= next
		n += float64(task.Particles) / math.Max(acceptance, task.Acceptance)
	}
	return n
}
