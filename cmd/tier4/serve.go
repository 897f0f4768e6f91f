package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"tier4/cmd/tier4/internal/report"
	"tier4/cmd/tier4/internal/web"
	"tier4/scenarios"
	"tier4/sim"
)

// serveOptions are the flags of `serve`.
type serveOptions struct {
	listen    string
	tokenFile string
	workers   wholeFlag
}

// tokenVariable is the environment variable that a token may be in.
const tokenVariable = "TIER4_TOKEN"

// usualAddress is where the page is unless said; another port is taken if this one is not free.
const usualAddress = "127.0.0.1:8484"

func serveCommand(t *terminal) *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "serve [DIR]",
		Short: "A page to play with: move what you would change, and watch the answer",
		Long: `Serves a page on this machine, for a browser on this machine: choose a base and what-ifs, move
beds, prices, panels and demand, and watch the answer sharpen; see one simulated year go by; save
what you made as a scenario, or take a report with you. It needs no network.

DIR is a folder with scenarios of your own; what you save goes there. Nothing outside it is read or
written. Without it there are the scenarios that come with the tool.

Ctrl-C stops it.`,
		Example: `  tier4 serve
  tier4 serve my-area
  TIER4_TOKEN=... tier4 serve my-area --listen 0.0.0.0:8484`,
		Args: atMostOneFolder,
		RunE: func(c *cobra.Command, args []string) error { return o.serve(c.Context(), t, args) },
	}
	f := c.Flags()
	f.SortFlags = false
	o.workers.most = 1024
	f.StringVar(&o.listen, "listen", "", "the `ADDRESS` to answer at; "+usualAddress+" unless given.\nAn address that other machines can reach demands a token")
	f.StringVar(&o.tokenFile, "token-file", "", "a `FILE` with the token that readers have to give; or put it into "+tokenVariable)
	f.Var(&o.workers, "workers", "processors to use for each answer; all unless given")
	return c
}

func atMostOneFolder(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return bad("`%s` takes one folder, so `%s` is too much", c.CommandPath(), args[1])
	}
	return nil
}

func (o *serveOptions) serve(ctx context.Context, t *terminal, args []string) error {
	token, err := o.token()
	if err != nil {
		return err
	}
	folder := new(scenarios.Folder)
	if len(args) == 1 {
		if folder, err = scenarios.OpenFolder(args[0]); err != nil {
			return bad("%s is not a folder that can be read: %w", args[0], plainly(err))
		}
		defer folder.Close()
	}
	l, err := o.open(token)
	if err != nil {
		return err
	}
	server := &web.Server{Folder: folder, Version: versionName(), Token: token, Hosts: hosts(l), Play: player(o.workers.n)}
	t.note("tier4 is at http://%s/ - open it in a browser. Ctrl-C stops it.", shownAddress(l))
	if err := server.Serve(ctx, l); err != nil && ctx.Err() == nil {
		return err
	}
	t.note("stopped")
	return nil
}

// leastToken is how long a token is at least, in bytes.
const leastToken = 16

// token is what readers have to give; "" for nothing.
func (o *serveOptions) token() (string, error) {
	token, from := os.Getenv(tokenVariable), tokenVariable
	if o.tokenFile != "" {
		text, err := os.ReadFile(o.tokenFile)
		if err != nil {
			return "", bad("`--token-file %s` cannot be read: %w", o.tokenFile, plainly(err))
		}
		token, from = strings.TrimPrefix(string(text), "\ufeff"), "--token-file" // Notepad may write a mark before the text
		if strings.TrimSpace(token) == "" {
			return "", bad("`--token-file %s` is empty; put a token of %d letters or more into it", o.tokenFile, leastToken)
		}
	}
	token = strings.TrimSpace(token)
	if token != "" && (len(token) < leastToken || strings.Trim(token, tokenLetters) != "") {
		return "", bad("the token in %s must have %d or more letters, digits, - and _ and nothing else", from, leastToken)
	}
	return token, nil
}

const tokenLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// open listens. Off loopback there has to be a token.
func (o *serveOptions) open(token string) (net.Listener, error) {
	address := o.listen
	if address == "" {
		address = usualAddress
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, bad("`--listen %s`: write an address and a port, as in %s", o.listen, usualAddress)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return nil, bad("`--listen %s`: `%s` is no port; write a number from 1 to 65535, as in %s", o.listen, port, usualAddress)
	}
	if !loopback(host) && token == "" {
		return nil, bad("`--listen %s` can be reached from other machines, which needs a token: put one of %d letters or more into %s, or give --token-file", address, leastToken, tokenVariable)
	}
	l, err := listen(address)
	if err != nil && o.listen == "" {
		l, err = listen("127.0.0.1:0")
	}
	return l, err
}

// listen begins to answer at the address of `--listen`.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		var failed *net.OpError
		var name *net.DNSError
		switch {
		case errors.Is(err, syscall.EADDRINUSE):
			err = errors.New("another program does; choose another port")
		case errors.Is(err, syscall.EADDRNOTAVAIL):
			err = errors.New("this machine has no such address")
		case errors.As(err, &name):
			err = fmt.Errorf("no machine of the name %s is found", name.Name)
		case errors.As(err, &failed):
			err = failed.Err
		}
		return nil, bad("`--listen %s`: cannot answer there: %w", address, err)
	}
	return l, nil
}

// loopback reports whether only this machine reaches a host.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// hosts are the names by which a page on this machine may be asked for.
func hosts(l net.Listener) []string {
	port := fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
	return []string{net.JoinHostPort("127.0.0.1", port), net.JoinHostPort("localhost", port), net.JoinHostPort("::1", port), l.Addr().String()}
}

func shownAddress(l net.Listener) string {
	a := l.Addr().(*net.TCPAddr)
	if a.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", a.Port)
	}
	return a.String()
}

// player plays what readers of the page ask for, as `report` and `compare` do.
func player(workers int) web.Player {
	return func(ctx context.Context, p web.Play) (*report.Study, error) {
		o := &options{fixed: p.Fixed, silent: true}
		o.replications.n, o.workers.n = p.Replications, workers
		o.precision = shareFlag(p.Precision)
		switch p.Ending {
		case ".json", ".csv":
			o.format = formatFlag(p.Ending[1:])
		case "":
			o.papers.reports = []string{"page.html"}
		default:
			o.papers.reports = []string{"page" + p.Ending}
		}
		s := &study{o: o, names: p.Names, read: p.Load}
		for _, step := range []func() error{s.load, s.compile, s.comparable} {
			if err := step(); err != nil {
				return nil, err
			}
		}
		return s.watched(ctx, p.Glance)
	}
}

// watched plays the study while somebody looks at what there is so far.
func (s *study) watched(ctx context.Context, glance func(done, most int, soFar func() *report.Study)) (*report.Study, error) {
	e, r := s.experiment()
	r.Command = s.again()
	s.record(&e, r, func(error) {}) // single replications of a workbook, which cannot fail
	if glance != nil {
		e.Glance = func(done int, soFar func() *sim.Findings) {
			glance(done, s.most, func() *report.Study {
				part := *r
				part.Findings = soFar()
				part.Findings.Interrupted = false // it is not over
				part.Precision = 0
				return &part
			})
		}
	}
	findings, err := e.Run(ctx)
	switch {
	case err != nil:
		return nil, err
	case ctx.Err() != nil:
		return nil, errors.New("it took longer than the " + web.MostRunTime.String() + " there are for one answer; play it fewer times")
	}
	r.Findings = findings
	return r, nil
}
