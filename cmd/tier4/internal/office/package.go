package office

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
)

// part is one file of an Open Packaging file.
type part struct {
	name string // ppt/slides/slide1.xml
	kind string // its content type; "" where the ending says it
	data []byte
}

// pack writes parts as a package. Readers look for the content types first.
func pack(w io.Writer, parts []part) error {
	var types strings.Builder
	types.WriteString(xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>` +
		`<Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/>`)
	for _, p := range parts {
		if p.kind != "" {
			fmt.Fprintf(&types, `<Override PartName="/%s" ContentType="%s"/>`, p.name, p.kind)
		}
	}
	types.WriteString(`</Types>`)
	return zipped(w, append([]part{{name: "[Content_Types].xml", data: []byte(types.String())}}, parts...))
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

// relation is one reference of a part to another.
type relation struct{ id, kind, target string }

const relationKinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

// relations is the part that lists another's references.
func relations(of string, all ...relation) part {
	var b strings.Builder
	b.WriteString(xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for _, r := range all {
		kind := r.kind
		if !strings.Contains(kind, ":") {
			kind = relationKinds + kind
		}
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s" Target="%s"/>`, r.id, kind, r.target)
	}
	b.WriteString(`</Relationships>`)
	folder, name := "", of
	if i := strings.LastIndexByte(of, '/'); i >= 0 {
		folder, name = of[:i+1], of[i+1:]
	}
	return part{name: folder + "_rels/" + name + ".rels", data: []byte(b.String())}
}

// properties are the parts that say what the file is, without a date.
func properties(title string) []part {
	return []part{
		{"docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", []byte(xml.Header +
			`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
			`<dc:title>` + escaped(title) + `</dc:title><dc:creator>tier4</dc:creator><dc:language>en-GB</dc:language></cp:coreProperties>`)},
		{"docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml", []byte(xml.Header +
			`<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>tier4</Application></Properties>`)},
	}
}

// escaped makes words safe in XML.
func escaped(words string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(words)) // a buffer never fails
	return b.String()
}
