// Package stats turns what replications of a simulation gave into figures with
// an interval, and pairs of scenarios into differences with a verdict. It knows
// numbers only, holds no state of its own (it remembers quantiles of t that it has worked out), and draws nothing at random.
//
// The flow, in the order a figure passes through it:
//
//  1. Within one replication a [Tally] collects what happened to each person
//     (a wait, a stay) in logarithmic bins, and [QuantileOf] gives an exact
//     quantile of one year's values.
//  2. Each replication then adds one pair to a [Ratio] (and, for a comparison,
//     one to a [PairedRatio]), the bins of its Tally to a [Sketch], and the time
//     spent at each number of beds in use to [Levels]. All four have a size that
//     does not grow with the number of replications, and can be merged.
//  3. Estimate gives the figure with its interval: Student's t, the delta
//     method, Fieller or the jackknife for a Ratio, sections of replications for
//     quantiles, Wilson for independent yes-or-no answers. A figure nobody
//     contributed to is absent (ok is false); no result is NaN or infinite.
//  4. Difference, [SketchDifference] and [LevelsDifference] give the paired
//     difference of two scenarios, [Holm] adjusts the p-values of one table, and
//     [Judge] puts the answer in words.
//  5. What was observed rather than simulated has estimates of its own: [KaplanMeier] and [AalenJohansen] for
//     times seen late or lost early, [Rate] and [Bands] for events over exposure, [Disperse], [TwoSamples]
//     and [OneSample] for what fits.
//  6. Of a nested design (draws of parameters nobody knows, each played by some
//     replications) [Ratio.Nested], [Ratio.NestedProportion], [PairedRatio.Nested] and [Halves] part what chance
//     does from what not knowing does: [Parts]. [Saltelli], [Morris] and [Smooth] say
//     which parameter does how much, [Decide] and [Partial] what knowing it is worth.
//  7. [MSER5] and [RelativePrecisionMet] say how long to warm up and when to stop.
//
// Merging. Sketch and Levels count in integers and may be merged in any order:
// the state is the same to the last bit. Ratio and PairedRatio hold floating
// sums: they are merged in the order of the replications, block after block from
// the left, and then the same blocks give the same bytes.
//
// Misuse and bad data are two things. Misuse (a level of confidence outside
// (0, 1), a section that does not exist, merging sketches cut differently)
// panics, as indexing out of range does. A value that is not a finite number is
// bad data: it is refused and counted (Refused), and the figure it belonged to
// is absent from then on, since leaving the value out would bias it.
package stats
