//go:build long

package main

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Twenty kills at moments of chance.
func TestAClusterThatIsDisturbedTimeAndAgainGivesTheSameAnswer(t *testing.T) {
	for seed := range uint64(5) {
		disturbed(t, rand.New(rand.NewPCG(seed, 3)), 1, 4)
	}
}

// Any of three servers may go, the one that leads among them.
func TestAClusterOfThreeServersOutlivesTheLossOfOne(t *testing.T) {
	for seed := range uint64(3) {
		disturbed(t, rand.New(rand.NewPCG(seed, 4)), 3, 4)
	}
}

// What is played ahead of a calibration or a choice outlives the same.
func TestWhatIsPlayedAheadOutlivesKills(t *testing.T) {
	for seed := range uint64(3) {
		luck := rand.New(rand.NewPCG(seed, 5))
		dir, calibration := observedA(t)
		disturbedIn(t, luck, 1, 4, dir, calibration...)
		disturbedIn(t, luck, 1, 4, t.TempDir(), aChoice...)
	}
}

// cutScript is a cluster in a network of its own (Linux, as root or with user namespaces), which is cut for a minute.
const cutScript = `
ip link set lo up
(exec -a tier4 "$TIER4" cluster --listen 127.0.0.1:4555 --store store --silence 5s) &
(exec -a tier4 "$TIER4" worker --join nats://127.0.0.1:4555 --workers 1) &
(exec -a tier4 "$TIER4" worker --join nats://127.0.0.1:4555 --workers 1) &
run="run killed.yaml --replications 40000 --figures cost,ward.wait.mean,ward.wait.p90,ward.in_use.p95 --format json --quiet"
(exec -a tier4 "$TIER4" $run) > alone.json
(exec -a tier4 "$TIER4" $run --cluster nats://127.0.0.1:4555 --shards-of-tier4 24) > cut.json & asked=$!
sleep 4; ip link set lo down; sleep 60; kill -0 $asked || echo nothing was disturbed; ip link set lo up
wait $asked && cmp alone.json cut.json && test -s cut.json
code=$?
kill $(jobs -p); exit $code
`

func TestANetworkThatIsCutForAMinuteGivesTheSameAnswer(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "killed.yaml"), []byte(killedScenario), 0o644); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("unshare", "--net", "--map-root-user", "bash", "-c", cutScript)
	c.Dir, c.Env = dir, append(os.Environ(), "TIER4="+os.Args[0])
	said, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if strings.Contains(string(said), "nothing was disturbed") { // it was over before the network went
		t.Errorf("%s", said)
	}
}
