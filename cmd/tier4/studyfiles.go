package main

import (
	"tier4/cmd/tier4/internal/report"
)

// The files of a study: made sure of before the work starts, and kept only when whole.

// open makes sure of the files.
func (s *study) open() error {
	for _, name := range s.names {
		for _, file := range []string{s.o.out, s.o.runs, s.o.statements} {
			if file != "" && oneFile(name, file) {
				return bad("%s is the scenario itself; give another file to write", name)
			}
		}
	}
	if err := createAll(s.o.force, wanted{s.o.out, &s.out, createText}, wanted{s.o.runs, &s.runs, createFile}, wanted{s.o.statements, &s.bills, createFile}); err != nil {
		return err
	}
	return s.o.papers.open(s.o.force, s.names)
}

// write writes what was asked for, the page last.
func (s *study) write(r *report.Study) error {
	if s.bills != nil {
		if err := writeOut(s.t, s.bills, r.StatementsCSV); err != nil {
			return err
		}
	}
	r.Command = s.again()
	if err := s.o.papers.write(s.t, r.Charts, r.Write); err != nil {
		return err
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
	s.o.papers.drop()
}
