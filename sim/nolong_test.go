//go:build !long

package sim

// explores says whether random cases are new ones each time.
const explores = false
