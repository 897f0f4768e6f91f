// Package web is the page of `tier4 serve`: scenarios to choose from, numbers to move, and an answer that
// sharpens while it is worked out.
//  1. server.go says which address does what, and what it all stands on; guard.go and token.go say who may ask.
//  2. state.go is what a reader has chosen, as the page's address holds it: the server keeps nothing of it.
//  3. levers.go finds the numbers of a scenario that can be moved; choice.go makes a what-if of those moved.
//  4. page.go shows the page, live.go streams the answer, papers.go gives reports and saves scenarios.
//  5. year.go tells one simulated year for the page to show; the story of a person is that of `tier4 trace`.
//
// What is played, and how it is reported, is the command's own code: the same bytes as on the command line.
package web
