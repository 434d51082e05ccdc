/** One look at a metric. */
export type MetricSample = { readonly at: number } & (
  | { readonly value: number }
  /** Why there is none, a sentence. */
  | { readonly value: null; readonly reason: string }
)

/** Samples by what was measured, the oldest first: `metric/cpu_usage`, or `cluster/pod_count` of the cluster. */
export type SampleBook = ReadonlyMap<string, readonly MetricSample[]>
