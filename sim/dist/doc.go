// Package dist holds the laws of random durations and the addressed uniforms
// that they are drawn with. It knows nothing of beds or people.
//
// From a scenario to a draw there are four steps:
//
//  1. A constructor ([Gamma], [WeibullMedian], [LognormalMedian], ...) checks
//     the parameters people know and gives a [Law], an immutable value.
//  2. [Tabulate] puts a table of quantiles before a law whose exact quantile
//     is dear. It is built once a model; the others come back as they are.
//  3. A [Key] is an address: seed, replication, person, visit, folded one
//     after another; [Key.Draw] adds the purpose, the pass and the occasion
//     and gives a uniform. The same address always gives the same uniform, so
//     two scenarios share their luck wherever they share their addresses.
//  4. [Law.AtSurvival] turns that uniform into a duration by the inverse CDF:
//     one uniform a draw, never more, and longer for a smaller uniform.
//
// Hazard ratios act on the survival function, S to the power h, through
// [WithHazardRatio], and piecewise hazards through [CumulativeHazard] and
// [AtCumulativeHazard].
//
// Durations are days everywhere. Probabilities and percentiles are fractions:
// the ninetieth percentile is 0.9.
package dist
