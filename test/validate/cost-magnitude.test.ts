import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { validateHome } from '../../src/validate/validate.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

type Prices = Readonly<Record<string, readonly number[]>>

/** Ids of the models whose prices are found, in a home whose providers have models at these prices. */
async function findOff(prices: Prices, capabilities: readonly string[] = ['streaming']): Promise<string[]> {
  const models = Object.entries(prices).flatMap(([provider, values]) =>
    values.map((value, index) => [
      `${provider}-${index}`,
      { provider, context_tokens: 8000, capabilities, cost_per_1k_input: value },
    ]),
  )
  const host = await createTestHost()
  await writeHome(host.directory, { ...soundTexts, models: JSON.stringify(Object.fromEntries(models)) })
  const { diagnostics } = await validateHome(host.directory, host)
  return diagnostics
    .filter(({ rule }) => rule === 'cost-magnitude')
    .map(({ pointer }) => pointer.split('/')[1] ?? '')
}

const rows: readonly [what: string, prices: Prices, found: string[]][] = [
  ['none, where all are alike', { a: [0.001, 0.002], b: [0.003], c: [0.01] }, []],
  ['one of its provider', { a: [0.001, 0.002, 2], b: [0.003] }, ['a-2']],
  ['one of its provider, which is alone', { a: [0.001, 0.002, 2] }, ['a-2']],
  ['all of a provider', { a: [1, 2, 3], b: [0.001], c: [0.002, 0.003, 0.004] }, ['a-0', 'a-1', 'a-2']],
  ['most of a provider, and not its right one', { a: [1, 2, 0.003], b: [0.001], c: [0.002] }, ['a-0', 'a-1']],
  ['the only one of a provider', { a: [5], b: [0.001], c: [0.002, 0.003] }, ['a-0']],
  ['both of a provider', { a: [5, 6], b: [0.001], c: [0.002, 0.003] }, ['a-0', 'a-1']],
  [
    'all of a provider that are too cheap',
    { a: [1e-6, 2e-6, 3e-6], b: [0.001], c: [0.002] },
    ['a-0', 'a-1', 'a-2'],
  ],
  ['none of two that contradict each other', { a: [1], b: [0.001] }, []],
  ['a free one beside others', { a: [0], b: [0.001], c: [0.002] }, []],
]

test.each(rows)('prices that are a hundred times off: %s', async (_, prices, found) => {
  expect(await findOff(prices)).toEqual(found)
})

test('embeddings are compared with embeddings', async () => {
  expect(await findOff({ a: [0.00001, 0.00002], b: [0.00005], c: [0.02] }, ['embeddings'])).toEqual(['c-0'])
})

test('no shipped price is off, and each that is given for a million tokens would be found', async () => {
  const text = await readFile('registries/model_registry.json', 'utf8')
  const shipped: Record<string, { cost_per_1k_input?: number }> = JSON.parse(text)
  const host = await createTestHost()
  const check = async (models: object) => {
    await writeHome(host.directory, { ...soundTexts, models: JSON.stringify(models) })
    const { diagnostics } = await validateHome(host.directory, host)
    return diagnostics.filter(({ rule }) => rule === 'cost-magnitude').map(({ pointer }) => pointer)
  }
  expect(await check(shipped)).toEqual([])
  for (const id of ['gpt-4o', 'gemini-3.5-flash', 'claude-opus-4-6', 'deepseek-chat', 'codestral-latest']) {
    const price = (shipped[id]?.cost_per_1k_input ?? 0) * 1000
    const changed = { ...shipped, [id]: { ...shipped[id], cost_per_1k_input: price } }
    expect(await check(changed), id).toEqual([`/${id}/cost_per_1k_input`])
  }
})
