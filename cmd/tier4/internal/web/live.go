package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tier4/cmd/tier4/internal/report"
)

// errBusy says that all places for experiments are taken.
var errBusy = errors.New("busy")

// work plays what a state asks for, to the end.
func (s *Server) work(r *http.Request, st *state, ending string) (*report.Study, error) {
	if !s.begin() {
		return nil, errBusy
	}
	defer s.end()
	ctx, cancel := context.WithTimeout(r.Context(), MostRunTime)
	defer cancel()
	return s.Play(ctx, s.wish(st, ending))
}

// wish is the experiment of a state.
func (s *Server) wish(st *state, ending string) Play {
	return Play{Names: st.names(), Load: s.loader(st), Replications: st.Times, Precision: st.Precision, Fixed: st.Fixed, Ending: ending}
}

// Pace of the pictures: the first at once, then ever more slowly, as the answer moves less and less.
const (
	firstGap  = 150 * time.Millisecond
	lastGap   = 2 * time.Second
	slowingBy = 1.3
)

// live streams the answer while it sharpens (server-sent events): `progress`, `answer`, and at the end `done`
// or `fault`. It ends when the reader closes the stream.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	st, base, faults, _ := s.asked(r)
	if d := s.desk(&st, base, faults); len(d.Faults) > 0 {
		s.stream(w).send("fault", faultsHTML(d.Faults))
		return
	}
	if !s.begin() {
		s.busy(w, r)
		return
	}
	defer s.end()
	ctx, cancel := context.WithTimeout(r.Context(), MostRunTime)
	defer cancel()
	out := s.stream(w)
	p := s.wish(&st, "")
	var last time.Time
	gap := firstGap
	p.Glance = func(done, most int, soFar func() *report.Study) {
		if time.Since(last) < gap || done == most {
			return
		}
		if out.send("answer", string(board(soFar()))) != nil || out.send("progress", progressJSON(done, most)) != nil {
			cancel() // the reader has gone
		}
		if !last.IsZero() {
			gap = min(lastGap, time.Duration(float64(gap)*slowingBy))
		}
		last = time.Now()
	}
	study, err := s.Play(ctx, p)
	switch {
	case r.Context().Err() != nil:
	case err != nil:
		_ = out.send("fault", faultsHTML(st.sayFaults(err)))
	default:
		_ = out.send("answer", string(board(study)))
		_ = out.send("done", doneWords(study))
	}
}

// doneWords say what an answer is from.
func doneWords(study *report.Study) string {
	f := study.Findings
	text := fmt.Sprintf("Played %s times", thousands(f.Replications))
	if f.Replications == 1 {
		text = "Played once"
	}
	switch {
	case study.Precision > 0 && f.PrecisionMet:
		return text + ": as sure as you asked for."
	case study.Precision > 0:
		return text + ", the most allowed: some figures are still less sure than you asked for."
	}
	return text + "."
}

// thousands writes a whole number with commas.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func progressJSON(done, most int) string {
	b, _ := json.Marshal(map[string]any{"done": done, "most": most, "text": fmt.Sprintf("Played %s of %s times", thousands(done), thousands(most))})
	return string(b)
}

// faultsHTML is the list of what is wrong, as the script puts it into the page.
func faultsHTML(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString("<li>" + template.HTMLEscapeString(line) + "</li>")
	}
	return b.String()
}

// events writes server-sent events.
type events struct {
	w http.ResponseWriter
	c *http.ResponseController
}

func (s *Server) stream(w http.ResponseWriter) events {
	w.Header().Set("Content-Type", "text/event-stream")
	return events{w, http.NewResponseController(w)}
}

// send writes an event. A reader who takes nothing for too long is given up.
func (e events) send(name, data string) error {
	var b strings.Builder
	b.WriteString("event: " + name + "\n")
	for line := range strings.Lines(strings.TrimRight(data, "\n") + "\n") {
		b.WriteString("data: " + strings.TrimRight(line, "\r\n") + "\n")
	}
	b.WriteString("\n")
	_ = e.c.SetWriteDeadline(time.Now().Add(writeTime)) // not every writer has one
	if _, err := e.w.Write([]byte(b.String())); err != nil {
		return err
	}
	return e.c.Flush()
}
