package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tier4/scenarios"
)

//go:embed starter
var starter embed.FS

// The files that init writes.
const (
	starterFile = "my-area.yaml"
	whatIfFile  = "one-more-bed.yaml"
	schemaFile  = "tier4.schema.json"
)

func initCommand(t *terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "A scenario of one's own to start from",
		Long: `Writes three files into a folder, this one unless named: ` + starterFile + `, a small pathway to
put your own numbers into; ` + whatIfFile + `, a first what-if that changes one thing of it;
and ` + schemaFile + `, by which an editor helps to write them. Nothing is overwritten.`,
		Example: `  tier4 init
  tier4 init my-area && tier4 compare my-area/` + starterFile + ` my-area/` + whatIfFile,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return bad("`tier4 init` takes one folder, so `%s` is too much", args[1])
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			return initialise(t, dir)
		},
	}
}

func initialise(t *terminal, dir string) error {
	type file struct {
		name string
		text []byte
	}
	files := []file{{name: filepath.Join(dir, schemaFile), text: scenarios.Schema()}}
	for _, name := range []string{starterFile, whatIfFile} {
		text, err := starter.ReadFile("starter/" + name)
		if err != nil {
			return err
		}
		files = append(files, file{filepath.Join(dir, name), text})
	}
	for _, f := range files {
		if _, err := os.Lstat(f.name); err == nil {
			return bad("%s exists already, so nothing was written; move it away, or name another folder", f.name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return bad("%s cannot be written: %w", f.name, plainly(err))
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return bad("%s cannot be made: %w", dir, plainly(err))
	}
	for i, f := range files {
		if err := writeNew(f.name, f.text); err != nil {
			for _, written := range files[:i] {
				_ = os.Remove(written.name)
			}
			return fmt.Errorf("%s could not be written: %w", f.name, plainly(err))
		}
	}
	for _, f := range files {
		fmt.Fprintln(t.out, f.name)
	}
	t.note("Next: tier4 run %s", quotedWord(filepath.Join(dir, starterFile)))
	t.note("Then: tier4 compare %s", quotedWords([]string{filepath.Join(dir, starterFile), filepath.Join(dir, whatIfFile)}))
	return nil
}

// writeNew writes a file that does not exist yet.
func writeNew(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		_ = os.Remove(name)
	}
	return err
}
