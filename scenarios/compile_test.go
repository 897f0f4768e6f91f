package scenarios

import (
	"path/filepath"
	"strings"
	"testing"

	"tier4/sim"
)

// TestEveryScenarioCompiles hands every scenario on: what passes here passes there.
func TestEveryScenarioCompiles(t *testing.T) {
	names, _ := filepath.Glob("testdata/*.yaml")
	for _, info := range List() {
		names = append(names, info.Name)
	}
	for _, name := range names {
		if strings.Contains(name, "circle") {
			continue
		}
		if _, err := sim.Compile(mustLoad(t, name).Spec); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
