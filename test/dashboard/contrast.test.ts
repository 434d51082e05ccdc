import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync('src/dashboard/web/styles/tokens.css', 'utf8')

/** The colours of a scheme, by token. */
function readTokens(scheme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const found = css.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)
  return new Map(
    [...found].map(([, name = '', light = '', dark = '']) => [name, scheme === 'light' ? light : dark]),
  )
}

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const grounds = ['page', 'panel', 'sunken']
const text = 4.5
const signs = 3

/** Pairs that the page uses: what is on what, and the least contrast (WCAG 1.4.3 and 1.4.11). */
const pairs: readonly (readonly [front: string, backs: readonly string[], least: number])[] = [
  ['ink', [...grounds, 'warn-fill', 'bad-fill'], text],
  ['soft', grounds, text],
  ['soft', ['warn-fill', 'bad-fill'], text],
  ['accent', [...grounds, 'warn-fill', 'bad-fill'], text],
  ['on-accent', ['accent'], text],
  ['good', grounds, text],
  ['warn', [...grounds, 'warn-fill'], text],
  ['bad', [...grounds, 'bad-fill'], text],
  ['edge', ['page', 'panel'], signs],
  ['data', ['panel', 'sunken'], signs],
  ['data-2', ['panel', 'sunken'], signs],
]

describe.each(['light', 'dark'] as const)('in %s', scheme => {
  const tokens = readTokens(scheme)
  test.each(pairs.flatMap(([front, backs, least]) => backs.map(back => [front, back, least] as const)))(
    '%s on %s has a contrast of at least %d',
    (front, back, least) => {
      const [one, other] = [tokens.get(front), tokens.get(back)]
      if (one === undefined || other === undefined) throw new Error(`no token ${front} or ${back}`)
      expect(contrast(one, other)).toBeGreaterThanOrEqual(least)
    },
  )
})

test('colours come from tokens alone', () => {
  const files = ['base', 'details', 'frame', 'graph', 'models', 'narrow', 'panels', 'states']
  const literal = files.flatMap(name => {
    const content = readFileSync(`src/dashboard/web/styles/${name}.css`, 'utf8')
    return [...content.matchAll(/#[0-9a-f]{3,8}\b(?![^{]*\{)/gi)].map(([colour]) => `${name}: ${colour}`)
  })
  expect(literal).toEqual([])
})
