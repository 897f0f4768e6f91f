package main

import (
	"bytes"
	"context"
	"io"
	"testing"
)

// BenchmarkCompare is the main job: the library compared, a thousand replications of each scenario. `make
// profile` tells the compiler where its time goes.
func BenchmarkCompare(b *testing.B) {
	for b.Loop() {
		var errs bytes.Buffer
		if exit := command(context.Background(), nil, io.Discard, &errs, []string{"compare"}); exit != 0 {
			b.Fatal(errs.String())
		}
	}
}
