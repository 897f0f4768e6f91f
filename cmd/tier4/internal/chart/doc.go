// Package chart draws the pictures of reports, pages and slides: once, as SVG and as PNG of the same
// drawing. It knows numbers and words only, nothing of scenarios, files or terminals, and the same
// input gives the same bytes.
//
// Each kind of picture is a struct of plain values; its Chart method draws it:
//
//	c, err := chart.Lines{
//		Words: chart.Words{
//			ID:    "rehab-waiting",
//			Title: "Half of those referred still wait after five weeks", // a sentence: what it says
//			About: "Share still waiting for rehab, by time since joining the list",
//			Note:  "Kaplan-Meier estimate, 120 people",
//		},
//		X:    chart.Axis{Label: "Time since joining", Unit: chart.Weeks()}, // amounts are days
//		Y:    chart.Axis{Label: "Still waiting", Unit: chart.Percent(""), From: 0, To: 1}, // amounts are shares
//		Band: "95% confidence, pointwise",
//		Series: []chart.Series{
//			{Name: "Alcohol", X: days, Y: still, Low: low, High: high, Step: true},
//		},
//	}.Chart()
//	svg := c.SVG()          // inline in HTML or as a file; it refers to nothing outside itself
//	png, err := c.PNG(2)    // 2 pixels a unit, white ground
//	err = c.Table.CSV(file) // every number drawn; c.Alt says the picture in words
//
// The kinds, a file each: Lines (curves, steps, bands: lists by month, survival, cumulative incidence,
// acceptability) and Panels of them, Histogram (waits, with the share within some weeks), Bars, Stacks
// (cost against budget), BedsUse (in use against held), Flow (where people leave), Forest (differences
// to a base), Scatter (a frontier), HeatMap, Tornado, Observed (against simulated), Gaps (between groups).
// Wrong input (lengths that do not match, a NaN) is an error.
//
// What they share: drawing.go has the marks, svg.go and text.go write them; palette.go has colours and
// patterns; unit.go and axis.go say how amounts are written and placed; chart.go lays a sheet out.
// Bars begin at 0, names stand beside what they name, and nothing is told by colour alone.
package chart
