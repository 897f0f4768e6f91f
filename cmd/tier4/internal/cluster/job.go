package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
)

// Job is a run that is cut into shards.
type Job struct {
	Version      string   `json:"version"`      // of the program, which must be the same everywhere
	Architecture string   `json:"architecture"` // of the processors: others round otherwise
	Command      []string `json:"command"`      // that makes the run, without the program's name
	Folder       string   `json:"folder"`       // in which it is run, as a path within the files
	Files        []File   `json:"files"`
	Shards       int      `json:"shards"`
}

// File is one that the command reads.
type File struct {
	Path string `json:"path"` // slashes, no drive, nothing that leads out
	Data []byte `json:"data"`
}

// ID is the same for all who ask for the same run, into however many shards they would cut it.
func (j Job) ID() string {
	j.Shards = 0
	text, _ := json.Marshal(j) // plain values: it cannot fail
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}

// Inside is a path as it is within a job's files: rooted, with slashes and without a drive.
func Inside(path string) (string, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	drive := filepath.VolumeName(whole)
	within := filepath.ToSlash(strings.TrimPrefix(whole, drive))
	if drive = strings.Trim(strings.ReplaceAll(filepath.ToSlash(drive), ":", ""), "/"); drive != "" {
		within = "/" + drive + within
	}
	return strings.TrimPrefix(within, "/"), nil
}

// Same is nil if this program can work at what another one has asked for.
func Same(version, architecture, ofVersion, ofArchitecture string) error {
	switch {
	case version != ofVersion:
		return &RefusedError{fmt.Sprintf("this is version %s of the program, and the cluster works with %s; use the same everywhere", version, ofVersion)}
	case architecture != ofArchitecture:
		return &RefusedError{fmt.Sprintf("this machine's processor is of another kind (%s) than the cluster's (%s), and would round otherwise", architecture, ofArchitecture)}
	}
	return nil
}

// RefusedError says why a program cannot take part.
type RefusedError struct{ why string }

func (e *RefusedError) Error() string { return e.why }
