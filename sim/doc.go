// Package sim plays a detox and rehab pathway many times over and says what its figures are, how sure
// they are, and how they differ between scenarios that have the same people with the same luck.
//
// The flow:
//
//  1. A [Spec] says in plain values what a scenario means: people, stages, contracts, budgets, laws.
//  2. [Compile] checks it, every fault at once, and makes an immutable [Model] that measures the figures
//     asked for. A model may be shared by any number of goroutines.
//  3. A [Runner] plays one replication, a pure function of (model, seed, number), and appends its plain
//     numbers to a [Batch]. [Trace] plays one and tells everything that happens to everyone.
//  4. A [Gather] adds batches up in order of replication, a [Pairing] two models' batches side by side:
//     so any number of workers gives the same bytes.
//  5. A [Player] does 3 on all cores, stretch by stretch and of any models; [Experiment] gathers what it
//     plays of a base and its what-ifs, and gives [Findings]: a [Summary] of each model (figures
//     with intervals, distributions, monthly series, statements of contracts, warnings) and a
//     [Comparison] of each what-if with the base.
//
// Time is in days from the start, money in pence, rates in people a year of 365.25 days. Financial
// years run from 1 April; the first starts with the run. Every random draw has an address (seed,
// replication, person, visit, stage, pass, purpose, occasion) and no order: a scenario that changes
// beds leaves everyone's arrival, stay, patience and luck as they were. It cannot hold for streams and
// stages that are renamed, for another law between renewals, or for a person's later passes once
// histories have parted.
//
// It knows no YAML, files, terminal or clock; package scenarios reads what people write.
package sim
