import { expect, test } from 'vitest'
import { packages, rooms } from './support/rooms.ts'
import { readSourceFiles, type SourceFile } from './support/source-files.ts'

const files = readSourceFiles()
const paths = new Set(files.map(({ path }) => path))

/** What a feature shows to other features, where it is more than the file of its own name. */
const doors: Readonly<Record<string, readonly string[]>> = {
  completion: ['save-words.ts'],
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
  sync: ['detect-home.ts', 'sync.ts', 'sync-options.ts'],
  watch: ['watch.ts', 'watch-request.ts', 'home-watcher.ts'],
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

const longestFile = 250

/** Files that are not named after an export: entries, lists, and the parts that all schemas share. */
const nameless: readonly string[] = ['boot', 'main', 'worker', 'library', 'index', 'common']

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

test(`no file is longer than ${longestFile} lines`, () => {
  const long = files.filter(({ text }) => text.split('\n').length - 1 > longestFile)
  expect(long.map(({ path }) => path)).toEqual([])
})

test('a file is named after what it exports', () => {
  const broken = files.filter(file => !isNamedAfterExport(file))
  expect(broken.map(({ path, exports }) => `${path} exports ${exports.join(', ')}`)).toEqual([])
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
  const key = name.startsWith('node:') ? 'node:' : name
  return (packages[key] ?? []).includes(roomOf(from))
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

// One word of the name, or its stem, is enough: `diagnose.ts` exports `createDiagnoser`.
function isNamedAfterExport({ path, exports }: SourceFile): boolean {
  const stem = path.split('/').at(-1)?.replace(/\.ts$/, '') ?? ''
  if (nameless.includes(stem)) return true
  const exported = exports.flatMap(toWords)
  return toWords(stem).some(word => exported.some(other => haveSameStem(word, other)))
}

function toWords(name: string): string[] {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
  return words.split('-')
}

function haveSameStem(a: string, b: string): boolean {
  return a === b || a === `${b}s` || (a.length > 3 && b.startsWith(a.slice(0, 4)))
}
