package scenarios

import (
	"embed"
	"errors"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

//go:embed library
var embedded embed.FS

// shelf is the order in which the library is read: the service as it is, then
// beds, then the way to them, then what follows. Others come after, by name.
var shelf = keys(`medway
	four-more-beds-away four-local-beds four-local-beds-with-effect four-local-instead holding-out-for-local
	all-spot more-block-detox regional-bed-nights rehab-held-before-detox stay-on-until-rehab rehab-unit-closes
	smaller-detox-grant weekly-panel no-panel fast-track bigger-group more-worker-time
	focus-on-rehab-group keeping-in-touch community-rehab aftercare-for-all
	more-capacity prison-pick-up`)

// Info describes a scenario that comes with the tool.
type Info struct {
	Name    string // by which it is loaded
	Title   string
	About   string
	Extends string // what it is an overlay of; "" for none
}

// List is the library, the baseline first, in a fixed readable order.
func List() []Info {
	var all []Info
	for _, name := range libraryNames() {
		source, err := Open(name)
		if err != nil {
			continue
		}
		all = append(all, infoOf(name, source))
	}
	return all
}

// infoOf reads what a scenario says of itself; one that does not is called by its name.
func infoOf(name string, text []byte) Info {
	var head struct{ Name, About, Extends string }
	if yaml.Unmarshal(text, &head) != nil || head.Name == "" {
		head.Name = name
	}
	return Info{name, head.Name, strings.TrimSpace(head.About), head.Extends}
}

// Open is the YAML text of a scenario of the library.
func Open(name string) ([]byte, error) {
	source, err := embedded.ReadFile(path.Join("library", name+".yaml"))
	if err != nil {
		return nil, errors.New("no scenario `" + short(name) + "` comes with the tool; " +
			meant(name, libraryNames()) + "there are " + quoted(libraryNames(), "and"))
	}
	return source, nil
}

func libraryNames() []string {
	files, _ := embedded.ReadDir("library") // sorted by name
	var names []string
	for _, f := range files {
		if name, yes := strings.CutSuffix(f.Name(), ".yaml"); yes {
			names = append(names, name)
		}
	}
	place := func(name string) int {
		if i := slices.Index(shelf, name); i >= 0 {
			return i
		}
		return len(shelf)
	}
	slices.SortStableFunc(names, func(a, b string) int { return place(a) - place(b) })
	return names
}
