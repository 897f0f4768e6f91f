package web

import (
	"context"
	"embed"
	"errors"
	"net"
	"net/http"
	"path"
	"sync"
	"time"

	"tier4/cmd/tier4/internal/report"
	"tier4/scenarios"
)

//go:embed assets
var assets embed.FS

// Play is an experiment that a reader asks for.
type Play struct {
	Names        []string // of scenarios, the base first
	Load         func(name string, sets ...string) (*scenarios.Scenario, error)
	Replications int     // 0: as the base says
	Precision    float64 // 0: none
	Fixed        bool    // no draws of what is not known
	Ending       string  // of the report that it is for, as in ".html"

	// Glance, if set, is called while it is played, with what makes the report of what there is so far.
	Glance func(done, most int, soFar func() *report.Study)
}

// Player plays experiments as the command line does. An error of input is a [scenarios.Faults], or says in
// words what is wrong.
type Player func(ctx context.Context, p Play) (*report.Study, error)

// MostRunTime is how long one experiment may take.
const MostRunTime = 10 * time.Minute

// Limits on what one server does for its readers.
const (
	mostRuns        = 4        // experiments at once
	mostBody        = 64 << 10 // bytes of a form
	mostQuery       = 16 << 10 // bytes of an address
	mostTimes       = 20_000   // replications
	mostWhatIfs     = 11       // beside the base
	mostSettings    = 100      // numbers moved
	mostValue       = 2_000    // bytes of a number's text
	headerTime      = 5 * time.Second
	readTime        = 10 * time.Second
	writeTime       = 20 * time.Second // for each piece that is written
	idleTime        = time.Minute
	shutdownTime    = 3 * time.Second
	mostConnections = 2_000
)

// Server is the page.
type Server struct {
	Folder  *scenarios.Folder
	Version string
	Play    Player
	Token   string   // to be given by every reader; "" for none
	Hosts   []string // host:port by which the server may be asked; none with a token

	runs chan struct{}

	mu      sync.Mutex
	library map[string]*scenarios.Scenario // read so far
}

// Serve answers on a listener until ctx is done; then runs are stopped, and it returns once all has ended.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: headerTime, ReadTimeout: readTime, IdleTimeout: idleTime,
		MaxHeaderBytes: mostQuery + 16<<10,
		BaseContext:    func(net.Listener) context.Context { return ctx },
		ErrorLog:       nil,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(limited(l, mostConnections)) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	err := server.Shutdown(patience)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	<-failed
	return err
}

// Handler is all that the server answers.
func (s *Server) Handler() http.Handler {
	s.runs = make(chan struct{}, mostRuns)
	s.library = map[string]*scenarios.Scenario{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /answer", s.answered)
	mux.HandleFunc("GET /live", s.live)
	mux.HandleFunc("GET /year", s.year)
	mux.HandleFunc("GET /year.json", s.yearJSON)
	mux.HandleFunc("GET /story", s.story)
	mux.HandleFunc("GET /report/{ending}", s.paper)
	mux.HandleFunc("GET /scenario.yaml", s.scenarioFile)
	mux.HandleFunc("POST /save", s.save)
	mux.HandleFunc("GET /assets/{file}", asset)
	if s.Token != "" {
		mux.HandleFunc("GET /enter", s.enter)
		mux.HandleFunc("POST /enter", s.entered)
	}
	return s.guard(mux)
}

// begin takes one of the places for experiments; false if all are taken.
func (s *Server) begin() bool {
	select {
	case s.runs <- struct{}{}:
		return true
	default:
		return false
	}
}

func (s *Server) end() { <-s.runs }

// load reads a scenario of the folder or the library. Those of the library are read once.
func (s *Server) load(name string, sets ...string) (*scenarios.Scenario, error) {
	_, err := scenarios.Open(name)
	if err != nil || len(sets) > 0 {
		return s.Folder.Load(name, sets...)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if one := s.library[name]; one != nil {
		return one, nil
	}
	one, err := s.Folder.Load(name)
	if err == nil {
		s.library[name] = one
	}
	return one, err
}

// assetKinds are said here: what other programs have told the machine of an ending (in the registry of Windows, or in
// its list of types) may be what no browser takes for a style sheet or a script.
var assetKinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8",
}

// asset is a style sheet, script or licence.
func asset(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "max-age=3600")
	file := r.PathValue("file")
	if kind := assetKinds[path.Ext(file)]; kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	http.ServeFileFS(w, r, assets, "assets/"+file)
}

// limited is a listener of which at most so many connections are open at once; others wait.
func limited(l net.Listener, most int) net.Listener {
	return &limitedListener{Listener: l, places: make(chan struct{}, most), closed: make(chan struct{})}
}

type limitedListener struct {
	net.Listener
	places chan struct{}
	closed chan struct{}
	once   sync.Once
}

func (l *limitedListener) Accept() (net.Conn, error) {
	select {
	case l.places <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.places
		return nil, err
	}
	return &limitedConn{Conn: c, release: sync.OnceFunc(func() { <-l.places })}, nil
}

func (l *limitedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

type limitedConn struct {
	net.Conn
	release func()
}

func (c *limitedConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}
