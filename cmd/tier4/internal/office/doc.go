// Package office writes what office programs open: workbooks (.xlsx), slides (.pptx) and documents
// (.docx). It knows plain numbers and words only, and the same input gives the same bytes.
//
// A workbook is sheets of cells (book.go, by excelize). Slides and documents are parts of XML in a ZIP
// file, as ECMA-376 (Office Open XML) has them: package.go packs parts, document.go and its styles make a
// document, slides.go and nativechart.go slides whose charts are the program's own and can be edited there.
package office
