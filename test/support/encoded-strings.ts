import { expect } from 'vitest'
import { hazards, randomStrings } from './hostile-strings.ts'
import type { Evaluation } from './shells/evaluate.ts'
import { rounds } from './stress.ts'

const batchSize = 500

const singles = ['', ...Array.from({ length: 255 }, (_, index) => String.fromCodePoint(index + 1))]
const insides = singles.map(text => `a${text}1`)
const allPairs = hazards.flatMap(first => hazards.map(second => first + second))
// A number that has no divisor in common with how many hazards there are: each stands first and last in some pair.
const step = Math.round(allPairs.length / rounds(allPairs.length, allPairs.length / 7))
const pairs = allPairs.filter((_, index) => index % step === 0)
const random = randomStrings({ seed: 20_261_123, count: rounds(3000, 500) })

/** Every code point up to 255 alone and inside, pairs of hazards, random strings: over 10,000 with `npm run stress`. */
export const everything: readonly string[] = [...singles, ...insides, ...pairs, ...random]

/** For options and shells that are rarer: the pairs meet them in the random strings. */
export const sample: readonly string[] = [
  ...singles,
  ...insides,
  ...hazards,
  ...random.slice(0, rounds(500, 120)),
]

/** As many at once as an environment holds. */
export function toBatches(strings: readonly string[]): string[][] {
  const count = Math.ceil(strings.length / batchSize)
  return Array.from({ length: count }, (_, index) =>
    strings.slice(index * batchSize, (index + 1) * batchSize),
  )
}

export function toVariables(strings: readonly string[]): { name: string; value: string }[] {
  return strings.map((value, index) => ({ name: `NEXUS_T_${index}`, value }))
}

/** Whether a shell has exported these strings byte for byte, and done nothing else. */
export function expectStrings({ environment, sideEffects }: Evaluation, strings: readonly string[]): void {
  expect(sideEffects).toEqual([])
  const exported = [...environment].filter(([name]) => name.startsWith('NEXUS_T_'))
  expect(new Map(exported)).toEqual(
    new Map(toVariables(strings).map(({ name, value }) => [name, toBytes(value)])),
  )
}

// A lone surrogate becomes U+FFFD on the way, as in the program.
function toBytes(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1')
}
