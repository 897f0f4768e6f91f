package abc

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// inOrder plays tasks from, from+1, ... on the workers and hands their outcomes over in that order, until
// take says that it has enough, or comes to until. What was played beyond is dropped, so that the
// outcome does not depend on the number of workers. Each worker calls prepare once for its player.
func inOrder[T any](ctx context.Context, workers, from, until int, prepare func() func(n int) (T, error), take func(n int, v T) (enough bool)) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type outcome struct {
		n   int
		v   T
		err error
	}
	outcomes := make(chan outcome, workers)
	var next atomic.Int64
	next.Store(int64(from))
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			play := prepare()
			for ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= until {
					return
				}
				v, err := play(n)
				select {
				case outcomes <- outcome{n, v, err}:
				case <-ctx.Done():
				}
			}
		})
	}
	go func() { working.Wait(); close(outcomes) }()
	early := map[int]outcome{}
	due, enough := from, false
	var failed error
	for o := range outcomes {
		early[o.n] = o
		for one, ok := early[due]; ok && !enough && failed == nil; one, ok = early[due] {
			delete(early, due)
			due++
			if failed = one.err; failed == nil {
				enough = take(one.n, one.v)
			}
			if enough || failed != nil {
				cancel() // but drain, so that workers end
			}
		}
	}
	if failed != nil {
		return failed
	}
	if !enough && due < until {
		return context.Cause(ctx)
	}
	return nil
}

// Each plays tasks 0 to n-1 on the workers and gives their outcomes in order.
func Each[T any](ctx context.Context, workers, n int, prepare func() func(n int) (T, error)) ([]T, error) {
	all := make([]T, 0, n)
	err := inOrder(ctx, workers, 0, n, prepare, func(_ int, v T) bool {
		all = append(all, v)
		return false
	})
	return all, err
}
