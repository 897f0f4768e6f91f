package scenarios

import (
	"errors"
	"fmt"
	"slices"
)

// blamed adds to faults that lie where nothing was changed which edit of a tree they come of: the first with which they are
// there. Of those that are there without any, nothing is said.
func (src source) blamed(err error, from *node, edits []edit) error {
	var faults Faults
	if !errors.As(err, &faults) {
		return err
	}
	var elsewhere []int
	for i, f := range faults {
		if !slices.ContainsFunc(edits, func(e edit) bool { return e.at.file == f.File }) {
			elsewhere = append(elsewhere, i)
		}
	}
	for n := 0; n <= len(edits) && len(elsewhere) > 0; n++ {
		there := src.faultsWith(from, edits[:n])
		elsewhere = slices.DeleteFunc(elsewhere, func(i int) bool {
			found := slices.Contains(there, faults[i])
			if found && n > 0 {
				faults[i].What += ", because of " + edits[n-1].String()
			}
			return found
		})
	}
	return faults
}

// faultsWith are the faults of a tree with some edits.
func (src source) faultsWith(from *node, edits []edit) (faults Faults) {
	tree := from.clone()
	(&overlays{faults: &faults}).apply(tree, edits)
	r := &reader{faults: &faults, file: src.file, open: src.open, values: map[*node]any{}}
	r.read(tree, &Scenario{tried: true})
	return faults
}

// String is an edit as messages call it.
func (e edit) String() string {
	if e.at.file == settingsFile {
		return "`" + short(e.path+"="+e.value.String()) + "`"
	}
	return fmt.Sprintf("`%s` on line %d of %s", short(e.path+": "+e.value.String()), e.at.line, e.at.file)
}
