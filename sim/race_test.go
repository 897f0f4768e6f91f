//go:build race

package sim

// fewer is the share of random cases that are tried under the race detector, which is many times slower and
// looks for something else.
const fewer = 10
