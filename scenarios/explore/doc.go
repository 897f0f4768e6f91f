// Package explore plays many variants of one scenario on the same people, and says which is best, which
// no other beats, and how sure that is. It knows no terminal, files or clock.
//
// The flow:
//
//  1. [Vary] reads what is to be varied, `pathway.rehab.places.riverside.beds=0..12`, into a [Space]: a
//     full grid in a stable order, or a Sobol design over it.
//  2. [Options] makes an [Option] of each point: the scenario with some settings, compiled for the figures
//     that are wanted. Faults of all come out together, each once.
//  3. All options are played by a [sim.Player], which gives them the same people with the same luck: equally
//     often by a [Survey], of which a [Frontier] finds the options that no other beats; or as often as it takes
//     by a [Choice], which drops those that are shown to be worse (kimnelson.go, feasible.go), or spends a
//     budget where it tells most (ocba.go).
//  4. An [Inquiry] asks which of the numbers that nobody knows drive figures, or differences of what-ifs:
//     [Inquiry.Tornado], [Inquiry.Morris], [Inquiry.Sobol], [Inquiry.BreakEven]; and what knowing them
//     would be worth to a choice: [Inquiry.Weigh]. [Nest] draws them all for an ordinary experiment.
//
// The procedures work on a series for each option and figure, the plain numerators and denominators of its
// replications. A figure that is a ratio of totals, as a mean wait is, is linearised: each replication's
// residual takes the place of an observation.
package explore
