package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// tokenCookie holds the token once it was given.
const tokenCookie = "tier4-token"

// known reports whether a request has the token, if one is demanded.
func (s *Server) known(r *http.Request) bool {
	if s.Token == "" || r.URL.Path == "/enter" || strings.HasPrefix(r.URL.Path, "/assets/") {
		return true
	}
	if given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return s.right(given)
	}
	cookie, err := r.Cookie(tokenCookie)
	return err == nil && s.right(cookie.Value)
}

// right compares a token in a time that does not depend on where, or in how much, it differs.
func (s *Server) right(given string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(s.Token))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// ask refuses a request without the token: a page asks for it.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && r.URL.Path == "/" {
		http.Redirect(w, r, "/enter", http.StatusSeeOther)
		return
	}
	s.refuse(w, r, http.StatusUnauthorized, "A token is needed", "Open the first page, and give the token with which the server was started.")
}

func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	s.show(w, http.StatusOK, "enter", door{Top: s.top("Give the token")})
}

// entered keeps the token in a cookie that no script and no other site can use.
func (s *Server) entered(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.refuse(w, r, http.StatusBadRequest, "The form could not be read", "Go back and try again.")
		return
	}
	given := strings.TrimSpace(r.PostForm.Get("token"))
	if !s.right(given) {
		s.show(w, http.StatusUnauthorized, "enter", door{Top: s.top("Give the token"), Wrong: true})
		return
	}
	http.SetCookie(w, &http.Cookie{Name: tokenCookie, Value: given, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// door is the page that asks for the token.
type door struct {
	Top
	Wrong bool
}
