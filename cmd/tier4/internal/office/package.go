package office

import (
	"archive/zip"
	"bytes"
	"cmp"
	"io"
	"slices"
)

// part is one file of a package.
type part struct {
	name string // ppt/slides/slide1.xml
	data []byte
}

// zipped writes parts in their order, without dates.
func zipped(w io.Writer, parts []part) error {
	z := zip.NewWriter(w)
	for _, p := range parts {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := f.Write(p.data); err != nil {
			return err
		}
	}
	return z.Close()
}

// settled writes a ZIP file anew, its files in the order of their names and without dates: some writers
// leave them in any order.
func settled(w io.Writer, file []byte) error {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return err
	}
	var parts []part
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return err
		}
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		parts = append(parts, part{name: f.Name, data: data})
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.name, b.name) })
	return zipped(w, parts)
}
