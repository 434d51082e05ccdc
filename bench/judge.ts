import type { Comparison, Quantity, Unit } from './benchmark.ts'
import { median, type Spread, toSpread } from './statistics.ts'

/** One quantity as it was measured. */
export interface Row extends Spread {
  readonly label: string
  readonly unit: Unit
  /** In the order of the rounds. */
  readonly samples: readonly number[]
  readonly verdicts: readonly Verdict[]
}

export interface Verdict {
  readonly comparison: Comparison
  /** Median of what the rounds say; undefined when the other row was not measured. */
  readonly value: number | undefined
  /** Undefined when there is no goal, or nothing to hold against it. */
  readonly isMet: boolean | undefined
}

/** Holds quantities against their goals. A round has a value for each quantity. */
export function judge(quantities: readonly Quantity[], rounds: readonly (readonly number[])[]): Row[] {
  const columns = quantities.map((_, index) => rounds.map(round => round[index] ?? Number.NaN))
  const samplesOf = (label: string) => columns[quantities.findIndex(quantity => quantity.label === label)]
  return quantities.map(({ label, unit, comparisons = [] }, index) => {
    const samples = columns[index] ?? []
    const verdicts = comparisons.map(comparison => toVerdict(comparison, samples, samplesOf))
    return { label, unit, samples, ...toSpread(samples), verdicts }
  })
}

function toVerdict(
  comparison: Comparison,
  samples: readonly number[],
  samplesOf: (label: string) => readonly number[] | undefined,
): Verdict {
  const value = compare(comparison, samples, samplesOf)
  return { comparison, value, isMet: value === undefined ? undefined : isWithin(comparison, value) }
}

function isWithin(comparison: Comparison, value: number): boolean | undefined {
  if (comparison.kind === 'above') return value > comparison.limit
  return comparison.atMost === undefined ? undefined : value <= comparison.atMost
}

// Round by round, and the median of that: drift between rounds cancels out.
function compare(
  comparison: Comparison,
  samples: readonly number[],
  samplesOf: (label: string) => readonly number[] | undefined,
): number | undefined {
  if (comparison.kind === 'absolute' || comparison.kind === 'above') return median(samples)
  const others = samplesOf(comparison.of)
  if (others === undefined) return undefined
  const isRatio = comparison.kind === 'times'
  return median(
    samples.map((sample, round) => {
      const other = others[round] ?? Number.NaN
      return isRatio ? sample / other : sample - other
    }),
  )
}
