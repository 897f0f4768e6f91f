// Package scenarios turns a scenario, one readable YAML file, into a
// [sim.Spec] in which every name, share, law and price is resolved.
//
// The way of a scenario through the package, one file a step:
//
//  1. text.go reads bytes into a tree of nodes that know their file, line and
//     column, and refuses what no scenario needs (aliases, tags, a second
//     document, other encodings).
//  2. overlay.go follows `extends`, applies `changes` and `--set`, and leaves
//     one effective tree; every node still points where its value was written. blame.go says of a fault
//     elsewhere which change it comes of.
//  3. top.go, people.go, pathway.go, beds.go, places.go, terms.go, routes.go,
//     relapse.go, budgets.go and start.go say, in tables, which keys each kind
//     of object has, and read them; laws.go and units.go read the values.
//  4. uncertain.go reads what nobody knows exactly, calibrate.go what is to be found from data, and
//     variant.go gives the spec of other values of it, kin.go those of several scenarios together; check.go
//     holds what spans several keys (routes, ways out), stability.go warns of lists that can only grow.
//  5. schema.go draws the JSON Schema from the same tables.
//
// To add a key, add a line to the table of its object: reading, the list of
// legal keys in a message, did-you-mean and the schema follow from it.
//
// # Spelling
//
// A length of time is `12 days` (d), `2 weeks` (w), `6 hours` (h), `90 minutes`
// (min), `1 year` (y), `3 months`, or a bare number of days. In warm_up and
// measure, years and months are those of the calendar; elsewhere a year is
// 365.25 days and a month a twelfth of that.
//
// A share is `85%` or `0.85`; a hazard ratio is `0.7`, `30% lower` or
// `20% higher`; money is `£1,200`, `£420.50` or a bare number of pounds; a rate
// is a number under per_year, per_month, per_week or per_day; deaths are
// `5 per 1000 per year`, and a client's contribution `£90 per week`.
//
// A value marked "by cohort or trait" is either plain or a map from cohorts,
// traits and `else` to values: the first line that fits a person holds, `else`
// last wherever it stands.
//
// Beds that change are a map from dates to numbers, each held from its date on:
// `{2025-04-01: 6, 2026-10-01: 8}`. The first is held from the start, or from
// the date on which the place opens.
//
// A CSV file has a header, and its columns may stand in any order. Replayed
// referrals have date and cohort, and where known time and ready; people who are
// there at the start have stage, cohort and joined, and where known place (they
// are in that bed), since (when they got in), stream and traits (all they have,
// parted by `;`; without the column traits are drawn).
//
// In `changes` and `--set`, a path joins keys with dots and counts items of a
// list from 1. A value sets (a map replaces, it is not merged), `removed`
// removes, and `times 1.2` scales a number, every number of a map by cohort,
// or a whole law.
//
// Under `uncertain`, a path has a range (`£150 to £220`, triangular, the value that
// stands there the likeliest), a law in the unit of its number, or a factor of all that
// stands there (`times 0.8 to 1.4`). What an overlay or a setting says of a number holds:
// a number that it sets is known, unless it has a range of its own; one that it
// multiplies has its range multiplied. Joint samples are a CSV file with a path for the
// head of each column and a draw a row; a column for a map or a law holds factors.
//
// YAML ends a value inside braces at a comma. `{per_night: £1,200}` is read as
// a person reads it, but other tools may not: `£1200` is safe everywhere.
package scenarios
