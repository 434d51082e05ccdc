import type { Reading } from './reading.ts'

/** What was measured since the last time, as the event `readings` tells it: of each metric that has a value, or lost it. */
export interface FreshReadings {
  readonly readings: readonly FreshReading[]
}

export interface FreshReading extends Pick<Reading, 'id' | 'value' | 'level' | 'reason' | 'read_at'> {
  /** Ref of the entry of the dashboard that it belongs to. */
  readonly ref: string
}
