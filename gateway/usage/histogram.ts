/** How many calls took how long: bucket `b` holds those of about `growth ** b` milliseconds. */
export type Histogram = Map<number, number>

/** Buckets are a tenth apart: a quantile is within 5 % of the truth. */
const growth = 1.1
const shortestMs = 0.01

/** The bucket of a latency in milliseconds. Pure. */
export function bucketOf(ms: number): number {
  return Math.round(Math.log(Math.max(shortestMs, ms)) / Math.log(growth))
}

/** Counts calls of a bucket. */
export function addTo(histogram: Histogram, bucket: number, count = 1): void {
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + count)
}

/** The latency in milliseconds that the share `quantile` (0 to 1) of the calls did not exceed; 0 when there are none. Pure. */
export function quantileMs(histogram: Histogram, quantile: number): number {
  const buckets = [...histogram].sort(([a], [b]) => a - b)
  const total = buckets.reduce((sum, [, count]) => sum + count, 0)
  let below = 0
  for (const [bucket, count] of buckets) {
    below += count
    if (below >= quantile * total) return Number((growth ** bucket).toPrecision(3))
  }
  return 0
}
