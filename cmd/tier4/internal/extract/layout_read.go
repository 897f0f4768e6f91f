package extract

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tier4/calibration"
	"tier4/scenarios"
	"tier4/sim"
)

// layoutReader reads a file of columns against the header of the extract.
type layoutReader struct {
	t      *table
	l      *layout
	faults scenarios.Faults
	to     scenarios.Outline // where the window's end stands, if it does
}

func (r *layoutReader) fault(f scenarios.Fault) { r.faults = append(r.faults, f) }

// names are all texts under `columns:`, among which the names of columns are.
func names(o scenarios.Outline) (all []string) {
	for _, e := range o.Entries() {
		if e.Key == "columns" && e.Value.IsMap() {
			all = append(all, leaves(e.Value)...)
		}
	}
	return all
}

func leaves(o scenarios.Outline) (all []string) {
	for _, e := range o.Entries() {
		if text, ok := e.Value.Text(); ok {
			for _, part := range otherwise.Split(text, -1) {
				if m := shifted.FindStringSubmatch(part); m != nil {
					all = append(all, strings.TrimSpace(m[1]))
				}
				all = append(all, strings.TrimSpace(part))
			}
		} else {
			all = append(all, leaves(e.Value)...)
		}
	}
	return all
}

var topKeys = []string{"columns", "selected_by", "window", "extract_date", "dates", "meetings", "cohorts", "outcomes", "contracts", "sources", "reasons"}

// read reads the whole file.
func (r *layoutReader) read(o scenarios.Outline) {
	for _, e := range o.Entries() {
		switch e.Key {
		case "columns":
			r.columns(e.Value)
		case "selected_by":
			r.selection(e.Value)
		case "window":
			r.window(e.Value)
		case "extract_date":
			r.l.extracted = r.date(e.Value)
		case "dates":
			r.dates(e.Value)
		case "meetings":
			r.meetings(e.Value)
		case "cohorts", "outcomes", "contracts", "sources", "reasons":
			r.meanings(e)
		default:
			instead := scenarios.Meant(e.Key, topKeys) + "the keys are " + scenarios.Quoted(topKeys, "and")
			if strings.Contains(e.Key, ".") || slices.Contains(columnKeys, e.Key) {
				instead = "put it under `columns:`"
			}
			r.fault(e.Fault("`"+e.Key+"` is no key of a file of columns", instead))
		}
	}
	if r.l.extracted.Known() && r.l.last > r.l.extracted {
		r.fault(r.to.Fault(fmt.Sprintf("the window ends on %s, after the extract of %s, which cannot know of referrals until then", r.l.last, r.l.extracted),
			"let it end by the day of the extract, or correct `extract_date:`"))
	}
}

var (
	columnKeys = []string{"episode", "person", "cohort", "source", "referred", "closed", "reason", "traits"}
	stageKeys  = []string{"kind", "listed", "admitted", "left", "outcome", "contract"}
)

// columns reads the map from what is wanted to the columns that have it. `detox: {listed: …}` and
// `detox.listed: …` are the same.
func (r *layoutReader) columns(o scenarios.Outline) {
	if !o.IsMap() {
		r.fault(o.Fault("`columns:` is no map", "write a line for each, such as `cohort: substance` or `detox.admitted: detox_start`"))
		return
	}
	for _, e := range o.Entries() {
		stage, key, dotted := strings.Cut(e.Key, ".")
		switch {
		case dotted && stage == "traits":
			r.trait(key, e.Value)
		case dotted:
			r.stageKey(stage, key, e)
		case e.Key == "traits":
			for _, one := range e.Value.Entries() {
				r.trait(one.Key, one.Value)
			}
		case e.Key == "key" || e.Key == "id":
			r.plain("episode", e)
		case slices.Contains(columnKeys, e.Key):
			r.plain(e.Key, e)
		case e.Value.IsMap():
			for _, one := range e.Value.Entries() {
				r.stageKey(e.Key, one.Key, one)
			}
		default:
			r.fault(e.Fault("`"+e.Key+"` is neither a key of columns nor a stage with columns of its own",
				scenarios.Meant(e.Key, columnKeys)+"write "+scenarios.Quoted(columnKeys, "or")+", or a stage as in `detox: {admitted: detox_start}`"))
		}
	}
}

// left out says that a value stands for no column at all.
func leftOut(text string) bool { return strings.EqualFold(text, "none") || text == "-" }

// plain reads a key that names one column.
func (r *layoutReader) plain(key string, e scenarios.OutlineEntry) {
	r.l.given[key] = true
	text, ok := e.Value.Text()
	if !ok {
		r.fault(e.Fault("`"+e.Key+":` names no column", "write the name of a column, or `none`"))
		return
	}
	if leftOut(text) {
		return
	}
	x, ok := r.expression(e.Value, text)
	if !ok {
		return
	}
	if key != "referred" && key != "closed" && x.derived() {
		r.fault(e.Value.Fault(e.Value.Named()+" is a date worked out from others", "name one column"))
		return
	}
	switch key {
	case "episode":
		r.l.episode = x[0].column
	case "person":
		r.l.person = x[0].column
	case "cohort":
		r.l.cohort = x[0].column
	case "source":
		r.l.source = x[0].column
	case "reason":
		r.l.reason = x[0].column
	case "referred":
		r.l.referred = x
	case "closed":
		r.l.closed = x
	}
}

func (r *layoutReader) expression(at scenarios.Outline, text string) (expression, bool) {
	x, what, instead := expressionOf(text, r.t)
	if what != "" {
		r.fault(at.Fault(what, instead))
		return nil, false
	}
	return x, true
}

// trait reads `women: sex = F`, or the name of a column of yes and no.
func (r *layoutReader) trait(name string, o scenarios.Outline) {
	r.l.given["traits"] = true
	text, ok := o.Text()
	if !ok {
		r.fault(o.Fault("the trait `"+name+"` names no column", "write `"+name+": COLUMN` or `"+name+": COLUMN = VALUE`"))
		return
	}
	column, value, _ := strings.Cut(text, "=")
	i := r.t.column(strings.TrimSpace(column))
	if whole := r.t.column(text); whole >= 0 {
		i, value = whole, ""
	}
	if i < 0 {
		r.fault(o.Fault("there is no column `"+strings.TrimSpace(column)+"`", r.t.hint(strings.TrimSpace(column))))
		return
	}
	r.l.traits = append(r.l.traits, traitColumn{name, i, strings.TrimSpace(value)})
}

// stageKey reads one key of a stage.
func (r *layoutReader) stageKey(name, key string, e scenarios.OutlineEntry) {
	s := r.l.stage(name)
	r.l.given[name+"."+key] = true
	text, ok := e.Value.Text()
	if !ok || !slices.Contains(stageKeys, key) {
		what := "`" + key + "` is no key of a stage's columns"
		if slices.Contains(stageKeys, key) {
			what = "`" + name + "." + key + "` names no column"
		}
		r.fault(e.Fault(what, scenarios.Meant(key, stageKeys)+"write "+scenarios.Quoted(stageKeys, "or")))
		return
	}
	if key == "kind" {
		i := slices.Index(kinds, text)
		if i < 0 {
			r.fault(e.Value.Fault(e.Value.Named()+" is no kind of stage", scenarios.Meant(text, kinds)+"write "+scenarios.Quoted(kinds, "or")))
			return
		}
		s.kind, s.kindGiven = sim.Kind(i), true
		return
	}
	if leftOut(text) {
		return
	}
	x, ok := r.expression(e.Value, text)
	if !ok {
		return
	}
	switch {
	case key == "listed":
		s.listed = x
	case key == "admitted":
		s.admitted = x
	case key == "left":
		s.left = x
	case key == "outcome" && !x.shifted():
		for _, one := range x {
			s.outcomes = append(s.outcomes, one.column)
		}
	case x.derived():
		r.fault(e.Value.Fault(e.Value.Named()+" is a date worked out from others", "name one column"))
	case key == "contract":
		s.contract = x[0].column
	}
}

func (r *layoutReader) selection(o scenarios.Outline) {
	switch text, _ := o.Text(); text {
	case "referral", "activity":
		r.l.selectedGiven = true
		if text == "activity" {
			r.l.selected = calibration.ByActivity
		}
	default:
		r.fault(o.Fault(o.Named()+" is no way of choosing rows", "write `referral` (referred in the window) or `activity` (inside at some time in it)"))
	}
}

func (r *layoutReader) window(o scenarios.Outline) {
	const instead = "write `window: {from: 2022-04-01, to: 2025-03-31}`, both days in it"
	if !o.IsMap() {
		r.fault(o.Fault(o.Named()+" is no window", instead))
		return
	}
	for _, e := range o.Entries() {
		switch e.Key {
		case "from":
			r.l.from = r.date(e.Value)
		case "to":
			r.l.last, r.to = r.date(e.Value), e.Value
		default:
			r.fault(e.Fault("`"+e.Key+"` is no key of a window", instead))
		}
	}
	if r.l.from.Known() && r.l.last.Known() && r.l.last < r.l.from {
		r.fault(o.Fault("the window ends before it begins", "change the dates over"))
	}
}

func (r *layoutReader) date(o scenarios.Outline) calibration.Day {
	text, _ := o.Text()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil || d.Year() < firstYear || d.Year() > lastYear {
		r.fault(o.Fault(o.Named()+" is no date", "write a date such as `2025-04-01`"))
		return calibration.Missing
	}
	return calibration.DayOf(d)
}

// dates reads the order of days and months, of all columns or of some.
func (r *layoutReader) dates(o scenarios.Outline) {
	if o.IsMap() {
		for _, e := range o.Entries() {
			i := r.t.column(e.Key)
			if i < 0 {
				r.fault(e.Fault("there is no column `"+e.Key+"`", r.t.hint(e.Key)))
				continue
			}
			r.l.orders[i] = r.orderOf(e.Value)
		}
		return
	}
	r.l.order = r.orderOf(o)
}

func (r *layoutReader) orderOf(o scenarios.Outline) order {
	switch text, _ := o.Text(); strings.ToLower(text) {
	case "dd/mm/yyyy":
		return dayFirst
	case "mm/dd/yyyy":
		return monthFirst
	}
	r.fault(o.Fault(o.Named()+" is no order of days and months", "write `dd/mm/yyyy` or `mm/dd/yyyy`; other ways of writing dates need no telling"))
	return undecided
}

func (r *layoutReader) meetings(o scenarios.Outline) {
	r.l.meetingsGiven = true
	for _, item := range o.Items() {
		text, _ := item.Text()
		if leftOut(text) {
			continue
		}
		if i := r.t.column(text); i >= 0 {
			r.l.meetings = append(r.l.meetings, i)
		} else {
			r.fault(item.Fault("there is no column `"+text+"`", r.t.hint(text)))
		}
	}
}

// meanings reads what values of a column stand for.
func (r *layoutReader) meanings(e scenarios.OutlineEntry) {
	for _, one := range e.Value.Entries() {
		text, ok := one.Value.Text()
		if !ok {
			r.fault(one.Fault("`"+one.Key+"` stands for nothing", "write what it means, as in `Alcohol only: alcohol`"))
			continue
		}
		if e.Key == "outcomes" {
			if _, ok := endNamed(text); !ok {
				r.fault(one.Value.Fault(one.Value.Named()+" is no outcome", scenarios.Meant(text, endNames)+"write "+scenarios.Quoted(endNames, "or")))
				continue
			}
		}
		if e.Key == "reasons" {
			if _, end := reasonNamed(text); end == calibration.Open {
				r.fault(one.Value.Fault(one.Value.Named()+" is no reason", "write an outcome, with the stage before it if it is always the same: `rehab dropped out`; the outcomes are "+scenarios.Quoted(endNames, "and")))
				continue
			}
		}
		r.l.means[e.Key] = append(r.l.means[e.Key], meaningOf{one.Key, text})
	}
	if len(e.Value.Entries()) == 0 {
		r.fault(e.Fault("`"+e.Key+":` says nothing", "write a line for each value, as in `Alcohol only: alcohol`, or leave it out"))
	}
}
