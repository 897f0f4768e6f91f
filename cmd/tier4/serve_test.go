package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"tier4/cmd/tier4/internal/web"
	"tier4/scenarios"
)

// servedPage is the page of a folder, on loopback, until the test ends.
func servedPage(t *testing.T, dir string) (address string) {
	t.Helper()
	folder := new(scenarios.Folder)
	if dir != "" {
		var err error
		if folder, err = scenarios.OpenFolder(dir); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &web.Server{Folder: folder, Version: versionName(), Hosts: hosts(l), Play: player(0)}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil && err != http.ErrServerClosed {
			t.Error(err)
		}
		folder.Close()
	})
	return "http://" + l.Addr().String()
}

// fetched is what an address answers.
func fetched(t *testing.T, status int, address string) []byte {
	t.Helper()
	w, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil || w.StatusCode != status {
		t.Fatalf("%s: status %d, %v: %.500s", address, w.StatusCode, err, body)
	}
	return body
}

// TestSavedScenario: what the page saves gives the same bytes on the command line as on the page.
func TestSavedScenario(t *testing.T) {
	dir := t.TempDir()
	address := servedPage(t, dir)
	q := "base=medway&times=40&name=Six+beds&v:pathway.rehab.places.riverside.beds=6&v:pathway.panel.meets.every=3&v:pathway.rehab.places.riverside.per_night=160"
	for _, fixed := range []string{"", "&fixed=1"} {
		page := fetched(t, 200, address+"/report/json?"+q+fixed)
		w, err := http.PostForm(address+"/save", url.Values{"state": {q}})
		if err != nil || w.StatusCode != 200 {
			t.Fatalf("saving: %v, %v", w, err)
		}
		w.Body.Close()
		args := []string{"compare", "medway", filepath.Join(dir, "six-beds.yaml"), "--replications", "40", "--format", "json", "--quiet"}
		if fixed != "" {
			args = append(args, "--fixed")
		}
		var out, said bytes.Buffer
		if exit := command(context.Background(), nil, &out, &said, args); exit != 0 {
			t.Fatalf("exit %d: %s", exit, said.String())
		}
		if !bytes.Equal(page, out.Bytes()) {
			t.Errorf("fixed %q: the page and the command line differ: %d and %d bytes", fixed, len(page), out.Len())
		}
	}
}

// TestPageAnswers: with and without script the page shows the report's own answer, and the stream ends with it.
func TestPageAnswers(t *testing.T) {
	address := servedPage(t, "")
	const q = "base=medway&fixed=1&times=40&with=all-spot&set=pathway.rehab.places.riverside.beds%3D6"
	page := string(fetched(t, 200, address+"/answer?"+q))
	stream := string(fetched(t, 200, address+"/live?"+q))
	report := string(fetched(t, 200, address+"/report/html?"+q))
	from, to := strings.Index(report, `<section class="answer"`), strings.Index(report, "</section>")
	if from < 0 || !strings.Contains(page, report[from:to]) {
		t.Error("the page's answer is not that of the report")
	}
	last := stream[strings.LastIndex(stream, "event: answer"):]
	for line := range strings.SplitSeq(report[from:to], "\n") {
		if !strings.Contains(last, line) {
			t.Errorf("the last answer of the stream does not have %q", line)
		}
	}
	if !strings.Contains(last, "event: done\ndata: Played 40 times.") {
		t.Error("the stream does not end")
	}
	for _, ending := range []string{"docx", "pptx", "xlsx", "md", "csv"} {
		if body := fetched(t, 200, address+"/report/"+ending+"?"+q); len(body) < 1000 {
			t.Errorf("%s has %d bytes", ending, len(body))
		}
	}
}

// TestYearStory: a story of the page is that of `tier4 trace`.
func TestYearStory(t *testing.T) {
	address := servedPage(t, "")
	const who = "community/opiates/60e"
	page := string(fetched(t, 200, address+"/story?base=medway&person="+url.QueryEscape(who)))
	var out, said bytes.Buffer
	if exit := command(context.Background(), nil, &out, &said, []string{"trace", "medway", "--person", who, "--format", "markdown"}); exit != 0 {
		t.Fatal(said.String())
	}
	lines := 0
	for line := range strings.SplitSeq(out.String(), "\n") {
		if line, ok := strings.CutPrefix(line, "- "); ok {
			if lines++; !strings.Contains(page, "<li>"+line+"</li>") {
				t.Errorf("the page does not tell %q", line)
			}
		}
	}
	if lines < 3 {
		t.Errorf("the story has %d lines", lines)
	}
}

// load has readers and runs at a page for a time; all must be served.
func load(t *testing.T, readers, runs int, lasting time.Duration) {
	address := servedPage(t, "")
	fetched(t, 200, address+"/")
	before, heap := runtime.NumGoroutine(), heapInUse()
	end := time.Now().Add(lasting)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: readers + runs}}
	get := func(path string) error {
		w, err := client.Get(address + path)
		if err != nil {
			return err
		}
		defer w.Body.Close()
		n, err := io.Copy(io.Discard, w.Body)
		if err == nil && (w.StatusCode != 200 || n == 0) {
			err = fmt.Errorf("%s: status %d, %d bytes", path, w.StatusCode, n)
		}
		return err
	}
	var all sync.WaitGroup
	keep := func(path string) {
		all.Go(func() {
			for time.Now().Before(end) {
				if err := get(path); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range readers {
		keep([]string{"/", "/?base=medway&find=relapse", "/assets/govuk-frontend.css", "/year?base=medway"}[i%4])
	}
	for i := range runs {
		keep(fmt.Sprintf("/live?base=medway&times=30&fixed=1&set=pathway.rehab.places.riverside.beds%%3D%d", i+3))
	}
	all.Wait()
	client.CloseIdleConnections()
	http.DefaultClient.CloseIdleConnections()
	for patience := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before+2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(patience) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
	if now := heapInUse(); now > heap+64<<20 {
		t.Errorf("%d MiB in use, %d before", now>>20, heap>>20)
	}
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

func TestLoad(t *testing.T) { load(t, 50, 4, time.Second) }

func TestServeRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--listen", "0.0.0.0:0"}, "needs a token"},
		{[]string{"--listen", ":0"}, "needs a token"},
		{[]string{"--listen", "here"}, "write an address and a port"},
		{[]string{"--listen", "0.0.0.0:0", "--token-file", file}, "16 or more"},
		{[]string{"--token-file", file + "x"}, "cannot be read"},
		{[]string{"no-such-folder"}, "not a folder"},
		{[]string{"a", "b"}, "too much"},
	} {
		var out, said bytes.Buffer
		if exit := command(context.Background(), nil, &out, &said, append([]string{"serve"}, c.args...)); exit != exitInput || !strings.Contains(said.String(), c.says) {
			t.Errorf("serve %v: exit %d, %s", c.args, exit, said.String())
		}
	}
}

// TestServeStops: Ctrl-C stops it, and that is no failure.
func TestServeStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	ended := make(chan int, 1)
	go func() { ended <- command(ctx, nil, io.Discard, w, []string{"serve", "--listen", "127.0.0.1:0"}) }()
	line := make([]byte, 200)
	n, err := r.Read(line)
	if err != nil || !strings.Contains(string(line[:n]), "http://127.0.0.1:") {
		t.Fatalf("it says %q, %v", line[:n], err)
	}
	go io.Copy(io.Discard, r)
	cancel()
	if exit := <-ended; exit != 0 {
		t.Errorf("exit %d", exit)
	}
}

// An address where something answers already is said to be taken at once, whoever asks for it.
func TestListensWhereNothingAnswers(t *testing.T) {
	first, err := listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := listen(first.Addr().String()); err == nil || !strings.Contains(err.Error(), "cannot answer there") {
		t.Errorf("said %v", err)
	}
}
