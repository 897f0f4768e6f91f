package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rooms says what each package may import beside the standard library: packages of this module by
// path, others by prefix. It is the table of ARCHITECTURE.md.
var rooms = map[string][]string{
	"tier4/sim/internal/event": {},
	"tier4/sim/dist":           {"gonum.org/", "golang.org/x/exp/rand"},
	"tier4/sim/stats":          {"gonum.org/"},
	"tier4/sim":                {"tier4/sim/internal/event", "tier4/sim/dist", "tier4/sim/stats"},
	"tier4/scenarios":          {"tier4/sim", "tier4/sim/dist", "tier4/sim/stats", "gopkg.in/yaml.v3"},
	"tier4/calibration":        {"tier4/calibration/internal/abc", "tier4/scenarios", "tier4/scenarios/explore", "tier4/sim", "tier4/sim/dist", "tier4/sim/stats", "gonum.org/"},

	"tier4/cmd/tier4/internal/chart":   {"git.sr.ht/~sbinet/gg", "golang.org/x/image/", "codeberg.org/go-fonts/liberation/"},
	"tier4/cmd/tier4/internal/office":  {"github.com/xuri/excelize/v2"},
	"tier4/cmd/tier4/internal/cluster": {"github.com/nats-io/", "github.com/klauspost/compress/s2"},
	"tier4/cmd/tier4/internal/store":   {"tier4/sim", "github.com/gofrs/flock"},
	"tier4/cmd/tier4/internal/web":     {"tier4/cmd/tier4/internal/report", "tier4/scenarios", "tier4/sim"},
	"tier4/cmd/tier4/internal/extract": {"tier4/calibration", "tier4/scenarios", "tier4/sim", "github.com/xuri/excelize/v2", "golang.org/x/text/"},
	"tier4/cmd/tier4/internal/report":  {"tier4/calibration", "tier4/cmd/tier4/internal/chart", "tier4/cmd/tier4/internal/extract", "tier4/cmd/tier4/internal/office", "tier4/scenarios", "tier4/scenarios/explore", "tier4/sim", "tier4/sim/dist", "tier4/sim/stats", "github.com/olekukonko/tablewriter", "github.com/olekukonko/tablewriter/", "github.com/parquet-go/parquet-go"},
	"tier4/scenarios/explore":          {"tier4/scenarios", "tier4/sim", "tier4/sim/dist", "tier4/sim/stats"},
	"tier4/calibration/internal/abc":   {"tier4/sim/dist", "gonum.org/"},
}

// doors are the packages that only one room may import; excelize is read in one and written in another.
var doors = map[string]string{
	"golang.org/x/exp/rand":             "tier4/sim/dist",
	"gopkg.in/yaml.v3":                  "tier4/scenarios",
	"github.com/spf13/cobra":            "tier4/cmd/tier4",
	"github.com/olekukonko/tablewriter": "tier4/cmd/tier4/internal/report",
	"github.com/parquet-go/parquet-go":  "tier4/cmd/tier4/internal/report",
	"github.com/vbauerster/mpb/v8":      "tier4/cmd/tier4",
	"github.com/xuri/excelize/v2":       "tier4/cmd/tier4/internal/extract tier4/cmd/tier4/internal/office",
	"golang.org/x/text/encoding":        "tier4/cmd/tier4/internal/extract",
	"github.com/nats-io/nats.go":        "tier4/cmd/tier4/internal/cluster",
	"github.com/nats-io/nats-server/v2": "tier4/cmd/tier4/internal/cluster",
	"github.com/gofrs/flock":            "tier4/cmd/tier4/internal/store",

	"git.sr.ht/~sbinet/gg":    "tier4/cmd/tier4/internal/chart",
	"golang.org/x/image/font": "tier4/cmd/tier4/internal/chart",

	"codeberg.org/go-fonts/liberation/liberationsansregular": "tier4/cmd/tier4/internal/chart",
}

// impure are packages that none of the rooms may use.
var impure = []string{"log", "log/slog", "time/tzdata", "math/rand", "math/rand/v2", "container/heap"}

// outside are the functions that look at a clock or the environment, which is for the command alone: whatever a
// simulation gives is a function of what it is given.
var outside = []string{"time.Now", "time.Since", "time.Until", "time.After", "time.Tick", "time.NewTimer", "time.NewTicker", "os.Getenv", "os.LookupEnv", "os.Environ", "os.Hostname"}

func list(t *testing.T, format string) (lines []string) {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", format, "tier4/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

func TestNothingBelowTheCommandLooksOutside(t *testing.T) {
	seen := 0
	for _, line := range list(t, `{{.ImportPath}} {{.Dir}} {{join .GoFiles " "}}`) {
		fields := strings.Fields(line)
		if strings.HasPrefix(fields[0], "tier4/cmd/") {
			continue
		}
		for _, name := range fields[2:] {
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, filepath.Join(fields[1], name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			seen++
			ast.Inspect(file, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if of, ok := s.X.(*ast.Ident); ok && slices.Contains(outside, of.Name+"."+s.Sel.Name) {
						t.Errorf("%s: %s.%s is for the command", files.Position(s.Pos()), of.Name, s.Sel.Name)
					}
				}
				return true
			})
		}
	}
	if seen < 100 {
		t.Errorf("only %d files were looked at", seen)
	}
}

func TestImportRules(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range list(t, `{{.ImportPath}} {{join .Imports " "}}`) {
		fields := strings.Fields(line)
		room, imports := fields[0], fields[1:]
		seen[room] = true
		allowed, ruled := rooms[room]
		for _, path := range imports {
			standard := !strings.Contains(strings.SplitN(path, "/", 2)[0], ".") && !strings.HasPrefix(path, "tier4")
			if ruled && !standard && !slices.ContainsFunc(allowed, func(a string) bool {
				return path == a || strings.HasSuffix(a, "/") && strings.HasPrefix(path, a)
			}) {
				t.Errorf("%s must not import %s", room, path)
			}
			if ruled && slices.Contains(impure, path) {
				t.Errorf("%s must not import %s", room, path)
			}
			if owner := doors[path]; owner != "" && !slices.Contains(strings.Fields(owner), room) {
				t.Errorf("%s imports %s, whose one door is %s", room, path, owner)
			}
		}
	}
	for room := range rooms {
		if !seen[room] {
			t.Errorf("there is no package %s: the rules are out of date", room)
		}
	}
}
