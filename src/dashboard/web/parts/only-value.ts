import type { Card } from '../../model/card.ts'
import { formatValue } from '../../model/format-value.ts'

/** The value of a card with one metric, of which the card has the name; empty for others, and where there is none. */
export function toOnlyValue({ name, readings }: Card): string {
  const [reading, ...others] = readings
  if (reading === undefined || others.length > 0 || reading.name !== name || reading.value === null) return ''
  return formatValue(reading.value, reading.unit)
}
