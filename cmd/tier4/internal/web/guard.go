package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// policy lets the page use its own style sheets, script and addresses, and nothing else: nothing inline, nothing
// from elsewhere, no frames.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard refuses what does not come from a reader at this server's own page, and sets the headers that hold
// for every answer.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		switch {
		case len(r.URL.RawQuery) > mostQuery:
			s.refuse(w, r, http.StatusRequestURITooLong, "The address is too long", "Move fewer numbers at once, or save what you have and start from there.")
		case !s.named(r.Host):
			s.refuse(w, r, http.StatusMisdirectedRequest, "This is not the address of this page", "Open the address that `tier4 serve` showed when it started.")
		case foreign(r):
			s.refuse(w, r, http.StatusForbidden, "Another site asked for this", "Only the page itself may ask tier4 to do something. Open the page and do it there.")
		case r.ContentLength > mostBody:
			s.refuse(w, r, http.StatusRequestEntityTooLarge, "That is too much to send", "A form of this page is much smaller.")
		case !s.known(r):
			s.ask(w, r)
		default:
			r.Body = http.MaxBytesReader(w, r.Body, mostBody)
			next.ServeHTTP(w, r)
		}
	})
}

// named reports whether the server goes by the name it was asked by, so that no other site's name can be
// made to point here (DNS rebinding). With a token that does not matter: no other site has it.
func (s *Server) named(host string) bool {
	return s.Token != "" || slices.Contains(s.Hosts, strings.ToLower(host))
}

// foreign reports whether another site's page made the browser ask. Following a link to a page is all that
// other sites may do.
func foreign(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		if err != nil || !strings.EqualFold(u.Host, r.Host) {
			return true
		}
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	link := r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" && (r.URL.Path == "/" || r.URL.Path == "/enter")
	return !link
}
