// Package calibration takes what was observed, rows of dates, and says what can be known from it: what
// is seen directly by estimates of its own, the rest by holding a simulation against the rows. It knows
// no files and no formats; whoever reads an extract makes an [Extract] of it, and a simulated history
// made into an Extract is observed by the same code.
//
// # What the dates mean
//
// A [Day] is a whole day of the calendar; a moment is a day and a part of it. A date says the day
// and rounds the part away, and how much is lost depends on what happened ([Moment]): people come, are
// admitted, leave and give up at any time of a day, while meetings (a group's sessions, a panel) are
// held at its very start, 00:00, as the simulation has them. So the difference of two dates is
//
//   - unbiased between two such times of day (referral to assessment), with triangular weights: a wait
//     of t days shows as d with probability 1 - |t - d|;
//   - half a day long on average from a time of day to a meeting (assessed to the first session);
//   - half a day short from a meeting to a time of day (panel to giving up);
//   - exact between two meetings.
//
// At each [Stage] an episode has up to three dates, a [Step]:
//
//	Listed    joined the list: the wait begins
//	Admitted  the wait ends by getting in: the delay is over, the first session, the panel's decision
//	          (its meeting), the bed, the aftercare
//	Left      what comes after the wait ends: the last session, leaving the bed, the end of aftercare.
//	          Delays and panels have none
//
// A wait that ends otherwise ends on the day the episode was closed, for the reason given, at the stage
// that the reason names.
//
// # What is known
//
// [Extract.Until] is the moment at which knowledge ends, the 00:00 of a day: what happens before it
// is known, and so is a meeting held at it. Whatever is not over by then is right-censored there.
//
// Rows chosen by referral ([ByReferral]) are all the people referred from From until To; who was inside
// already is absent, so occupancy is too low at first ([Extract.TrustedFrom]). Rows chosen by activity
// ([ByActivity]) are all the people inside at From or referred since; whatever began before From is
// seen only because it lasted until then, so it is left-truncated, and what ended before From tells
// nothing.
package calibration
