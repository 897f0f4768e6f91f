//go:build browser

package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed testdata/axe.min.js
var axe string

// chromium is Debian's, one for all tests; each gets a tab of it.
var chromium = sync.OnceValues(func() (context.Context, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, errors.New("these tests need chromium: apt-get install chromium")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1280, 900))
	allocated, _ := chromedp.NewExecAllocator(context.Background(), options...) // it ends with the tests
	ctx, _ := chromedp.NewContext(allocated)
	return ctx, chromedp.Do(ctx)
})

// tab is one page of the browser. Whatever the page complains about fails the test.
func tab(t *testing.T, width, height int64) context.Context {
	t.Helper()
	all, err := chromium()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(all)
	t.Cleanup(cancel)
	err = chromedp.Listen(ctx, func(e any) {
		switch e := e.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the page's script failed: %s", e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "status of 40") {
				t.Errorf("the browser complains: %s %s", e.Entry.Text, e.Entry.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.EmulateViewport(width, height))
	return ctx
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// eval is the value of an expression in the page.
func eval[T any](t *testing.T, ctx context.Context, js string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%.200s: %v", js, err)
	}
	return v
}

// run runs a script in the page.
func run(t *testing.T, ctx context.Context, js string) {
	t.Helper()
	eval[chromedp.Void](t, ctx, js)
}

// click clicks an element, wherever on the page it is.
func click(t *testing.T, ctx context.Context, selector string) {
	t.Helper()
	run(t, ctx, fmt.Sprintf("document.querySelector(%q).click()", selector))
}

// until waits for an expression to be true, across navigations.
func until(t *testing.T, ctx context.Context, js string) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		short, cancel := context.WithTimeout(ctx, 10*time.Second)
		is, err := chromedp.Run(short, chromedp.Evaluate[bool]("Boolean("+js+")"))
		cancel()
		if err == nil && is {
			return
		}
	}
	t.Fatalf("in a minute it does not come true: %s", js)
}

const (
	done    = `document.getElementById("status").textContent.startsWith("Played ") && document.getElementById("stop").hidden`
	onBoard = `document.querySelectorAll("#board button.dot").length > 0`
	today   = `?base=medway&fixed=1&times=40`
	six     = today + `&set=pathway.rehab.places.riverside.beds%3D6`
)

// press presses Tab until an element has the focus; the keyboard must get there.
func press(t *testing.T, ctx context.Context, id string) {
	t.Helper()
	for range 120 {
		do(t, ctx, chromedp.KeyEvent(kb.Tab))
		if eval[string](t, ctx, `document.activeElement.id || document.activeElement.dataset.for || ""`) == id {
			return
		}
	}
	t.Fatalf("Tab does not lead to %s", id)
}

func TestBrowserJourney(t *testing.T) {
	dir := t.TempDir()
	address := servedPage(t, dir)
	ctx, other := tab(t, 1280, 900), tab(t, 1280, 900)
	const beds = `document.getElementById("v-pathway-rehab-places-riverside-beds")`
	do(t, ctx, chromedp.Navigate(address+"/"+today))
	run(t, ctx, `(() => { const s = document.querySelector('input[data-for="v-pathway-rehab-places-riverside-beds"]'); s.value = 6; s.dispatchEvent(new Event("input")); })()`)
	if v := eval[string](t, ctx, beds+".value"); v != "6" {
		t.Errorf("the slider moves the box to %q", v)
	}
	click(t, ctx, "#go")
	until(t, ctx, done)
	if v := eval[string](t, ctx, `document.querySelector("#answer .answer").textContent`); !strings.Contains(v, "My choice") {
		t.Errorf("the answer says %q", v)
	}
	// Another page beside it knows nothing of this one.
	do(t, other, chromedp.Navigate(address+"/"+today+"&with=all-spot"))
	until(t, other, done)
	if v := eval[string](t, other, beds+".value"); v != "4" {
		t.Errorf("another page has %q beds", v)
	}
	// The address holds it all.
	before := eval[string](t, ctx, `document.getElementById("answer").textContent`)
	do(t, ctx, chromedp.Reload())
	until(t, ctx, done)
	if v := eval[string](t, ctx, beds+".value"); v != "6" {
		t.Errorf("the address loses the beds: %q", v)
	}
	if v := eval[string](t, ctx, `document.getElementById("answer").textContent`); v != before {
		t.Error("the same address gives another answer")
	}
	// Saved, it is a scenario of the folder and among the choices.
	click(t, ctx, "#keep form button")
	until(t, ctx, `document.querySelector(".govuk-notification-banner") !== null`)
	if _, err := os.Stat(filepath.Join(dir, "my-choice.yaml")); err != nil {
		t.Error(err)
	}
	until(t, ctx, done)
	// A fault is said, and leads nowhere else.
	run(t, ctx, beds+`.value = "many"`)
	click(t, ctx, "#go")
	until(t, ctx, `!document.getElementById("problem").hidden`)
	if v := eval[string](t, ctx, `document.getElementById("problems").textContent`); !strings.Contains(v, "riverside.beds") {
		t.Errorf("the fault says %q", v)
	}
}

func TestBrowserStop(t *testing.T) {
	ctx := tab(t, 1280, 900)
	address := servedPage(t, "")
	do(t, ctx, chromedp.Navigate(address+"/?base=medway&times=20000&with=all-spot"))
	until(t, ctx, `document.querySelector("#answer svg") !== null`)
	click(t, ctx, "#stop")
	until(t, ctx, `document.getElementById("status").textContent.startsWith("Stopped.")`)
	if !eval[bool](t, ctx, `document.querySelector("#answer .answer") !== null`) {
		t.Error("what there was is gone")
	}
	do(t, ctx, chromedp.Navigate(address+"/?base=medway&times=20000&precision=20&fixed=1&with=all-spot"))
	until(t, ctx, `document.getElementById("status").textContent.includes("as sure as you asked for")`)
}

func TestBrowserKeyboard(t *testing.T) {
	ctx := tab(t, 1280, 900)
	address := servedPage(t, "")
	do(t, ctx, chromedp.Navigate(address+"/"+today))
	press(t, ctx, "v-pathway-rehab-places-riverside-beds")
	do(t, ctx, chromedp.KeyEvent(kb.ArrowRight))
	press(t, ctx, "go")
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, done)
	if v := eval[string](t, ctx, `document.getElementById("v-pathway-rehab-places-riverside-beds").value`); v != "5" {
		t.Errorf("an arrow key moves the slider to %q", v)
	}
	do(t, ctx, chromedp.Navigate(address+"/year"+six+"&which=2"))
	until(t, ctx, onBoard)
	press(t, ctx, "play")
	do(t, ctx, chromedp.KeyEvent(" "))
	until(t, ctx, `Number(document.getElementById("day").value) > 3`)
	do(t, ctx, chromedp.KeyEvent(" "))
	for range 10 {
		do(t, ctx, chromedp.KeyEvent(kb.Tab))
		if eval[bool](t, ctx, `document.activeElement.classList.contains("dot")`) {
			break
		}
	}
	do(t, ctx, chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelectorAll("#story li").length > 0`)
}

func TestBrowserWithoutScript(t *testing.T) {
	ctx := tab(t, 1280, 900)
	address := servedPage(t, "")
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(address+"/"+six), chromedp.Click(chromedp.CSS("#go")),
		chromedp.WaitVisible(chromedp.CSS("#answer .answer")), chromedp.WaitVisible(chromedp.CSS("#keep a")))
	at, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil || !strings.Contains(at, "/answer?") || strings.Contains(at, "v%3A") {
		t.Errorf("the form leads to %s", at)
	}
}

func TestBrowserCalm(t *testing.T) {
	ctx := tab(t, 1280, 900)
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(servedPage(t, "")+"/year"+six))
	until(t, ctx, onBoard)
	if n := eval[int](t, ctx, `goTo(40), document.getAnimations().length`); n != 0 {
		t.Errorf("%d things move for a reader who wants none to", n)
	}
}

// pages are those that are looked at as a whole: what to wait for, and a name.
var pages = []struct{ name, path, ready string }{
	{"desk", "/", "true"},
	{"answer", "/" + six + "&with=all-spot&find=relapse", "true"},
	{"answered", "/" + six + "&with=all-spot", done},
	{"year", "/year" + six + "&which=2", onBoard},
	{"refusal", "/report/exe", "true"},
	{"fault", "/?base=nowhere", "true"},
}

// TestBrowserAccessible: axe finds nothing, and nothing sticks out: on a wide screen, at 200% and on a small phone.
func TestBrowserAccessible(t *testing.T) {
	address := servedPage(t, t.TempDir())
	for _, size := range [][2]int64{{1280, 900}, {640, 450}, {320, 640}} {
		ctx := tab(t, size[0], size[1])
		for _, page := range pages {
			do(t, ctx, chromedp.Navigate(address+page.path))
			until(t, ctx, page.ready)
			run(t, ctx, `document.querySelectorAll("details").forEach((d) => { d.open = true; })`)
			if wide := eval[int64](t, ctx, `document.documentElement.scrollWidth`); wide > size[0] {
				t.Errorf("%s at %d px is %d px wide", page.name, size[0], wide)
			}
			run(t, ctx, axe)
			for _, found := range eval[[]string](t, ctx, `axe.run(document, {resultTypes: ["violations"]}).then((r) =>
				r.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.map((n) => n.html.slice(0, 160)).slice(0, 3).join(" | ")))`) {
				t.Errorf("%s at %d px: %s", page.name, size[0], found)
			}
		}
	}
}

// TestBrowserPictures keeps pictures of the page in the folder that TIER4_PICTURES names, if it does.
func TestBrowserPictures(t *testing.T) {
	dir := os.Getenv("TIER4_PICTURES")
	if dir == "" {
		t.Log("TIER4_PICTURES names no folder: none are kept")
		return
	}
	address := servedPage(t, t.TempDir())
	const whole = `?base=medway&name=Six+beds&with=weekly-panel&set=pathway.rehab.places.riverside.beds%3D6`
	for _, p := range []struct {
		name, path, ready string
		width, height     int64
		before            string
	}{
		{"page", "/" + whole, done, 1280, 1500, ""},
		{"page-small", "/" + whole, done, 320, 900, `document.getElementById("answer").scrollIntoView()`},
		{"page-zoomed", "/" + whole, done, 640, 900, ""},
		{"year", "/year" + whole + "&which=2", onBoard, 1280, 1150, `goTo(120); document.querySelector("#w4 button, #i4-0 button").click(); new Promise((r) => setTimeout(r, 1500)).then(() => scrollTo(0, 0))`},
		{"year-small", "/year" + whole, onBoard, 320, 1400, `goTo(60)`},
	} {
		ctx := tab(t, p.width, p.height)
		do(t, ctx, chromedp.Navigate(address+p.path))
		until(t, ctx, p.ready)
		if p.before != "" {
			run(t, ctx, p.before)
		}
		time.Sleep(500 * time.Millisecond) // what glides has come to rest
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, p.name+".png"), png, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
