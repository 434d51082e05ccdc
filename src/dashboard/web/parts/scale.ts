import type { Reading } from '../../model/dashboard-view.ts'

type Scaled = Pick<Reading, 'unit' | 'value' | 'history' | 'threshold_warning' | 'threshold_critical'>

/** From where to where a metric is drawn. */
export interface Scale {
  readonly least: number
  readonly most: number
}

/** Where a value lies on a scale, from 0 to 1; what is beyond is at its end. */
export function toFraction(value: number, { least, most }: Scale): number {
  return Math.min(1, Math.max(0, (value - least) / (most - least || 1)))
}

/** Percents go to 100, shares without a unit to 1, all else as far as it ever went or its thresholds are. */
export function toScale(reading: Scaled): Scale {
  const { unit, value, history, threshold_warning, threshold_critical } = reading
  const known = [value, ...history, threshold_warning, threshold_critical].filter(each => each !== null)
  const [least, most] = [Math.min(0, ...known), Math.max(0, ...known)]
  if (unit === '%') return { least: 0, most: 100 }
  if (unit === null && most <= 1) return { least, most: 1 }
  return { least, most: most * 1.1 || 1 }
}
