package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
)

const fourBeds = `name: Four beds
warm_up: 1 year
measure: 2 years
replications: 20
referrals: {all: {per_day: 0.23, enters: ward}}
pathway:
  ward:
    kind: beds
    places: {riverside: {contract: block, beds: 4, per_night: £150}}
    stay: {exponential: {mean: 12 days}}
    drops_out_after: {exponential: {mean: 60 days}}
    next: home
`

// served is a server of a folder with one scenario, and a secret beside the folder. Its player never ends.
func served(t testing.TB) (s *Server, dir string) {
	t.Helper()
	outside := t.TempDir()
	dir = filepath.Join(outside, "served")
	for name, text := range map[string]string{"secret.yaml": "name: SECRET\n", "secret.csv": "date\nSECRET\n", "served/four-beds.yaml": fourBeds} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(outside, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(outside, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	err := os.Symlink(filepath.Join(outside, "secret.yaml"), filepath.Join(dir, "link.yaml"))
	if err != nil && runtime.GOOS != "windows" { // where few may make links
		t.Fatal(err)
	}
	folder, err := scenarios.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() })
	endless := func(ctx context.Context, _ Play) (*report.Study, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return &Server{Folder: folder, Version: "test", Hosts: []string{"example.com"}, Play: endless}, dir
}

// The page's files are what they are, whatever the machine takes their endings for.
func TestKindsOfAssets(t *testing.T) {
	for _, ending := range []string{".css", ".js", ".svg"} {
		was := mime.TypeByExtension(ending)
		if err := mime.AddExtensionType(ending, "application/x-something"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = mime.AddExtensionType(ending, was) })
	}
	s, _ := served(t)
	h := s.Handler()
	for file, want := range map[string]string{
		"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
	} {
		if got := do(h, "GET", "/assets/"+file, "").Header().Get("Content-Type"); got != want {
			t.Errorf("%s is %s, want %s", file, got, want)
		}
	}
}

// do asks the server once.
func do(h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		} else {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestRefusals(t *testing.T) {
	s, _ := served(t)
	h := s.Handler()
	set := func(setting string) string { return "?base=four-beds.yaml&set=" + url.QueryEscape(setting) }
	for _, c := range []struct {
		what, method, target, body string
		headers                    []string
		status                     int
	}{
		{"the page", "GET", "/", "", nil, 200},
		{"its own origin", "GET", "/", "", []string{"Origin", "http://example.com"}, 200},
		{"a link from elsewhere", "GET", "/", "", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 200},
		{"another name", "GET", "/", "", []string{"Host", "evil.test"}, 421},
		{"another port", "GET", "/", "", []string{"Host", "example.com:81"}, 421},
		{"another origin", "GET", "/live?base=medway", "", []string{"Origin", "http://evil.test"}, 403},
		{"no origin in a sandbox", "POST", "/save", "state=", []string{"Origin", "null"}, 403},
		{"a picture from elsewhere", "GET", "/live?base=medway", "", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, 403},
		{"a link to a run", "GET", "/answer?base=medway", "", []string{"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "navigate"}, 403},
		{"a long address", "GET", "/?find=" + strings.Repeat("x", mostQuery), "", nil, 414},
		{"a large form", "POST", "/save", "state=" + strings.Repeat("x", mostBody), nil, 413},
		{"a bad escape", "GET", "/?base=%zz", "", nil, 400},
		{"an unknown base", "GET", "/?base=nowhere", "", nil, 400},
		{"a file above", "GET", "/?base=../secret.yaml", "", nil, 400},
		{"an absolute file", "GET", "/?base=/etc/passwd", "", nil, 400},
		{"a link that leads out", "GET", "/?base=link.yaml", "", nil, 400},
		{"data from above", "GET", "/" + set("referrals.all={dates: ../secret.csv, enters: ward}"), "", nil, 400},
		{"data from anywhere", "GET", "/" + set("referrals.all={dates: /etc/passwd, enters: ward}"), "", nil, 400},
		{"two lines in a setting", "GET", "/" + set("pathway.ward.next=home\nname: x"), "", nil, 400},
		{"no setting", "GET", "/?set=beds", "", nil, 400},
		{"a bad value", "GET", "/" + set("pathway.ward.places.riverside.beds=many"), "", nil, 400},
		{"too often", "GET", "/?times=1000000000", "", nil, 400},
		{"no number", "GET", "/?precision=NaN", "", nil, 400},
		{"too many what-ifs", "GET", "/?with=a&with=b&with=c&with=d&with=e&with=f&with=g&with=h&with=i&with=j&with=k&with=l", "", nil, 400},
		{"an asset above", "GET", "/assets/..%2fserver.go", "", nil, 400},
		{"an unknown report", "GET", "/report/exe", "", nil, 404},
		{"a report of nothing", "GET", "/report/html?base=nowhere", "", nil, 400},
		{"nothing to save", "POST", "/save", "state=base%3Dfour-beds.yaml", nil, 400},
		{"a year that is not there", "GET", "/year.json?base=four-beds.yaml&year=9", "", nil, 400},
		{"luck below 1", "GET", "/story?base=four-beds.yaml&run=-1", "", nil, 400},
		{"nobody's story", "GET", "/story?base=four-beds.yaml&person=nobody", "", nil, 404},
		{"an unknown address", "GET", "/admin", "", nil, 404},
		{"an unknown method", "DELETE", "/", "", nil, 405},
	} {
		w := do(h, c.method, c.target, c.body, c.headers...)
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d", c.what, w.Code, c.status)
		}
		if strings.Contains(w.Body.String(), "SECRET") || strings.Contains(w.Body.String(), "root:") {
			t.Errorf("%s: shows what is outside the folder", c.what)
		}
		if w.Header().Get("Content-Security-Policy") != policy || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: without the headers that every answer has", c.what)
		}
	}
}

func TestWhatIfOutside(t *testing.T) {
	s, _ := served(t)
	st := state{Base: "four-beds.yaml"}
	for _, name := range []string{"../secret.yaml", "/etc/passwd", "link.yaml", "./../served/../secret.yaml"} {
		if _, err := s.loader(&st)(name); err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNothingInline(t *testing.T) {
	s, _ := served(t)
	h := s.Handler()
	for _, page := range []string{"/", "/year", "/?base=medway&find=relapse", "/?base=nowhere"} {
		body := do(h, "GET", page, "").Body.String()
		for _, inline := range []string{" style=", "<style", " onclick=", "javascript:", "<script>", "http://", "https://"} {
			if strings.Contains(body, inline) {
				t.Errorf("%s has %q, which the policy forbids or leads elsewhere", page, inline)
			}
		}
	}
}

func TestToken(t *testing.T) {
	s, _ := served(t)
	s.Token, s.Hosts = "0123456789abcdef", nil
	h := s.Handler()
	if w := do(h, "GET", "/", ""); w.Code != 303 || w.Header().Get("Location") != "/enter" {
		t.Errorf("without the token: %d to %s", w.Code, w.Header().Get("Location"))
	}
	for _, path := range []string{"/answer", "/live", "/year.json", "/report/json", "/scenario.yaml"} {
		if w := do(h, "GET", path, ""); w.Code != 401 {
			t.Errorf("%s without the token: %d", path, w.Code)
		}
	}
	if w := do(h, "POST", "/enter", "token=0123456789abcdeX"); w.Code != 401 || len(w.Result().Cookies()) > 0 {
		t.Errorf("a wrong token: %d", w.Code)
	}
	w := do(h, "POST", "/enter", "token=0123456789abcdef")
	cookies := w.Result().Cookies()
	if w.Code != 303 || len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode {
		t.Fatalf("the token: %d, %v", w.Code, cookies)
	}
	if w := do(h, "GET", "/", "", "Cookie", cookies[0].Name+"="+cookies[0].Value); w.Code != 200 {
		t.Errorf("with the cookie: %d", w.Code)
	}
	if w := do(h, "GET", "/", "", "Authorization", "Bearer 0123456789abcdef", "Host", "anything.test"); w.Code != 200 {
		t.Errorf("with the header: %d", w.Code)
	}
}

func TestSave(t *testing.T) {
	s, dir := served(t)
	h := s.Handler()
	form := func(q string) string { return "state=" + url.QueryEscape(q) }
	q := "base=four-beds.yaml&v%3Apathway.ward.places.riverside.beds=6&name=" + url.QueryEscape("Six: beds; ../../x")
	w := do(h, "POST", "/save", form(q))
	if w.Code != 303 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	text, err := os.ReadFile(filepath.Join(dir, "six-beds-x.yaml"))
	want := "name: \"Six: beds; ../../x\"\nextends: four-beds.yaml\nchanges:\n  pathway.ward.places.riverside.beds: 6\n"
	if err != nil || string(text) != want {
		t.Errorf("saved %q, %v", text, err)
	}
	if to, _ := url.Parse(w.Header().Get("Location")); to.Query().Get("with") != "six-beds-x.yaml" {
		t.Errorf("then shows %s", to)
	}
	if w := do(h, "POST", "/save", form(q)); w.Code != 303 {
		t.Errorf("again: %d", w.Code)
	}
	if _, err := os.Stat(filepath.Join(dir, "six-beds-x-2.yaml")); err != nil {
		t.Error("saved again, a file was overwritten or none was written")
	}
	if w := do(h, "POST", "/save", form("base=four-beds.yaml&v%3Apathway.ward.places.riverside.beds=6&name=Con")); w.Code != 303 {
		t.Errorf("the name of a device: %d", w.Code)
	}
	if _, err := os.Stat(filepath.Join(dir, "con-choice.yaml")); err != nil {
		t.Error(err) // no Windows could read con.yaml
	}
}

// TestBoxes: a form sends every box; the address holds what was moved alone, with its unit.
func TestBoxes(t *testing.T) {
	s, _ := served(t)
	q := url.Values{"base": {"four-beds.yaml"}, "v:pathway.ward.places.riverside.beds": {"4"}, "v:pathway.ward.places.riverside.per_night": {"165.5"}}
	w := do(s.Handler(), "GET", "/answer?"+q.Encode(), "")
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != 303 {
		t.Fatalf("status %d", w.Code)
	}
	if got := to.Query()["set"]; len(got) != 1 || got[0] != "pathway.ward.places.riverside.per_night=£165.5" {
		t.Errorf("settings %q", got)
	}
}

func TestLevers(t *testing.T) {
	base, err := scenarios.Load("medway")
	if err != nil {
		t.Fatal(err)
	}
	st := state{Base: "medway", Sets: []setting{{"pathway.panel.meets.every", "1 week"}, {"relapse.returns.share", "20%"}}, Find: "unplanned"}
	titles := map[string]int{}
	for _, g := range levers(base, &st) {
		titles[g.Title] = len(g.Levers)
		for _, l := range g.Levers {
			if l.Number && (l.Min == "" || l.Max == "" || l.Step == "" || l.Box == "") {
				t.Errorf("%s: slider from %q to %q by %q, box %q", l.Path, l.Min, l.Max, l.Step, l.Box)
			}
			if l.Number && !l.Moved && l.written(l.Box) != strings.ReplaceAll(l.Was, ",", "") {
				t.Errorf("%s: the box would write %q, the scenario has %q", l.Path, l.written(l.Box), l.Was)
			}
		}
	}
	for _, title := range []string{"Beds by contract", "Prices", "Funding panel", "Group before the bed", "Keeping in touch while people wait", "Aftercare", "Demand", "Workers", "Budgets", "Other numbers"} {
		if titles[title] == 0 {
			t.Errorf("no levers for %s: %v", title, titles)
		}
	}
	if titles["Other numbers"] < 3 {
		t.Errorf("the search shows %d numbers", titles["Other numbers"])
	}
}

func TestBusy(t *testing.T) {
	s, _ := served(t)
	h := s.Handler()
	server := httptest.NewServer(h)
	defer server.Close()
	s.Hosts = []string{server.Listener.Addr().String()}
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(context.Background())
	statuses := make(chan int, 1000)
	var all sync.WaitGroup
	for range 1000 {
		all.Go(func() {
			r, _ := http.NewRequestWithContext(ctx, "GET", server.URL+"/live?base=four-beds.yaml", nil)
			w, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				statuses <- 0 // it was let in, and stopped by us
				return
			}
			statuses <- w.StatusCode
			_, _ = io.Copy(io.Discard, w.Body)
			w.Body.Close()
		})
	}
	refused := 0
	for refused < 1000-mostRuns {
		switch status := <-statuses; status {
		case http.StatusServiceUnavailable:
			refused++
		default:
			t.Fatalf("a stream too many: status %d", status)
		}
	}
	if w := do(h, "GET", "/", "", "Host", s.Hosts[0]); w.Code != 200 {
		t.Errorf("the page itself, meanwhile: %d", w.Code)
	}
	cancel()
	all.Wait()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	settle(t, before)
}

// settle waits until there are no more goroutines than before.
func settle(t *testing.T, before int) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before+2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			var b bytes.Buffer
			buf := make([]byte, 1<<20)
			b.Write(buf[:runtime.Stack(buf, true)])
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, b.String())
		}
	}
}

// TestStop: a server that is told to stop ends what runs, and leaves nothing behind.
func TestStop(t *testing.T) {
	before := runtime.NumGoroutine()
	s, _ := served(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Hosts = []string{l.Addr().String()}
	playing, endless := make(chan struct{}), s.Play
	s.Play = func(ctx context.Context, p Play) (*report.Study, error) {
		close(playing)
		return endless(ctx, p)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	got := make(chan error, 1)
	go func() {
		w, err := http.Get(fmt.Sprintf("http://%s/live?base=four-beds.yaml", l.Addr()))
		if err == nil {
			_, err = io.Copy(io.Discard, w.Body)
			w.Body.Close()
		}
		got <- err
	}()
	select {
	case <-playing:
	case <-time.After(10 * time.Second):
		t.Error("nothing is played")
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil && !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it does not stop")
	}
	<-got
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	settle(t, before)
}

// FuzzForm holds any address and any form to an answer or a refusal, and an answer to what lies in the folder.
func FuzzForm(f *testing.F) {
	for _, query := range []string{
		"base=four-beds.yaml", "base=medway&with=weekly-panel&times=100&fixed=1&find=beds", "base=four-beds.yaml&set=pathway.ward.places.riverside.beds%3D6&precision=5%25",
		"base=four-beds.yaml&v:pathway.ward.places.riverside.beds=7", "base=../secret.yaml", "set=%3D&set=x&v:=", "base=four-beds.yaml&year=1&run=1&person=1",
	} {
		f.Add(query)
	}
	s, _ := served(f)
	h := s.Handler()
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range []string{"/", "/scenario.yaml", "/story"} {
			r := httptest.NewRequest("GET", path, nil)
			r.URL.RawQuery = query
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code >= 500 || strings.Contains(w.Body.String(), "SECRET") {
				t.Errorf("%s?%s: status %d", path, query, w.Code)
			}
		}
		if w := do(h, "POST", "/save", url.Values{"state": {query}, "token": {query}}.Encode()); w.Code >= 500 {
			t.Errorf("a form of %q: status %d", query, w.Code)
		}
	})
}
