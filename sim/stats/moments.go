package stats

// The streaming co-moments of a vector (Welford 1962; Chan, Golub and LeVeque
// 1983, eq. 2.1): mean, and the lower triangle of Σ (x_i - mean_i)(x_j - mean_j)
// by rows: 00, 10, 11, 20, 21, 22, …

// addMoments adds x as the n-th observation.
func addMoments(n int, mean, co, x []float64) {
	var delta [4]float64
	k := 0
	for i := range mean {
		delta[i] = x[i] - mean[i]
		mean[i] += delta[i] / float64(n)
		after := x[i] - mean[i]
		for j := 0; j <= i; j++ {
			co[k] += delta[j] * after
			k++
		}
	}
}

// mergeMoments joins nb observations to na that came before, na, nb > 0.
func mergeMoments(na, nb int, mean, co, meanB, coB []float64) {
	var delta [4]float64
	n := float64(na) + float64(nb)
	between := float64(na) * (float64(nb) / n)
	share := float64(nb) / n
	k := 0
	for i := range mean {
		delta[i] = meanB[i] - mean[i]
		mean[i] += delta[i] * share
		for j := 0; j <= i; j++ {
			co[k] += coB[k] + delta[j]*delta[i]*between
			k++
		}
	}
}

// quadratic is a'Ca for the triangle C, not below 0.
func quadratic(a, co []float64) float64 {
	sum, k := 0.0, 0
	for i := range a {
		for j := 0; j < i; j++ {
			sum += 2 * a[i] * a[j] * co[k]
			k++
		}
		sum += a[i] * a[i] * co[k]
		k++
	}
	return max(sum, 0)
}

// groupCount is how many groups of replications a ratio keeps the sums of:
// replication i belongs to group i mod groupCount. Up to so many replications
// each group is one of them, and leaving out a group is the delete-one jackknife;
// beyond, it is the grouped jackknife (Shao and Tu 1995, section 5.2).
const groupCount = 30
