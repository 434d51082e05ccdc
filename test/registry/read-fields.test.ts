import { readdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import type { Node, SourceFile } from 'typescript/unstable/ast'
import {
  isCallExpression,
  isFunctionDeclaration,
  isIdentifier,
  isObjectBindingPattern,
  isObjectLiteralExpression,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isShorthandPropertyAssignment,
  isStringLiteral,
} from 'typescript/unstable/ast/is'
import { API, type Project } from 'typescript/unstable/sync'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../support/test-host.ts'

/** Why no code reads a field by its name, and the fields: the file of the schema, and the name. */
const exceptions: Readonly<Record<string, string>> = {
  'for people: show, query, list and editors have it as it is': `
    common.ts tags, common.ts url, common.ts fields, common.ts x-assumed, hyper.ts label, hyper.ts description, hyper.ts version,
    dashboard.ts version, plugin.ts functions, plugin.ts type, microservice.ts type, microservice.ts endpoints, provider.ts headers, adapter.ts type`,
  'facts of a model, for people and conditions of queries': `
    model.ts license, model.ts measured_at,
    model.ts peak_hours, model.ts days, model.ts from, model.ts to, model.ts active_parameters_b,
    model.ts on, model.ts field, model.ts url`,
  'read by a key that is a variable: name of a package manager, of a registry, of a right': `
    detectable.ts apt, detectable.ts brew, detectable.ts dnf, detectable.ts pacman, detectable.ts pip,
    detectable.ts npm, detectable.ts winget, hyper.ts tools, hyper.ts providers, hyper.ts models,
    hyper.ts plugins, hyper.ts microservices, hyper.ts adapters, access.ts read, access.ts write,
    access.ts admin, tool.ts type, tool.ts count, tool.ts context`,
  'read by code for entries of any registry, with a type of its own': 'microservice.ts name, common.ts value',
  'only one value is possible': 'hyper.ts type',
}

const excusedFields = Object.values(exceptions).flatMap(fields =>
  fields.split(',').map(field => field.trim()),
)

/** Keys of objects at any depth of the nine schemas, as editors see them. */
async function listSchemaKeys(): Promise<ReadonlySet<string>> {
  const keys = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('properties' in value && typeof value.properties === 'object' && value.properties !== null) {
      for (const key of Object.keys(value.properties)) keys.add(key)
    }
    for (const inner of Object.values(value)) visit(inner)
  }
  for (const file of await readdir('schemas')) {
    if (file.endsWith('_registry.schema.json')) visit(JSON.parse(await readFile(`schemas/${file}`, 'utf8')))
  }
  return keys
}

const root = process.cwd()
const schemaFolder = '/src/registry/schema/'
/** Files of the folder that declare no field of a registry. */
const otherFiles = [
  'names.ts',
  'known-keys.ts',
  'registries.ts',
  'config.ts',
  'alert-memory.ts',
  'extensions.ts',
]

test('every field of the schemas is read somewhere, or says why not', async () => {
  const keys = await listSchemaKeys()
  const directory = await temporaryDirectory()
  const config = nodePath.join(directory, 'tsconfig.json')
  const settings = {
    extends: nodePath.join(root, 'tsconfig.json'),
    include: [nodePath.join(root, 'src')],
    exclude: [nodePath.join(root, 'src/dashboard/web')],
    compilerOptions: { typeRoots: [nodePath.join(root, 'node_modules/@types')] },
  }
  await writeFile(config, JSON.stringify(settings))
  const api = new API({ cwd: root })
  try {
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects()
    if (project === undefined) throw new Error('TypeScript opens no project')
    const paths = project.program.getSourceFileNames().filter(path => path.startsWith(`${root}/src/`))
    const sources = paths.flatMap(path => project.program.getSourceFile(path) ?? [])
    const declared = sources.filter(({ fileName }) => fileName.includes(schemaFolder)).flatMap(listFields)
    const fields = declared.filter(({ name }) => keys.has(name))
    const names = new Set(fields.map(({ name }) => name))
    const reads = sources
      .filter(({ fileName }) => !fileName.includes(schemaFolder))
      .map(source => findReads(source, names, project))
    const places = new Set(reads.flatMap(read => read.places))
    const mentioned = new Set(reads.flatMap(read => read.mentioned))
    const isRead = ({ name, place }: Field) =>
      places.has(place) || (/[_$-]/.test(name) && mentioned.has(name))
    const unread = new Set(fields.filter(field => !isRead(field)).map(({ file, name }) => `${file} ${name}`))
    const excused = new Set(excusedFields)

    expect(
      [...keys].filter(key => !names.has(key)),
      'declared in no file',
    ).toEqual([])
    expect([...unread].filter(field => !excused.has(field)).sort(), 'read by nothing').toEqual([])
    expect([...excused].filter(field => !unread.has(field)).sort(), 'read, and excused').toEqual([])
  } finally {
    api.close()
  }
}, 120_000)

interface Field {
  readonly file: string
  readonly name: string
  /** File and position of its declaration. */
  readonly place: string
}

/** Keys of the objects in a file: shapes of schemas, and a few others. */
function listFields(source: SourceFile): Field[] {
  const file = nodePath.basename(source.fileName)
  if (otherFiles.includes(file)) return []
  const found: Field[] = []
  walk(source, node => {
    if (isPartOfRule(node)) return false
    if (!isPropertyAssignment(node) && !isShorthandPropertyAssignment(node)) return true
    const name = nameOf(node.name)
    if (name !== undefined) found.push({ file, name, place: toPlace(node) })
    return true
  })
  return found
}

function toPlace(node: Node): string {
  return `${node.getSourceFile().fileName}#${node.pos}`
}

function nameOf(node: Node): string | undefined {
  return isIdentifier(node) || isStringLiteral(node) ? node.text : undefined
}

// Options of refinements, and keywords of JSON Schema, are no fields.
function isPartOfRule(node: Node): boolean {
  if (isFunctionDeclaration(node)) return true
  const parent = node.parent
  if (!isObjectLiteralExpression(node) || !isCallExpression(parent)) return false
  const { expression } = parent
  return isPropertyAccessExpression(expression) && ['meta', 'refine', 'regex'].includes(expression.name.text)
}

/** Visits a node and what is in it, unless `visit` says false. */
function walk(node: Node, visit: (node: Node) => boolean): void {
  if (!visit(node)) return
  node.forEachChild(child => {
    walk(child, visit)
  })
}

interface Reads {
  /** Places of the declarations that are read: the compiler knows them by the types. */
  readonly places: readonly string[]
  /** Names that stand in the code. They tell enough when no other thing has such a name. */
  readonly mentioned: readonly string[]
}

interface PatternKey {
  readonly pattern: Node
  readonly name: string
}

function findReads(source: SourceFile, names: ReadonlySet<string>, { checker }: Project): Reads {
  const accesses: Node[] = []
  const keys: PatternKey[] = []
  const texts: string[] = []
  walk(source, node => {
    if (isStringLiteral(node)) texts.push(...node.text.split(/[./ ]/))
    if (isPropertyAccessExpression(node) && names.has(node.name.text)) accesses.push(node.name)
    keys.push(...listPatternKeys(node).filter(({ name }) => names.has(name)))
    return true
  })
  const types = keys.length === 0 ? [] : checker.getTypeAtLocation(keys.map(({ pattern }) => pattern))
  const symbols = [
    ...(accesses.length === 0 ? [] : checker.getSymbolAtLocation(accesses)),
    ...types.map((type, index) => type && checker.getPropertyOfType(type, keys[index]?.name ?? '')),
  ]
  const declarations = symbols
    .flatMap(symbol => symbol?.declarations ?? [])
    .filter(({ path }) => path.includes(schemaFolder))
  return {
    places: declarations.flatMap(handle => toPlaces(handle.resolve())),
    mentioned: [...texts, ...accesses.flatMap(node => nameOf(node) ?? []), ...keys.map(({ name }) => name)],
  }
}

/** The keys that a pattern like `{ id, name: text }` takes out of an object. */
function listPatternKeys(node: Node): PatternKey[] {
  if (!isObjectBindingPattern(node)) return []
  return node.elements.flatMap(element => {
    const key = element.propertyName ?? element.name
    const name = key && nameOf(key)
    return name === undefined ? [] : [{ pattern: node, name }]
  })
}

function toPlaces(node: Node | undefined): string[] {
  return node === undefined ? [] : [toPlace(node)]
}
