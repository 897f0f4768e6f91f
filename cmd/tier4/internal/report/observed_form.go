package report

// observedJSON is the one JSON document of an observation: of the form of a run's, with what only rows have.
type observedJSON struct {
	Tool          string             `json:"tool"`
	Version       string             `json:"version"`
	Schema        int                `json:"schema"`
	Extract       extractJSON        `json:"extract"`
	Figures       []figureJSON       `json:"figures"`
	Absent        []lackJSON         `json:"absent"`
	Distributions map[string][]pair  `json:"distributions"` // keys are written in order
	Series        map[string]dayJSON `json:"series"`
	Referrals     referralsJSON      `json:"referrals"`
	Curves        []spellsJSON       `json:"curves"`
	Shares        []partJSON         `json:"shares"`
	Bought        []boughtJSON       `json:"bought"`
	Laws          []lawJSON          `json:"laws"`
	Warnings      []warningJSON      `json:"warnings"`
}

type extractJSON struct {
	Name       string       `json:"name"`
	Read       int          `json:"rows_read"`
	Used       int          `json:"rows_used"`
	SetAside   int          `json:"rows_set_aside"`
	Defects    []defectJSON `json:"defects"`
	SelectedBy string       `json:"selected_by"`
	From       string       `json:"from"`
	To         string       `json:"to"`
	Known      string       `json:"known_until"`
	Notes      []string     `json:"notes"`
	Columns    string       `json:"columns"`
}

type defectJSON struct {
	Line    int    `json:"line"`
	Column  string `json:"column,omitempty"`
	Kind    string `json:"kind"`
	What    string `json:"what"`
	Instead string `json:"instead,omitempty"`
}

type lackJSON struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

type warningJSON struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// dayJSON is numbers by day; null is a number of people too small to show.
type dayJSON struct {
	From  string `json:"from"`
	ByDay []*int `json:"by_day"`
}

// estimateJSON is a value with its 95% interval.
type estimateJSON struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

type countJSON struct {
	Name    string        `json:"name"`
	People  *int          `json:"people"`
	PerYear *estimateJSON `json:"per_year,omitempty"`
	Factor  *estimateJSON `json:"times_average,omitempty"`
}

type referralsJSON struct {
	Months     []countJSON   `json:"months"`
	Weekdays   []countJSON   `json:"weekdays"`
	ByMonth    []countJSON   `json:"by_month"`
	Cohorts    []countJSON   `json:"cohorts"`
	Sources    []countJSON   `json:"sources"`
	Clustering *testJSON     `json:"over_dispersion,omitempty"`
	Season     *testJSON     `json:"season,omitempty"`
	Week       *testJSON     `json:"week,omitempty"`
	Growth     *estimateJSON `json:"growth_per_year,omitempty"`
}

type testJSON struct {
	Index  float64 `json:"index"`
	Square float64 `json:"chi_square"`
	Free   int     `json:"df"`
	P      float64 `json:"p"`
}

type spellsJSON struct {
	Stage    string                     `json:"stage"`
	Of       string                     `json:"of"`
	Who      string                     `json:"who"`
	People   *int                       `json:"people"`
	Ends     []countJSON                `json:"ends"`
	Median   *estimateJSON              `json:"median,omitempty"`
	Days     []float64                  `json:"days"`
	Survival []*estimateJSON            `json:"survival"`
	Over     map[string][]*estimateJSON `json:"over_by"`
}

type partJSON struct {
	Stage  string        `json:"stage"`
	Who    string        `json:"who"`
	What   string        `json:"what"`
	People *int          `json:"people"`
	Share  *estimateJSON `json:"share"`
}

type boughtJSON struct {
	Stage string          `json:"stage"`
	From  int             `json:"waited_from"`
	To    *int            `json:"waited_to"`
	By    map[string]*int `json:"admissions"`
}

type lawJSON struct {
	Path         string        `json:"path"`
	Events       *int          `json:"events"`
	ExposureDays *float64      `json:"exposure_days"`
	RatePerDay   *estimateJSON `json:"rate_per_day"`
	Families     []familyJSON  `json:"families"`
	Mean         *estimateJSON `json:"mean_days,omitempty"`
	Restricted   *estimateJSON `json:"restricted_mean_days,omitempty"`
	RestrictedTo float64       `json:"restricted_to_days,omitempty"`
	Bands        []bandJSON    `json:"bands,omitempty"`
	Differ       *float64      `json:"cohorts_alike_p,omitempty"`
	Posterior    string        `json:"posterior,omitempty"`
	Gap          *float64      `json:"gap_to_kaplan_meier,omitempty"`
	P            *float64      `json:"bootstrap_p,omitempty"`
	Rounds       int           `json:"bootstrap_rounds,omitempty"`
}

// bandJSON is a hazard, constant for some days: ends a day of exposure.
type bandJSON struct {
	From   float64       `json:"from"`
	To     *float64      `json:"to"`
	Events *int          `json:"events"`
	Rate   *estimateJSON `json:"rate_per_day"`
}

type familyJSON struct {
	Family string   `json:"family"`
	Law    string   `json:"law,omitempty"`
	LogLik *float64 `json:"log_likelihood,omitempty"`
	AIC    *float64 `json:"aic,omitempty"`
	BIC    *float64 `json:"bic,omitempty"`
	Why    string   `json:"absent,omitempty"`
}
