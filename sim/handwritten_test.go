package sim

import (
	"math"

	"tier4/sim/dist"
)

// Programs written by hand for one model each, with addressed draws: the practical limit that the
// general simulator is measured against in the benchmarks. They keep the same few figures.

type handResult struct{ waits, waitDays, dropped, area float64 }

// handMM1 is one bed, exponential gaps and stays.
func handMM1(seed uint64, replication int, perDay, mean, until float64) (r handResult) {
	root := dist.Root(seed, replication)
	gapName, stayName := dist.NameOf("gap"), dist.NameOf("stay")
	gap := func(i uint64) float64 { return -math.Log(root.Int(i).Draw(gapName, 0, 0)) / perDay }
	var queue [4096]float64 // when those who wait came
	var keys [4096]dist.Key
	head, waiting := 0, 0
	busy := false
	arrival, departure := gap(0), math.Inf(1)
	for i := uint64(0); ; {
		if arrival < departure {
			now := arrival
			if now >= until {
				return r
			}
			person := root.Int(i)
			if busy {
				at := (head + waiting) & 4095
				queue[at], keys[at] = now, person
				waiting++
			} else {
				busy = true
				r.waits++
				departure = now - mean*math.Log(person.Draw(stayName, 0, 0))
			}
			i++
			arrival = now + gap(i)
			continue
		}
		now := departure
		if now >= until {
			return r
		}
		if waiting == 0 {
			busy, departure = false, math.Inf(1)
			continue
		}
		r.waits++
		r.waitDays += now - queue[head]
		departure = now - mean*math.Log(keys[head].Draw(stayName, 0, 0))
		head, waiting = (head+1)&4095, waiting-1
	}
}

// handBeds is several beds, lognormal stays and exponential patience.
func handBeds(seed uint64, replication int, perDay float64, beds int, stay law, patience, until float64) (r handResult) {
	root := dist.Root(seed, replication)
	gapName, stayName, patienceName := dist.NameOf("gap"), dist.NameOf("stay"), dist.NameOf("drops_out_after")
	gap := func(i uint64) float64 { return -math.Log(root.Int(i).Draw(gapName, 0, 0)) / perDay }
	ends := make([]float64, 0, beds) // a binary heap of departures
	type waiter struct {
		came, gives float64
		key         dist.Key
	}
	queue := make([]waiter, 0, 256) // in order of coming; those who gave up are dropped when met
	admit := func(now float64, key dist.Key) {
		ends = append(ends, now+stay.AtSurvival(key.Draw(stayName, 0, 0)))
		for i := len(ends) - 1; i > 0 && ends[i] < ends[(i-1)/2]; i = (i - 1) / 2 {
			ends[i], ends[(i-1)/2] = ends[(i-1)/2], ends[i]
		}
	}
	leave := func() {
		last := len(ends) - 1
		ends[0] = ends[last]
		ends = ends[:last]
		for i := 0; ; {
			least := i
			for c := 2*i + 1; c <= 2*i+2 && c < last; c++ {
				if ends[c] < ends[least] {
					least = c
				}
			}
			if least == i {
				return
			}
			ends[i], ends[least] = ends[least], ends[i]
			i = least
		}
	}
	arrival := gap(0)
	for i := uint64(0); ; {
		if len(ends) == 0 || arrival < ends[0] {
			now := arrival
			if now >= until {
				return r
			}
			key := root.Int(i)
			if len(ends) < beds {
				r.waits++
				admit(now, key)
			} else {
				queue = append(queue, waiter{now, now - patience*math.Log(key.Draw(patienceName, 0, 0)), key})
			}
			i++
			arrival = now + gap(i)
			continue
		}
		now := ends[0]
		if now >= until {
			return r
		}
		leave()
		for len(queue) > 0 {
			w := queue[0]
			copy(queue, queue[1:])
			queue = queue[:len(queue)-1]
			r.waits++
			if w.gives < now {
				r.dropped++
				r.waitDays += w.gives - w.came
				continue
			}
			r.waitDays += now - w.came
			admit(now, w.key)
			break
		}
	}
}
