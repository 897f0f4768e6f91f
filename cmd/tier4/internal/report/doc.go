// Package report turns findings into what people read and programs take in.
//  1. value.go writes one number with its unit, and one difference in words.
//  2. label.go says what a figure's id means in plain words.
//  3. page.go and table.go hold titles, paragraphs and tables, and write them as
//     text of a given width or as Markdown, from the same rows.
//  4. run.go and compare.go choose what a reader of one scenario, or of several,
//     needs to see, and in which order.
//  5. statements.go, budgets.go, lost.go and changes.go are parts of those reports.
//  6. json.go, csv.go and runs.go write every figure, for programs.
//  7. charts.go and the files after it turn the study into pictures.
//  8. paper.go puts a document to send together: the question, the answer (answer.go),
//     pictures, tables, where numbers are from (sources.go), methods (methods.go);
//     html.go writes it, committee.go, deck.go and book.go make a shorter paper, slides and a
//     workbook of it; pictured.go does all that for the answers of other commands.
//  9. trace.go and the files after it tell of one replication: all of it, some
//     people's stories, a day's round, a meeting. Each listens to what the model
//     tells, and trace_state.go keeps who is where.
//  10. points.go, choice.go and frontier.go tell of many options, points_data.go writes
//     them for programs; targets.go says which limits are kept.
//
// Nothing here runs a model, and the same study gives the same bytes.
package report
