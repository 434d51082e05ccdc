import { expect, test } from 'vitest'
import { entryPoints, modules, packages } from './support/modules.ts'
import { readSourceFiles, type SourceFile } from './support/source-files.ts'

const files = readSourceFiles()
const paths = new Set(files.map(({ path }) => path))
const isEntryPoint = (path: string) => entryPoints.some(name => name === path)

test('every file belongs to a module', () => {
  const known = new Set<string>(modules)
  expect(
    files.map(({ path }) => path).filter(path => !isEntryPoint(path) && !known.has(moduleOf(path))),
  ).toEqual([])
})

test('a module imports only from those before it', () => {
  expect(
    listImports(({ isOurs, target }, from) => isOurs && paths.has(target) && !mayImport(from, target)),
  ).toEqual([])
})

test('only the command line and entry points know the real host', () => {
  const isAllowed = (path: string) => isEntryPoint(path) || /^(cli|platform\/node)\//.test(path)
  expect(listImports(({ target }, from) => target.startsWith('platform/node/') && !isAllowed(from))).toEqual(
    [],
  )
})

test('packages are used in their folders', () => {
  expect(
    listImports(({ isOurs, target }, from) => !isOurs && !isEntryPoint(from) && !mayUse(from, target)),
  ).toEqual([])
})

test('every import of ours leads to a file', () => {
  expect(
    listImports(({ isOurs, target }) => isOurs && !target.startsWith('..') && !paths.has(target)),
  ).toEqual([])
})

test('no file imports itself by a detour, not for a type and not later', () => {
  expect(findCycles(files)).toEqual([])
})

test('a name is exported by one file', () => {
  const owners = new Map<string, Set<string>>()
  // The library gives public names to what modules export.
  for (const { path, exports } of files.filter(({ path }) => path !== 'library.ts'))
    for (const name of exports) owners.set(name, (owners.get(name) ?? new Set()).add(path))
  const shared = [...owners].filter(([, where]) => where.size > 1)
  expect(shared.map(([name, where]) => `${name}: ${[...where].join(', ')}`)).toEqual([])
})

test('what every command loads, and reading a valid home, does without Zod, which takes a tenth of a start', () => {
  const loaded = new Set(['main.ts', 'registry/load/load-snapshot.ts'])
  for (const path of loaded) {
    const imports = files.find(file => file.path === path)?.imports ?? []
    for (const { kind, target } of imports) if (kind === 'value') loaded.add(target)
  }
  expect(loaded.has('cli/commands/index.ts')).toBe(true)
  expect(
    listImports(({ target, kind }, from) => loaded.has(from) && target === 'zod' && kind === 'value'),
  ).toEqual([])
})

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

function listImports(isWanted: (each: SourceFile['imports'][number], from: string) => boolean): string[] {
  return files.flatMap(({ path, imports }) =>
    imports.filter(each => isWanted(each, path)).map(({ target }) => `${path} imports ${target}`),
  )
}

function moduleOf(path: string): string {
  return path.split('/')[0] ?? path
}

function mayImport(from: string, to: string): boolean {
  const order: readonly string[] = modules
  return isEntryPoint(from) || order.indexOf(moduleOf(to)) <= order.indexOf(moduleOf(from))
}

function mayUse(from: string, name: string): boolean {
  const key = name.startsWith('node:') ? 'node:' : toPackage(name)
  return (packages[key] ?? []).some(folder => from.startsWith(`${folder}/`))
}

// A package may be imported by a file of it.
function toPackage(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

function findCycles(all: readonly SourceFile[]): string[] {
  const next = new Map(
    all.map(file => [file.path, file.imports.filter(each => each.isOurs).map(each => each.target)]),
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
