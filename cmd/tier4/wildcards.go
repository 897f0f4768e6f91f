package main

import (
	"os"
	"path/filepath"
	"strings"
)

// expanded has the files in the place of each name with a `*` or `?` that no file has: the shells of Windows leave
// that to programs. A name that matches nothing stays, to be refused as it was written.
func expanded(names []string) (all []string) {
	for _, name := range names {
		if _, err := os.Lstat(name); err != nil && strings.ContainsAny(name, "*?") {
			if found, _ := filepath.Glob(name); len(found) > 0 {
				all = append(all, found...)
				continue
			}
		}
		all = append(all, name)
	}
	return all
}
