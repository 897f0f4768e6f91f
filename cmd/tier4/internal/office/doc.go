// Package office writes what office programs open: workbooks (.xlsx). It knows plain numbers and words
// only, and the same input gives the same bytes: package.go packs files without dates.
package office
