package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios/explore"
	"tier4/sim"
)

// run plays the study and writes what was asked for.
func (s *study) run(ctx context.Context) error {
	step, clear := watch(s.t, s.o, s.most)
	e, r := s.experiment()
	e.Progress = step
	defer s.o.saving.gone()
	if s.o.saving.shard.Of > 0 {
		defer clear()
		return s.keepShards(ctx, e)
	}
	if err := s.o.saving.begin(s.t, s.manifest(), s.models); err != nil {
		clear()
		return err
	}
	e.Keeper = s.o.saving.blocks()
	ctx, wait, err := s.o.saving.distribute(ctx, s.t, s.distribution(ctx))
	if err != nil {
		clear()
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	runs := s.record(&e, r, cancel)
	findings, err := e.Run(ctx)
	away := wait(err == nil && !findings.Interrupted)
	clear()
	if away != nil {
		return away
	}
	if broken := s.o.saving.end(s.t, s.o.quiet, err == nil && !findings.Interrupted, s.most); broken != nil {
		return broken
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return fmt.Errorf("%s could not be written: %w", s.o.runs, plainly(cause))
	}
	if err != nil {
		return stopped(ctx, err)
	}
	r.Findings = findings
	if runs != nil {
		if err := runs.Close(); err != nil {
			return fmt.Errorf("%s could not be written: %w", s.o.runs, plainly(err))
		}
		if err := s.runs.keep(); err != nil {
			return err
		}
	}
	if err := s.write(r); err != nil {
		return err
	}
	if findings.Interrupted {
		return &failure{exitInterrupted, errors.New(r.Stopped())}
	}
	if missed := r.Missed(); len(missed) > 0 {
		return &failure{exitMissed, fmt.Errorf("missed: %s", strings.Join(missed, "; "))}
	}
	return nil
}

// experiment is what is to be played, and the report that its findings will make.
func (s *study) experiment() (sim.Experiment, *report.Study) {
	e := sim.Experiment{
		Models: s.models, Seed: s.seed, Replications: s.most, Workers: s.o.workers.n, Matters: s.matters,
		Precision: float64(s.o.precision), Precise: s.precise(), Family: s.family(), Nest: s.nest(),
	}
	r := &report.Study{
		Version: versionName(), Names: s.names, Scenarios: s.scenarios, Seed: s.seed, Asked: s.most,
		Precision: float64(s.o.precision), Precise: e.Precise, Figures: s.o.figures, Missing: s.missing, Between: s.between,
		Roots: s.roots(),
	}
	if e.Nest != nil {
		r.Draws = e.Nest.Draws
	} else {
		r.Undrawn = !s.o.fixed && explore.Unsure(s.scenarios...)
	}
	return e, r
}

// nest draws what the scenarios say nobody knows, unless their numbers are to be taken as they stand.
func (s *study) nest() *sim.Nest {
	if s.o.fixed {
		return nil
	}
	return explore.Nest(s.scenarios, s.models, s.seed, s.most)
}

// family are the figures whose verdicts belong together: those that a comparison's tables show, in
// every format alike, unless figures were asked for.
func (s *study) family() []string {
	if len(s.o.figures) > 0 && !s.o.everything() {
		return nil
	}
	ids := report.Compared(s.models[0])
	for _, m := range s.scenarios[0].Matters {
		ids = append(ids, m.Figure)
	}
	return ids
}

// precise are the figures that --precision is about.
func (s *study) precise() []string {
	if len(s.o.figures) > 0 && !s.o.everything() {
		return s.o.figures
	}
	return report.Headline(s.scenarios[0].Spec, s.models[0])
}

// record has every replication's figures written, if asked for; a failure cancels the run.
func (s *study) record(e *sim.Experiment, r *report.Study, cancel context.CancelCauseFunc) report.Runs {
	var sinks []report.Runs
	if s.o.booked() {
		r.Sample = report.NewSample(s.sampled())
		sinks = append(sinks, r.Sample)
	}
	var runs report.Runs
	if s.runs != nil {
		runs = report.RunsCSV(s.runs)
		if strings.EqualFold(filepath.Ext(s.o.runs), ".parquet") {
			runs = report.RunsParquet(s.runs)
		}
		sinks = append(sinks, runs)
	}
	if len(sinks) == 0 {
		return nil
	}
	e.Each = func(model, replication int, values []sim.Observation) {
		for _, to := range sinks {
			if err := to.Add(r.Title(model), replication+1, values); err != nil {
				cancel(err)
			}
		}
	}
	return runs
}

// sampled are the figures whose single replications a workbook holds.
func (s *study) sampled() []string {
	if len(s.o.figures) > 0 && !s.o.everything() {
		return s.o.figures
	}
	return report.Compared(s.models[0])
}

func (s *study) writer(r *report.Study) func(io.Writer) error {
	switch s.o.format {
	case "json":
		return r.JSON
	case "csv":
		return r.CSV
	case "markdown":
		return r.Page().Markdown
	}
	return func(w io.Writer) error { return r.Page().Text(w, s.t.width) }
}
