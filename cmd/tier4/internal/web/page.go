package web

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
)

//go:embed pages
var layouts embed.FS

// Top is what every page begins with.
type Top struct{ Title, Version string }

func (s *Server) top(title string) Top { return Top{Title: title, Version: s.Version} }

// desk is the page on which scenarios are chosen and the answer is shown.
type desk struct {
	Top
	State    state
	Library  []option // the what-ifs that come with the tool, and those of the folder
	Bases    []option
	Groups   []group
	Own      string // the reader's own what-if, as YAML
	OwnFile  string
	Times    string
	Usual    int // replications that the base asks for
	Percent  string
	Unsure   bool // the base says that some numbers are uncertain
	Searched bool // and nothing was found
	Most     int
	MostTime int
	CanSave  bool
	Saved    string
	Faults   []string
	Answer   template.HTML
	Done     string // what the answer is from
	Ask      bool   // the script is to ask for the answer at once
}

// option is a scenario to choose.
type option struct {
	Name, Title, About string
	Chosen             bool
}

// show writes a page.
func (s *Server) show(w http.ResponseWriter, status int, page string, data any) {
	layout, err := template.ParseFS(layouts, "pages/layout.html", "pages/"+page+".html")
	var b bytes.Buffer
	if err == nil {
		err = layout.ExecuteTemplate(&b, "layout.html", data)
	}
	if err != nil {
		http.Error(w, "The page could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a reader who has gone needs no page
}

// refusal is a page that says no, and what to do.
type refusal struct {
	Top
	What, Instead string
	Lines         []string
	Back          string // address to go back to
}

// refuse answers with a status and says in words why.
func (s *Server) refuse(w http.ResponseWriter, _ *http.Request, status int, what, instead string, lines ...string) {
	s.show(w, status, "refusal", refusal{Top: s.top(what), What: what, Instead: instead, Lines: lines, Back: "/"})
}

// busy says that all places for experiments are taken.
func (s *Server) busy(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "5")
	s.refuse(w, r, http.StatusServiceUnavailable, "tier4 is busy", "It is working for other pages already, as many as it can at once. Try again in a few seconds, or stop one of the others.")
}

// asked is the state of a request, settled: what its boxes say is among the settings.
func (s *Server) asked(r *http.Request) (st state, base *scenarios.Scenario, faults []string, boxes bool) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		faults = append(faults, "The address cannot be read: something in it is not written as addresses are.")
	}
	st, more := stateOf(q)
	faults = append(faults, more...)
	if st.Base == "" {
		st.Base = s.first()
	}
	base, err = s.load(st.Base)
	if err != nil {
		return st, nil, append(faults, st.sayFaults(err)...), false
	}
	for field, values := range q {
		path, ok := strings.CutPrefix(field, boxPrefix)
		if !ok || path == "" {
			continue
		}
		boxes = true
		if !st.box(base, path, values[0]) {
			faults = append(faults, labelOf(path)+": what is in the box cannot be read; write it on one line.")
		}
	}
	slices.SortFunc(st.Sets, func(a, b setting) int { return strings.Compare(a.Path, b.Path) })
	st.file = s.ownFile(&st)
	return st, base, faults, boxes
}

// box takes in what a box of the form holds: nothing, if that is what the scenario has.
func (st *state) box(base *scenarios.Scenario, path, text string) bool {
	l, ok := leverAt(base, &state{}, path)
	text = strings.TrimSpace(text)
	switch {
	case !oneLine(path+text) || len(text) > mostValue || len(st.Sets) >= mostSettings:
		return false
	case ok && l.same(text), text == "":
		st.drop(path)
	default:
		st.put(path, l.written(text))
	}
	return true
}

// first is the base that is shown unless one is chosen: the first file of the folder that stands by itself,
// or the first of the library.
func (s *Server) first() string {
	files, _ := s.Folder.Files()
	for _, f := range files {
		if one, err := s.Folder.Load(f.Name); err == nil && one.Extends == "" {
			return f.Name
		}
	}
	return scenarios.List()[0].Name
}

// page shows what can be chosen.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	st, base, faults, boxes := s.asked(r)
	if boxes && len(faults) == 0 { // a form was sent: its address is long, the state's is short
		http.Redirect(w, r, "/?"+st.Query(), http.StatusSeeOther)
		return
	}
	d := s.desk(&st, base, faults)
	d.Ask = r.URL.RawQuery != "" && st.Find == "" && len(faults) == 0 && (len(st.Sets) > 0 || len(st.With) > 0)
	d.Saved = one(r.URL.Query(), "saved", 100)
	s.show(w, statusOf(d.Faults), "desk", d)
}

func statusOf(faults []string) int {
	if len(faults) > 0 {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// desk is the page of a state.
func (s *Server) desk(st *state, base *scenarios.Scenario, faults []string) desk {
	d := desk{
		Top: s.top("Detox and rehab: what would a choice change?"), State: *st, Percent: percentText(st.Precision),
		Faults: faults, CanSave: s.Folder.Writable(), Most: mostTimes, OwnFile: st.file,
	}
	files, err := s.Folder.Files()
	if err != nil {
		d.Faults = append(d.Faults, "The folder could not be read.")
	}
	for _, info := range append(files, scenarios.List()...) {
		o := option{Name: info.Name, Title: info.Title, About: info.About}
		o.Chosen = o.Name == st.Base
		d.Bases = append(d.Bases, o)
		if o.Chosen = slices.Contains(st.With, o.Name); o.Name != st.Base {
			d.Library = append(d.Library, o)
		}
	}
	slices.SortStableFunc(d.Library, func(a, b option) int { return chosenFirst(a) - chosenFirst(b) })
	if base == nil {
		return d
	}
	d.Groups, d.Usual = levers(base, st), base.Replications
	d.Unsure = base.Unknowns != nil
	d.Searched = st.Find != "" && !slices.ContainsFunc(d.Groups, func(g group) bool { return g.Title == "Other numbers" })
	if len(st.Sets) > 0 {
		d.Own = string(st.ownText())
		if _, err := s.own(st); err != nil {
			d.Faults = append(d.Faults, st.sayFaults(err)...)
		}
	}
	return d
}

// chosenFirst is the place of an option among others: what is chosen is in sight.
func chosenFirst(o option) int {
	if o.Chosen {
		return 0
	}
	return 1
}

// answered works the answer out and shows the page with it, for browsers without script.
func (s *Server) answered(w http.ResponseWriter, r *http.Request) {
	st, base, faults, boxes := s.asked(r)
	if boxes && len(faults) == 0 {
		http.Redirect(w, r, "/answer?"+st.Query(), http.StatusSeeOther)
		return
	}
	d := s.desk(&st, base, faults)
	if len(d.Faults) == 0 {
		study, err := s.work(r, &st, "")
		switch {
		case errors.Is(err, errBusy):
			s.busy(w, r)
			return
		case r.Context().Err() != nil:
			return
		case err != nil:
			d.Faults = st.sayFaults(err)
		default:
			d.Answer, d.Done = board(study), doneWords(study)
		}
	}
	s.show(w, statusOf(d.Faults), "desk", d)
}

// board is a study as part of the page.
func board(study *report.Study) template.HTML {
	var b strings.Builder
	page, err := study.Board()
	if err == nil {
		err = page.Fragment(&b)
	}
	if err != nil {
		return template.HTML("<p>" + template.HTMLEscapeString("The answer could not be drawn: "+err.Error()) + "</p>")
	}
	return template.HTML(b.String()) // made by the report's own template
}
