import { describe, expect, test } from 'vitest'
import { toCyclesView } from '../../src/graph/cycles.ts'
import { graphFormats } from '../../src/graph/formats/index.ts'
import { createGraphIndex, type Graph, type GraphView } from '../../src/graph/graph.ts'
import { planView } from '../../src/graph/plan-view.ts'
import { findAllPaths, toWhyView } from '../../src/graph/why-view.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { renderTable } from '../../src/lib/terminal/table.ts'
import { createReplacements } from '../../src/readiness/create-replacements.ts'
import { findDependents } from '../../src/readiness/evaluate-snapshot.ts'
import { createCauseFinder } from '../../src/readiness/find-causes.ts'
import { createNeeds, evaluateNeeds, indexUsers } from '../../src/readiness/needs.ts'
import { createStepBudget, notReady, ready, toFix } from '../../src/readiness/readiness.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'
import { toNode } from './support.ts'

const length = 10_000
const ids = Array.from({ length }, (_, place) => `plugins/p${place}`)
const nodes = ids.map(id => toNode(id, { kind: 'plugin' }))
const links = ids.map((from, place) => ({
  from,
  to: ids[(place + 1) % length] ?? '',
  type: 'requires' as const,
}))
const cycle: Graph = { nodes, edges: links, declared: new Set() }
const chain: Graph = { ...cycle, edges: links.slice(0, -1) }
const first = toNode('plugins/p0', { kind: 'plugin' })
const last = toNode(`plugins/p${length - 1}`, { kind: 'plugin' })
const style = await createStyle({ stream: { isTerminal: false }, env: {}, color: false })
const options = { style, width: undefined }

describe('a long chain', () => {
  test.each<[what: string, toView: () => GraphView, lines: number]>([
    ['of what is needed', () => planView(first, chain, {}), 202],
    ['of what needs it', () => planView(last, chain, { isReverse: true }), 202],
    ['from one end to the other', () => toWhyView({ from: first, to: last }, chain, false).view, length],
    ['by all ways', () => toWhyView({ from: first, to: last }, chain, true).view, length],
    ['that closes', () => toCyclesView(cycle).view, length + 1],
  ])('%s is drawn as a tree, and no line is as wide as the chain is long', async (_, toView, lines) => {
    const drawn = String(await graphFormats.tree(toView(), options)).split('\n')
    expect(drawn.length).toBeGreaterThanOrEqual(lines - 1)
    expect(drawn.length).toBeLessThanOrEqual(lines)
    expect(drawn.reduce((most, line) => Math.max(most, line.length), 0)).toBeLessThan(400)
  })

  test('has one way from end to end, and that is certain', () => {
    const { paths, isCut } = findAllPaths(first.id, last.id, createGraphIndex(chain))
    expect(paths.map(path => path.length)).toEqual([length - 1])
    expect(isCut).toBe(false)
  })

  test('of things that all wait for its end is explained for each of them, with bounded work', () => {
    const index = createGraphIndex(chain)
    const { usesOf, ...needs } = createNeeds(index)
    const conditionOf = (id: string) => (id === last.id ? notReady('it is down', toFix('start it')) : ready())
    const request = { ...needs, conditionOf }
    const statuses = evaluateNeeds(ids, request)
    expect(new Set(statuses.values())).toEqual(new Set(['not ready']))
    const users = indexUsers(ids, usesOf)
    const causesOf = createCauseFinder({ ...request, statuses })
    const work = createStepBudget()
    const causes = ids.map(id => causesOf(id, work).map(({ ref }) => ref))
    const dependents = ids.map(id => findDependents(id, { index, users }, work))
    expect(causes.every(refs => refs.length === 1)).toBe(true)
    expect(causes[0]).toEqual([last.id])
    // Later ones name only what stands next to them.
    expect(causes[length - 10]).toEqual([`plugins/p${length - 9}`])
    expect(dependents.flat().length).toBeLessThan(2_000_000)
    // One alone is explained in full.
    expect(causesOf('plugins/p9000').map(({ ref }) => ref)).toEqual([last.id])
    expect(findDependents(last.id, { index, users }, createStepBudget())).toHaveLength(length - 1)
  })

  test('of successors leads each of its models to the end', () => {
    const toModel = (place: number) => ({
      provider: 'acme',
      context_tokens: 1,
      capabilities: [],
      cost_per_1k_input: 1,
      ...(place < length - 1 ? { status: 'retired' as const, successor: `m${place + 1}` } : {}),
    })
    const models = Object.fromEntries(ids.map((_, place) => [`m${place}`, toModel(place)]))
    const replacementOf = createReplacements(models, '2026-07-02')
    const found = Object.values(models).slice(0, -1).map(replacementOf)
    expect(new Set(found)).toEqual(new Set([`m${length - 1} instead`]))
  })

  test('of providers of one capability is looked at once for all that need it', () => {
    const capability = toNode('c', { kind: 'capability' })
    const tools = ids.map(id => toNode(id, { kind: 'tool' }))
    const edges = ids.flatMap(id => [
      { from: id, to: 'c', type: 'requires' as const },
      { from: 'c', to: id, type: 'provided_by' as const },
    ])
    const index = createGraphIndex({ nodes: [...tools, capability], edges, declared: new Set() })
    const request = {
      ...createNeeds(index),
      conditionOf: (id: string) => (id === 'c' ? ready() : notReady('broken', toFix('repair'))),
    }
    const statuses = evaluateNeeds([...ids, 'c'], request)
    expect(statuses.get('c')).toBe('not ready')
    expect(toCyclesView(index.graph).cycles).toEqual([])
    const causesOf = createCauseFinder({ ...request, conditionOf: () => ready(), statuses })
    expect(causesOf('c').at(-1)?.reason).toContain('9988 others')
  })
})

test('a cycle of thousands makes a message that can be read', async () => {
  const plugin = { type: 'core', path: 'x', dependencies: [], functions: [] }
  const plugins = Object.fromEntries(
    ids.map((_, place) => [`p${place}`, { ...plugin, requires: [`p${(place + 1) % length}`] }]),
  )
  const host = await createTestHost()
  await writeHome(host.directory, { ...soundTexts, plugins: JSON.stringify(plugins) })
  const { diagnostics } = await validateHome(host.directory, host)
  const cycles = diagnostics.filter(({ rule }) => rule === 'dependency-cycle')
  expect(cycles).toHaveLength(1)
  expect(cycles[0]?.message).toMatch(/this closes a cycle: plugins\/p0 → .* → 9970 others → plugins\/p0$/)
})

test('a table of many rows is drawn in parts that look like one', async () => {
  const count = 1001
  const rows = ids
    .slice(0, count)
    .map((id, place) => [id, place === count - 1 ? 'the widest one of all' : 'x', 'y'])
  const columns = [{ heading: 'id' }, { heading: 'text' }, { heading: 'more' }]
  const lines = (await renderTable({ columns, rows }, options)).split('\n')
  expect(lines).toHaveLength(count + 1)
  expect(new Set(lines.slice(1).map(line => line.lastIndexOf('y'))).size).toBe(1)
  const narrow = (await renderTable({ columns, rows }, { ...options, width: 30 })).split('\n')
  expect(narrow).toHaveLength(count + 1)
  expect(narrow.every(line => line.length <= 30)).toBe(true)
})
