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

export interface Thresholds {
  readonly warning: number | null
  readonly critical: number | null
}

/** Whether less is worse: then critical is the lower one. */
export function isFalling({ warning, critical }: Thresholds): boolean {
  return warning !== null && critical !== null && critical < warning
}

/** Judges a value by its thresholds: from which value on, or down to which when less is worse. */
export function judgeReading(value: number | null, thresholds: Thresholds): ReadingLevel {
  if (value === null) return 'unknown'
  const { warning, critical } = thresholds
  const isLessWorse = isFalling(thresholds)
  const isBeyond = (threshold: number | null) =>
    threshold !== null && (isLessWorse ? value <= threshold : value >= threshold)
  if (isBeyond(critical)) return 'critical'
  return isBeyond(warning) ? 'warning' : 'ok'
}
