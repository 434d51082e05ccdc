import { expect, test } from 'vitest'
import { packages, rooms } from './support/rooms.ts'
import { readSourceFiles, type SourceFile } from './support/source-files.ts'

const files = readSourceFiles()
const paths = new Set(files.map(({ path }) => path))

/** What a feature shows to other features, where it is more than the file of its own name. */
const doors: Readonly<Record<string, readonly string[]>> = {
  completion: ['save-words.ts'],
  dashboard: ['measures/index.ts', 'pending-samples.ts', 'sampler.ts', 'samples.ts', 'to-dashboard.ts'],
  detect: ['command-runner.ts', 'detect.ts', 'detectables.ts', 'plan-target.ts', 'shipped-commands.ts'],
  has: ['has.ts', 'sync-answers.ts'],
  env: [
    'env-of-snapshot.ts',
    'home-findings.ts',
    'pending-answer.ts',
    'shells/json.ts',
    'shells/sh.ts',
    'shells/shell.ts',
    'status-variable.ts',
  ],
  explain: ['explain.ts', 'gather-facts.ts', 'judge-snapshot.ts', 'recall-facts.ts'],
  graph: ['load-graph.ts', 'plan-view.ts'],
  query: ['filter-input.ts', 'jq-call.ts', 'query-entries.ts', 'query-subject.ts', 'run-filter.ts'],
  sync: ['detect-home.ts', 'sync.ts', 'sync-options.ts', 'upstream/upstream-source.ts'],
  trust: ['home-requests.ts'],
  watch: ['watch.ts', 'watch-request.ts', 'home-watcher.ts', 'large-home.ts'],
  services: [
    'ask-in-turn.ts',
    'ask-service.ts',
    'find-key.ts',
    'head-start.ts',
    'health-address.ts',
    'look-at-peers.ts',
    'look-at-services.ts',
  ],
  validate: ['validate-texts.ts'],
  status: ['registry-status.ts', 'status.ts', 'to-home-status.ts'],
  list: ['entry-columns.ts', 'list-entries.ts', 'to-cell.ts'],
}

test('the rooms import what the table of the house allows', () => {
  const broken = files.flatMap(file =>
    file.imports
      .filter(({ isOurs, target }) => isOurs && !target.startsWith('..') && !mayImport(file.path, target))
      .map(({ target }) => `${file.path} imports ${target}`),
  )
  expect(broken).toEqual([])
})

test('packages are used in their rooms', () => {
  const broken = files.flatMap(file =>
    file.imports
      .filter(({ isOurs, target }) => !isOurs && !mayUse(file.path, target))
      .map(({ target }) => `${file.path} uses ${target}`),
  )
  expect(broken).toEqual([])
})

test('a feature sees of another feature what that one shows', () => {
  const broken = files.flatMap(file =>
    file.imports
      .filter(({ target }) => isBehindDoor(file.path, target))
      .map(({ target }) => `${file.path} imports ${target}`),
  )
  expect(broken).toEqual([])
})

test('every import of ours leads to a file', () => {
  const broken = files.flatMap(file =>
    file.imports
      .filter(({ isOurs, target }) => isOurs && !target.startsWith('..') && !paths.has(target))
      .map(({ target }) => `${file.path} imports ${target}`),
  )
  expect(broken).toEqual([])
})

test('no file imports itself by a detour', () => {
  expect(findCycles(files)).toEqual([])
})

test('what every command loads does without Zod, which takes a tenth of its start', () => {
  const loaded = new Set(['main.ts'])
  for (const path of loaded) {
    const imports = files.find(file => file.path === path)?.imports ?? []
    for (const { isStatic, target } of imports) if (isStatic) loaded.add(target)
  }
  expect(loaded.has('cli/commands/index.ts')).toBe(true)
  expect(
    files.filter(({ path, imports }) => loaded.has(path) && usesZod(imports)).map(({ path }) => path),
  ).toEqual([])
})

function usesZod(imports: SourceFile['imports']): boolean {
  return imports.some(({ target, isStatic }) => target === 'zod' && isStatic)
}

test('exports have names', () => {
  const broken = files.filter(({ text }) => /^export default\b|^export \*/m.test(text))
  expect(broken.map(({ path }) => path)).toEqual([])
})

test('an index is a list of pluggable things, never a way around a name', () => {
  const barrels = files.filter(
    ({ path, text }) => path.endsWith('index.ts') && /^export .* from /m.test(text),
  )
  expect(barrels.map(({ path }) => path)).toEqual([])
})

function roomOf(path: string): string {
  return path.split('/')[0] ?? path
}

function mayImport(from: string, to: string): boolean {
  const room = roomOf(from)
  return roomOf(to) === room || (rooms[room] ?? []).includes(roomOf(to))
}

function mayUse(from: string, name: string): boolean {
  const key = name.startsWith('node:') ? 'node:' : toPackage(name)
  return (packages[key] ?? []).includes(roomOf(from))
}

// A package may be imported by a file of it.
function toPackage(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

function isBehindDoor(from: string, to: string): boolean {
  const [fromRoom, fromFeature] = from.split('/')
  const [toRoom, toFeature = '', ...rest] = to.split('/')
  if (fromRoom !== 'features' || toRoom !== 'features' || fromFeature === toFeature) return false
  return !(doors[toFeature] ?? [`${toFeature}.ts`]).includes(rest.join('/'))
}

function findCycles(all: readonly SourceFile[]): string[] {
  const next = new Map(
    all.map(file => [
      file.path,
      file.imports.filter(each => each.isOurs && each.isStatic).map(each => each.target),
    ]),
  )
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
    if (trail.includes(path) || done.has(path)) return
    for (const target of next.get(path) ?? []) visit(target, [...trail, path])
    done.add(path)
  }
  for (const { path } of all) visit(path, [])
  return cycles
}
