// Package extract reads rows of dates from a case-management system, whatever they look like, and makes a
// [calibration.Extract] of them.
//
// The way of a file through the package, one file a step:
//
//  1. sheet.go tells a CSV file from a workbook; text.go reads the one (separator, quotes, encoding), and
//     workbook.go the other, into lines of cells.
//  2. header.go finds the header among titles, and tells by the words of words.go what each column may be.
//  3. layout.go is which column is what: layout_read.go reads it from a file of columns, expression.go the dates
//     worked out from others; guess.go fills in from headers and cells what it leaves open, order.go puts the
//     stages in order, and write.go writes all of it as such a file.
//  4. dates.go reads one cell; rows.go settles for each column which number is the day, and reads all.
//  5. listed.go finds when people join lists, window.go when the extract was made, of whom and since when.
//  6. values.go finds cohorts and contracts; build.go and closing.go make an episode of each row.
//
// A row that something is wrong with is set aside with every reason ([Defect]); every line is accounted for.
// What is guessed or decided is said ([Reading].Notes).
package extract
