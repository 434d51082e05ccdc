import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import {
  observedRegistryNames,
  type RegistryName,
  subRegistryNames,
} from '../../src/registry/schema/names.ts'
import { planFixes } from '../../src/validate/plan-fixes.ts'
import { findTargets } from '../../src/validate/targets.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { createUpstreamHome } from '../support/homes/upstream-home.ts'
import { soundTexts } from '../support/homes/valid-home.ts'
import { document, startUpstream } from '../support/servers/upstream.ts'

type Entries = Record<string, Record<string, unknown>>

const entriesOf = (name: RegistryName): Entries => JSON.parse(soundTexts[name])

/** Entries that end with keys of their own, as shipped ones do with `x-source`. */
const extended = (name: RegistryName, note: object = { 'x-note': 1 }): Entries =>
  Object.fromEntries(
    Object.entries(entriesOf(name)).map(([id, entry]) => [
      id,
      id === '$schema' ? entry : { ...entry, ...note },
    ]),
  )

/** Entries whose keys stand the other way round. */
const reversed = (name: RegistryName): Entries =>
  Object.fromEntries(
    Object.entries(extended(name))
      .filter(([id]) => id !== '$schema')
      .map(([id, entry]) => [id, Object.fromEntries(Object.entries(entry).reverse())]),
  )

type Home = Awaited<ReturnType<typeof createUpstreamHome>>

/** What `validate --fix` would change, and what `validate --strict` finds. */
async function check({ home, host }: Home) {
  const targets = await findTargets([home.directory], host)
  const plans = await Promise.all(targets.map(target => planFixes(target, {}, host)))
  const report = await validateHome(home.directory, host, { strict: true })
  return {
    fixed: plans.flatMap(({ fixed }) => fixed),
    findings: report.diagnostics.map(({ rule, pointer }) => `${rule} ${pointer}`),
  }
}

const sound = { fixed: [], findings: [] }

const cases: readonly [what: string, text: (name: RegistryName) => string][] = [
  ['behind x- keys', name => JSON.stringify(extended(name), null, 2)],
  ['on one line', name => JSON.stringify(extended(name))],
  ['between two x- keys', name => JSON.stringify(extended(name, { 'x-a': 1, 'x-source-of': 2 }), null, '\t')],
  ['without any', name => soundTexts[name]],
]

test.each(cases)('a new `detected` stands where --fix wants it: %s', async (_, toText) => {
  const home = await createUpstreamHome({})
  for (const name of observedRegistryNames) await home.write(name, toText(name))
  expect(await check(home)).toEqual(sound)
  await home.sync(undefined)
  for (const name of observedRegistryNames) {
    for (const [id, entry] of Object.entries(await home.entries(name)))
      if (id !== '$schema') expect(Object.keys(entry), `${name}/${id}`).toContain('detected')
  }
  expect(await check(home)).toEqual(sound)
  await home.sync(undefined)
  expect(await check(home)).toEqual(sound)
})

test.each(subRegistryNames)('so do the keys of an upstream: %s', async name => {
  const upstream = await startUpstream(document(reversed(name)))
  const home = await createUpstreamHome({ [name]: upstream.url })
  await home.sync(undefined)
  expect(await check(home)).toEqual(sound)
  const changed = Object.fromEntries(
    Object.entries(reversed(name)).map(([id, entry]) => [id, { tags: ['new'], ...entry, 'x-other': 2 }]),
  )
  upstream.answer(document(changed))
  await home.sync(undefined, { isForced: true })
  expect(Object.values(await home.entries(name)).at(-1)).toMatchObject({ tags: ['new'], 'x-other': 2 })
  expect(await check(home)).toEqual(sound)
})

test('a file that was missing comes back in the same order', async () => {
  const home = await createUpstreamHome({})
  for (const name of observedRegistryNames) await home.write(name, JSON.stringify(extended(name), null, 2))
  await home.sync(undefined)
  for (const name of observedRegistryNames) await rm(home.fileOf(name))
  await home.sync(undefined)
  expect(await check(home)).toEqual(sound)
})
