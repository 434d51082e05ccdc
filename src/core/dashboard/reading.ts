/** What is known of a metric: its value now and before. Nothing is invented: without a source the value is null. */
export interface Reading {
  /** Id of the metric. */
  readonly id: string
  readonly name: string
  /** Like `%` or `MB/s`; null without one. */
  readonly unit: string | null
  readonly value: number | null
  readonly level: ReadingLevel
  /** Why there is no value, a sentence; null when there is one. */
  readonly reason: string | null
  /** When it was read, ISO 8601 in UTC; null when it never was. */
  readonly read_at: string | null
  /** Values of before, the oldest first and the one of now last; null where there was none. */
  readonly history: readonly (number | null)[]
  readonly threshold_warning: number | null
  readonly threshold_critical: number | null
}

export type ReadingLevel = 'ok' | 'warning' | 'critical' | 'unknown'

/** Judges a value by its thresholds: from which value on, or down to which when critical is the lower one. */
export function judgeReading(
  value: number | null,
  { warning, critical }: { readonly warning: number | null; readonly critical: number | null },
): ReadingLevel {
  if (value === null) return 'unknown'
  const isFalling = warning !== null && critical !== null && critical < warning
  const isBeyond = (threshold: number | null) =>
    threshold !== null && (isFalling ? value <= threshold : value >= threshold)
  if (isBeyond(critical)) return 'critical'
  return isBeyond(warning) ? 'warning' : 'ok'
}
