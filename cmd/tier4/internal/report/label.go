package report

import (
	"regexp"
	"strconv"
	"strings"
)

// labels turn ids into plain words: the first pattern that fits. `S` stands for a stage or, after it,
// a provider or contract; `#` for a number. Ids are lower case, so the capitals are free.
var labels = compileLabels([][2]string{
	{"referrals", "new referrals"},
	{"referrals.returns", "people who came back after a relapse"},

	{"reached.S", "reached $1, of all referred"},
	{"reached.S.within_#_days", "reached $1 within $2 days, of all referred"},
	{"referral_to.S.mean", "average time from referral to $1"},
	{"referral_to.S.median", "half reached $1 this soon after referral"},
	{"referral_to.S.p90", "9 in 10 reached $1 this soon after referral"},

	{"lost.S.dropped_out", "gave up waiting for $1"},
	{"lost.S.turned_away", "turned away from $1 and went no further"},
	{"lost.S.left", "left $1 between sessions and did not come back"},
	{"lost.S.declined", "declined by $1 and went no further"},
	{"lost.S.unplanned", "left $1 early and went no further"},
	{"lost.S.relapsed", "relapsed while waiting for or in $1"},
	{"lost.S.died", "died while waiting for or in $1"},
	{"deaths.waiting", "people who died while waiting"},
	{"deaths.within_28_days", "people who died within 28 days of leaving a bed early"},
	{"deaths.within_#_months", "people who died within $1 months of leaving a bed early"},

	{"net_benefit", "net benefit"},
	{"completed", "completed, of all referred"},
	{"completions", "people who complete"},
	{"well_#_months", "well $1 months later, of completers"},
	{"returned_#_months", "came back within $1 months, of completers"},
	{"not_back_#_months", "not back within $1 months, of completers"},
	{"out_of_area", "rehab admissions out of area"},

	{"cost", "cost of the whole pathway"},
	{"cost.void", "paid for beds nobody slept in"},
	{"cost.block", "paid on block contract"},
	{"cost.spot", "paid on spot contract"},
	{"cost.share", "paid for beds in shared units"},
	{"cost.bed_nights", "paid for nights bought ahead"},
	{"cost.net", "cost after clients' contributions"},
	{"contributions", "paid by clients themselves"},
	{"cost.S", "cost of $1"},
	{"cost_per_admission", "cost for each admission"},
	{"cost_per_completion", "cost for each completion"},
	{"cost_per_well_#_months", "cost for each completer well at $1 months"},
	{"price.S.per_used_night", "a night slept at $1, all in"},
	{"break_even.S.occupancy", "how full block beds of $1 must be to cost no more a night than spot"},
	{"break_even.S.spot_premium", "up to how many times the block price spot nights of $1 are the cheaper"},

	{"budget.S.spent", "spent from $1"},
	{"budget.S.overspend", "overspent on $1, on average over all years"},
	{"budget.S.overspend_probability", "chance that a year overspends $1"},
	{"budget.S.runs_out_probability", "chance that $1 runs out within a year"},
	{"budget.S.month_spent", "month in which $1 runs out, in years when it does"},
	{"budget.S.carried_over", "of $1, promised already to the next year"},

	{"staff.S.cases.mean", "cases held by $1 on an average day"},
	{"staff.S.occupancy", "cases held by $1, of all they can hold"},

	{"S.joined", "joined the list for $1"},
	{"S.turned_away", "turned away from $1, its list full"},
	{"S.wait.mean", "average wait for $1, all who waited"},
	{"S.wait.median", "half waited for $1 no longer than"},
	{"S.wait.p90", "9 in 10 waited for $1 no longer than"},
	{"S.wait.within_#_days", "wait for $1 over within $2 days"},
	{"S.admitted.wait.mean", "average wait for $1, those who got in"},
	{"S.admitted.wait.median", "half of those who got into $1 waited no longer than"},
	{"S.admitted.wait.p90", "9 in 10 of those who got into $1 waited no longer than"},
	{"S.admitted.wait.within_#_days", "got into $1 within $2 days, of those who got in"},
	{"S.waiting.mean", "waiting for $1 on an average day"},
	{"S.waiting.max", "most ever waiting for $1 at once"},
	{"S.dropped_out", "gave up waiting for $1, of all who waited"},
	{"S.heard", "cases heard by $1"},
	{"S.approved", "approved by $1"},
	{"S.deferred", "cases put off by $1"},
	{"S.declined", "declined by $1"},
	{"S.expired", "approvals of $1 not used in time"},
	{"S.started", "started $1"},
	{"S.admissions", "admissions to $1"},
	{"S.admissions.block", "admissions to $1 on block contract"},
	{"S.admissions.spot", "admissions to $1 on spot contract"},
	{"S.admissions.share", "admissions to $1 in shared units"},
	{"S.admissions.bed_nights", "admissions to $1 on nights bought ahead"},
	{"S.admissions.S", "admissions to $1 at $2"},
	{"S.in_use.mean", "places of $1 in use on average"},
	{"S.in_use.p#", "places of $1 that are enough $2% of the time"},
	{"S.in_use.max", "most places of $1 ever in use"},
	{"S.occupancy", "block beds of $1 in use"},
	{"S.void_nights", "nights of $1 held or bought and not slept"},
	{"S.nights.share", "nights slept in $1 in shared units"},
	{"S.nights.bed_nights", "nights slept in $1 of those bought ahead"},
	{"S.nights.S", "nights slept in $1 on $2 contract"},
	{"S.stay.mean", "average stay in $1"},
	{"S.stay.median", "half stayed in $1 no longer than"},
	{"S.unplanned", "left $1 early, of all stays"},
	{"S.completed", "completed $1"},
})

type label struct {
	pattern *regexp.Regexp
	words   string
}

func compileLabels(pairs [][2]string) []label {
	all := make([]label, len(pairs))
	for i, p := range pairs {
		pattern := regexp.QuoteMeta(p[0])
		pattern = strings.NewReplacer("S", `([^.]+)`, "#", `(\d+)`).Replace(pattern)
		all[i] = label{regexp.MustCompile("^" + pattern + "$"), p[1]}
	}
	return all
}

// Label says what a figure is in plain words; an id nobody wrote words for is its own label.
func Label(id string) string {
	if words := gapLabel(id); words != "" {
		return words
	}
	base, group, restricted := strings.Cut(id, "@")
	for _, l := range labels {
		at := l.pattern.FindStringSubmatchIndex(base)
		if at == nil {
			continue
		}
		words := l.words
		for k := 2; k < len(at); k += 2 {
			words = strings.ReplaceAll(words, "$"+strconv.Itoa(k/2), plain(base[at[k]:at[k+1]]))
		}
		if restricted {
			words += "; " + plain(group) + " only"
		}
		return words
	}
	return id
}

// plain is a name of a scenario as words.
func plain(name string) string { return strings.ReplaceAll(name, "-", " ") }
