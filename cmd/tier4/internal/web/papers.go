package web

import (
	"bytes"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"slices"

	"tier4/cmd/tier4/internal/report"
)

// endings are the forms of a report and their media types.
var endings = [][2]string{
	{"html", "text/html; charset=utf-8"},
	{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	{"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
	{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{"md", "text/markdown; charset=utf-8"},
	{"json", "application/json"},
	{"csv", "text/csv; charset=utf-8"},
}

// paper gives a report to send, or every figure for programs: what `tier4 report` and `tier4 compare` write.
func (s *Server) paper(w http.ResponseWriter, r *http.Request) {
	ending := r.PathValue("ending")
	at := slices.IndexFunc(endings, func(e [2]string) bool { return e[0] == ending })
	if at < 0 {
		s.refuse(w, r, http.StatusNotFound, "There is no report of this kind", "There are html, docx, pptx, xlsx, md, json and csv.")
		return
	}
	st, base, faults, _ := s.asked(r)
	if d := s.desk(&st, base, faults); len(d.Faults) > 0 {
		s.refuse(w, r, http.StatusBadRequest, "There is a problem with what is to be played", "Go back and put it right.", d.Faults...)
		return
	}
	study, err := s.work(r, &st, "."+ending)
	var b bytes.Buffer
	if err == nil {
		err = writeAs(study, ending, &b)
	}
	switch {
	case errors.Is(err, errBusy):
		s.busy(w, r)
	case r.Context().Err() != nil:
	case err != nil:
		s.refuse(w, r, http.StatusBadRequest, "The report could not be made", "Go back and put it right.", st.sayFaults(err)...)
	default:
		s.attach(w, "tier4-report."+ending, endings[at][1], b.Bytes())
	}
}

func writeAs(study *report.Study, ending string, b *bytes.Buffer) error {
	switch ending {
	case "json":
		return study.JSON(b)
	case "csv":
		return study.CSV(b)
	}
	return study.Write(b, "."+ending)
}

// attach answers with a file to keep.
func (s *Server) attach(w http.ResponseWriter, name, kind string, data []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = w.Write(data) // a reader who has gone needs no file
}

// scenarioFile gives the reader's own what-if as a file.
func (s *Server) scenarioFile(w http.ResponseWriter, r *http.Request) {
	st, ok := s.sound(w, r)
	if ok {
		s.attach(w, st.file, "application/yaml", st.ownText())
	}
}

// sound is the state of a request whose own what-if can be played; else it answers why not.
func (s *Server) sound(w http.ResponseWriter, r *http.Request) (st state, ok bool) {
	st, base, faults, _ := s.asked(r)
	if len(st.Sets) == 0 && len(faults) == 0 {
		faults = []string{"No number has been changed, so there is nothing to save."}
	}
	if d := s.desk(&st, base, faults); len(d.Faults) > 0 {
		s.refuse(w, r, http.StatusBadRequest, "There is nothing that can be saved", "Go back and put it right.", d.Faults...)
		return st, false
	}
	return st, true
}

// save writes the reader's own what-if into the folder, under a name that no file has.
func (s *Server) save(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		var much *http.MaxBytesError
		status := http.StatusBadRequest
		if errors.As(err, &much) {
			status = http.StatusRequestEntityTooLarge
		}
		s.refuse(w, r, status, "The form could not be read", "Go back and try again.")
		return
	}
	if !s.Folder.Writable() {
		s.refuse(w, r, http.StatusNotFound, "There is no folder to save to", "Download the scenario instead, or start tier4 with a folder: tier4 serve my-area.")
		return
	}
	r.URL.RawQuery = r.PostForm.Get("state")
	if len(r.URL.RawQuery) > mostQuery {
		s.refuse(w, r, http.StatusRequestEntityTooLarge, "That is too much to save", "Change fewer numbers.")
		return
	}
	st, ok := s.sound(w, r)
	if !ok {
		return
	}
	switch err := s.Folder.Create(st.file, st.ownText()); {
	case errors.Is(err, fs.ErrExist):
		s.refuse(w, r, http.StatusConflict, "There is a file "+st.file+" already", "Give your choice another name.")
	case err != nil:
		s.refuse(w, r, http.StatusInternalServerError, "The scenario could not be saved", "Is the folder one that may be written to?")
	default:
		saved := state{Base: st.Base, With: append(st.With, st.file), Times: st.Times, Precision: st.Precision, Fixed: st.Fixed}
		saved.With = saved.With[max(0, len(saved.With)-mostWhatIfs):]
		http.Redirect(w, r, "/?"+saved.Query()+"&saved="+url.QueryEscape(st.file), http.StatusSeeOther)
	}
}
