package telemetry

import "math"

// Buckets is how many buckets the times of a phase are counted in.
const Buckets = 65

// BucketStart is the shortest time in a bucket, in seconds: 0 in the first, then
// four steps for each doubling from 1.25 ms, and 65.536 s in the last. A bucket
// ends where the next one starts.
func BucketStart(bucket int) float64 {
	if bucket <= 0 {
		return 0
	}
	return math.Ldexp(1+float64(bucket%4)/4, bucket/4) / 1000
}

// Quantile is the time, in seconds, that this part of the counted requests did not
// take longer than, interpolated within its bucket; false where none was counted.
// Counts are those of Phase.Buckets, also summed over processes and periods.
func Quantile(buckets []uint64, part float64) (float64, bool) {
	var sum uint64
	for _, n := range buckets {
		sum += n
	}
	if sum == 0 {
		return 0, false
	}
	left := part * float64(sum)
	for i, n := range buckets {
		if n == 0 || float64(n) < left {
			left -= float64(n)
			continue
		}
		if i >= Buckets-1 {
			return BucketStart(i), true
		}
		start := BucketStart(i)
		return start + (BucketStart(i+1)-start)*max(left, 0)/float64(n), true
	}
	return BucketStart(len(buckets) - 1), true
}
