package scenarios

// later lists the keys of the design that no table has yet, by the words that
// messages use for the object: they are refused as unsupported, not unknown.
// A key that is implemented moves from here into the table of its object.
var later = map[string]string{
	"a scenario":            "staff budgets deaths start_with",
	"a delay":               "opens_case_with",
	"a group":               "opens_case_with",
	"a panel":               "fast_track approval_lasts opens_case_with",
	"a beds stage":          "stays_on_for wants_local extension admit_only_when notice_nights closures",
	"a block contract":      "suits assesses per_year priority_beds of other_demand contribution notice_nights uplift",
	"a spot contract":       "suits assesses contribution notice_nights uplift",
	"an aftercare":          "opens_case_with",
	"a stream of referrals": "ready_on",
}

// laterContracts are the contracts of the design that places cannot have yet.
var laterContracts = []string{"share", "bed_nights"}
