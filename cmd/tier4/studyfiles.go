package main

import (
	"path/filepath"

	"tier4/cmd/tier4/internal/report"
)

// The files of a study: made sure of before the work starts, and kept only when whole.

// open makes sure of the files.
func (s *study) open() (err error) {
	for _, name := range s.names {
		for _, file := range append([]string{s.o.out, s.o.runs, s.o.statements}, s.o.reports...) {
			if file != "" && filepath.Clean(name) == filepath.Clean(file) {
				return bad("%s is the scenario itself; give another file to write", name)
			}
		}
	}
	for _, f := range []struct {
		name string
		to   **outFile
	}{{s.o.out, &s.out}, {s.o.runs, &s.runs}, {s.o.statements, &s.bills}} {
		if f.name != "" {
			if *f.to, err = createFile(f.name, s.o.force); err != nil {
				return err
			}
		}
	}
	for _, name := range s.o.reports {
		f, err := createFile(name, s.o.force)
		if err != nil {
			return err
		}
		s.reports = append(s.reports, f)
	}
	if s.o.plot != "" {
		s.plots, err = createFolder(s.o.plot, s.o.force)
	}
	return err
}

// write writes what was asked for, the page last.
func (s *study) write(r *report.Study) error {
	if s.bills != nil {
		if err := writeOut(s.t, s.bills, r.StatementsCSV); err != nil {
			return err
		}
	}
	if s.plots != nil {
		charts, err := r.Charts()
		if err == nil {
			err = plot(s.plots, charts)
		}
		if err != nil {
			return err
		}
	}
	if len(s.reports) > 0 {
		r.Command = s.again()
	}
	for _, f := range s.reports {
		if err := writeOut(s.t, f, reportWriter(f.name, r)); err != nil {
			return err
		}
	}
	if s.o.silent {
		return nil
	}
	return writeOut(s.t, s.out, s.writer(r))
}

// drop removes the files that were not finished.
func (s *study) drop() {
	s.out.drop()
	s.runs.drop()
	s.bills.drop()
	s.plots.drop()
	for _, f := range s.reports {
		f.drop()
	}
}
