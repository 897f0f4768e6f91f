package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// park is a cluster of processes, any of which may be killed.
type park struct {
	t       *testing.T
	dir     string
	urls    string
	servers []*exec.Cmd
	args    [][]string // of servers
	workers []*exec.Cmd
}

// freeAddress is one at which nobody listens now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// newPark starts so many servers and workers.
func newPark(t *testing.T, dir string, servers, workers int) *park {
	t.Helper()
	p := &park{t: t, dir: dir}
	var together []string
	for range servers {
		together = append(together, freeAddress(t))
	}
	for i := range servers {
		at := freeAddress(t)
		args := []string{"cluster", "--listen", at, "--store", fmt.Sprintf("store-%d", i), "--silence", "2s"}
		if servers > 1 {
			args = append(args, "--name", fmt.Sprintf("s%d", i), "--together", together[i], "--copies", "3")
			for k, other := range together {
				if k != i {
					args = append(args, "--routes", other)
				}
			}
		}
		p.args = append(p.args, args)
		p.servers = append(p.servers, p.start(args...))
		if p.urls != "" {
			p.urls += ","
		}
		p.urls += "nats://" + at
	}
	for range workers {
		p.workers = append(p.workers, p.start("worker", "--join", p.urls, "--workers", "1"))
	}
	t.Cleanup(func() {
		for _, c := range append(p.servers, p.workers...) {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	})
	return p
}

// start starts a process, again if the cluster is not there yet.
func (p *park) start(args ...string) *exec.Cmd {
	p.t.Helper()
	c, _, _ := process(p.dir, args...)
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	return c
}

// kill ends a process with no chance to say anything, and starts another.
func (p *park) kill(c **exec.Cmd, args ...string) {
	_ = (*c).Process.Kill()
	_ = (*c).Wait()
	*c = p.start(args...)
}

// disturbed has a park play a run while processes are killed at moments of chance, and holds the answer to that of
// a run on one machine.
func disturbed(t *testing.T, luck *rand.Rand, servers, kills int) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "killed.yaml"), []byte(killedScenario), 0o644); err != nil {
		t.Fatal(err)
	}
	disturbedIn(t, luck, servers, kills, dir, "run", "killed.yaml", "--figures", "cost,ward.wait.mean,ward.wait.p90,ward.in_use.p95", "--format", "json", "--quiet")
}

func disturbedIn(t *testing.T, luck *rand.Rand, servers, kills int, dir string, args ...string) {
	alone, want, said := process(dir, args...)
	if err := alone.Run(); err != nil {
		t.Fatal(err, said)
	}
	p := newPark(t, dir, servers, 2)
	args = append(args, "--cluster", p.urls, "--shards-of-tier4", "6")
	asking, got, said := process(dir, args...)
	if err := asking.Start(); err != nil {
		t.Fatal(err)
	}
	for range kills {
		time.Sleep(time.Duration(100+luck.IntN(600)) * time.Millisecond)
		switch what := luck.IntN(3); what {
		case 0:
			i := luck.IntN(len(p.workers))
			p.kill(&p.workers[i], "worker", "--join", p.urls, "--workers", "1")
		case 1:
			i := luck.IntN(len(p.servers))
			p.kill(&p.servers[i], p.args[i]...)
		default:
			_ = asking.Process.Kill()
			_ = asking.Wait()
			asking, got, said = process(dir, args...)
			if err := asking.Start(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 5 { // who asks while the server is being started again, asks again
		if err := asking.Wait(); err == nil {
			break
		}
		t.Log(said)
		time.Sleep(time.Second)
		asking, got, said = process(dir, args...)
		if err := asking.Start(); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(got.Bytes(), want.Bytes()) {
		t.Errorf("with %d kills, the cluster has another answer: %s", kills, said)
	}
}

func TestAClusterThatIsDisturbedGivesTheSameAnswer(t *testing.T) {
	disturbed(t, rand.New(rand.NewPCG(1, 1)), 1, 4)
}

// aChoice is one that is not decided at once.
var aChoice = []string{
	"choose", "medway", "--vary", "pathway.rehab.places.riverside.beds=0..7", "--vary", "pathway.panel.cases=2..5", "--best", "cost_per_completion",
	"--indifference", "£60", "--replications", "400", "--format", "json", "--quiet", "--yes",
}

// Where what is played depends on what was, a cluster plays ahead.
func TestAClusterPlaysAhead(t *testing.T) {
	dir, calibration := observedA(t)
	luck := rand.New(rand.NewPCG(1, 2))
	disturbedIn(t, luck, 1, 0, dir, calibration...)
	disturbedIn(t, luck, 1, 0, t.TempDir(), aChoice...)
}

// What a report, a workbook, single replications or a form by its ending need is measured by those who play, so that
// nothing has to be played again.
func TestAClusterPlaysAllThatIsWanted(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"ward.yaml": killedScenario, "more.yaml": "extends: ward.yaml\nchanges: {pathway.ward.places.riverside.beds: 7}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := newPark(t, dir, 1, 1)
	for i, wanted := range [][]string{{"--report"}, {"--runs"}, {"--out"}, {"--plot"}, {"--report", "--out"}} {
		for _, names := range [][]string{{"run", "ward.yaml"}, {"compare", "ward.yaml", "more.yaml"}} {
			args := append(names, "--replications", fmt.Sprint(100+i))
			var here, there []string
			for _, flag := range wanted {
				file := map[string]string{"--report": "r.xlsx", "--runs": "r.csv", "--out": "r.json", "--plot": "pictures"}[flag]
				here = append(here, flag, fmt.Sprint("here-", names[0], i, "-", file))
				there = append(there, flag, fmt.Sprint("there-", names[0], i, "-", file))
			}
			alone, want, said := process(dir, append(args, here...)...)
			if err := alone.Run(); err != nil {
				t.Fatal(err, said)
			}
			c, got, said := process(dir, append(append(args, there...), "--cluster", p.urls)...)
			if err := c.Run(); err != nil {
				t.Fatal(err, said)
			}
			if strings.Contains(said.String(), "played again") || !bytes.Equal(got.Bytes(), want.Bytes()) {
				t.Errorf("%s: another answer, or %s", c.Args, said)
			}
		}
	}
}
