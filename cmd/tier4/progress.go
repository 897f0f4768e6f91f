package main

import (
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// watch shows how far a run is and how long it will take, if somebody looks. The first function
// takes in how many replications are finished, the second clears the line.
func watch(t *terminal, o *options, total int) (step func(done int), clear func()) {
	if o.quiet || !t.watched {
		return nil, func() {}
	}
	left := " time left "
	if o.precision > 0 {
		left = " time left at most "
	}
	bar, _, clear := barOf(t, total, left)
	return func(done int) { bar.SetCurrent(int64(done)) }, clear
}

// watchSome is watch where how much there is to do, total at first, is found out on the way. What is said
// meanwhile goes above the line.
func watchSome(t *terminal, o *options, total int) (step func(done, total int), above *terminal, clear func()) {
	if o.quiet || !t.watched {
		return nil, t, func() {}
	}
	bar, p, clear := barOf(t, total, " time left about ")
	step = func(done, total int) {
		bar.SetTotal(int64(total), false)
		bar.SetCurrent(int64(done))
	}
	return step, &terminal{out: t.out, err: p, width: t.width}, clear
}

// barOf draws the line.
func barOf(t *terminal, total int, left string) (bar *mpb.Bar, p *mpb.Progress, clear func()) {
	p = mpb.New(mpb.WithOutput(t.err), mpb.WithRefreshRate(150*time.Millisecond), mpb.WithWidth(40))
	bar = p.New(int64(total), mpb.BarStyle().Lbound("[").Filler("=").Tip(">").Padding(" ").Rbound("]"),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersNoUnit("%d of %d replications ")),
		mpb.AppendDecorators(decor.Name(left), decor.AverageETA(decor.ET_STYLE_GO)),
	)
	return bar, p, func() { bar.Abort(true); p.Wait() }
}
