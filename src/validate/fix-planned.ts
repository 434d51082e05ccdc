import type { RuleLevel } from '../config/config.ts'
import { NexusError } from '../lib/errors.ts'
import { program } from '../lib/program.ts'
import type { Host, UserFilesHost } from '../platform/host.ts'
import type { FixedDiagnostic } from '../registry/diagnostic.ts'
import { replaceFile } from '../registry/home/files.ts'
import {
  type FileChange,
  type HomeContent,
  type HomeFile,
  readHomeFiles,
  type UpdateHost,
  updateHome,
} from '../registry/home/update-home.ts'
import { parseRegistry } from '../registry/load/parse-registry.ts'
import { type RegistryName, registryFiles, registryNames } from '../registry/schema/names.ts'
import { byRegistry } from '../registry/snapshot.ts'
import { hashesOf, renewTrust } from '../security/trust.ts'
import type { FixableFile, FixedText } from './fixes/fix.ts'
import { fixes } from './fixes/index.ts'
import { toContentSnapshot, toLoneSnapshot } from './partial-snapshot.ts'
import type { Planned, PlannedFile, PlannedHome } from './plan-paths.ts'

/**
 * Puts right what has one answer in a home or a file, and says what. Each file is the old one or the new one at any
 * time. Throws a NexusError ('write', 'lock') for a file that cannot be changed.
 */
export async function fixPlanned(
  plan: Planned,
  options: FixOptions,
  host: FixHost,
): Promise<readonly FixedDiagnostic[]> {
  return plan.kind === 'home' ? fixHome(plan, options, host) : fixFile(plan, options, host)
}

/** Puts right what has one answer in a registry that belongs to no home. */
async function fixFile(
  file: PlannedFile,
  options: FixOptions,
  host: FixHost,
): Promise<readonly FixedDiagnostic[]> {
  const { name, path, isWritable } = file
  if (!isWritable) {
    throw new NexusError('usage', '--fix changes files, and stdin is none', { hint: 'Name the file itself' })
  }
  // What cannot be read is told when it is checked.
  const bytes = await file.readBytes().catch(() => undefined)
  const parsed = bytes && parseRegistry(name, path, bytes)
  if (parsed?.state !== 'ok' || parsed.text === undefined) return []
  const snapshot = toLoneSnapshot({ ...parsed, sha256: undefined })
  const schema = await findSchema(host.path.dirname(path), name, host)
  const { text, faults } = applyFixes({ name, text: parsed.text, snapshot, schema }, options.rules)
  if (text !== parsed.text && !options.isDryRun)
    await replaceFile(path, { before: parsed.text, after: text }, host)
  return faults.map(fault => ({ file: path, ...fault }))
}

/** A text with everything put right that has one answer. Pure. */
function applyFixes(file: FixableFile, levels: Readonly<Record<string, RuleLevel>>): FixedText {
  const wanted = fixes.filter(({ rule }) => rule === undefined || levels[rule] !== 'off')
  let fixed: FixedText = { text: file.text, faults: [] }
  for (const fix of wanted) {
    const { text, faults } = fix.apply({ ...file, text: fixed.text })
    fixed = { text, faults: [...fixed.faults, ...faults] }
  }
  return fixed
}

/**
 * Path of a registry's JSON Schema as seen from a directory: in the nearest `schemas/` or installed package, here or
 * above. Undefined when there is none: a path to where this program happens to lie would hold on this machine alone.
 */
async function findSchema(
  directory: string,
  name: RegistryName,
  host: Pick<Host, 'fs' | 'path'>,
): Promise<string | undefined> {
  const file = registryFiles[name].replace('.json', '.schema.json')
  const places = [
    ['schemas', file],
    ['node_modules', program.name, 'schemas', file],
  ]
  let above = ''
  for (let place = directory; ; place = host.path.dirname(place)) {
    for (const parts of places) {
      const info = await host.fs.stat(host.path.join(place, ...parts)).catch(() => undefined)
      if (info?.kind === 'file') return `${above || './'}${parts.join('/')}`
    }
    if (host.path.dirname(place) === place) return undefined
    above += '../'
  }
}

interface FixOptions {
  /** Level of rules by id, where it differs from the rule's own. */
  readonly rules: Readonly<Record<string, RuleLevel>>
  /** Whether it is only said what would be done. */
  readonly isDryRun: boolean
}

type FixHost = UpdateHost & UserFilesHost

/** Puts right what has one answer in files of a home, under its lock. Trust in the home goes on: nothing that runs changes. */
async function fixHome(
  home: PlannedHome,
  options: FixOptions,
  host: FixHost,
): Promise<readonly FixedDiagnostic[]> {
  const { directory } = home
  const files = await readFixable(home, host)
  const names = home.names.filter(name => files.some(file => file.name === name))
  const schemas = await findSchemas(directory, names, host)
  const plan = (texts: HomeContent) => planFixes({ directory, names, texts, schemas }, options, host)
  const planned = plan(new Map(files.map(({ name, text }) => [name, text])))
  if (options.isDryRun || planned.texts.size === 0) return planned.faults
  // Under the lock the files may have become others: what counts is what was done then.
  let done = planned
  const edit = (texts: HomeContent) => {
    done = plan(texts)
    return done.texts
  }
  const beforeCommit = (changes: readonly FileChange[]) =>
    renewTrust(directory, hashesOf('before', changes), hashesOf('after', changes), host)
  const read = files.map(({ name }) => name)
  await updateHome(directory, read, edit, host, { beforeCommit })
  return done.faults
}

async function readFixable({ directory, names }: PlannedHome, host: FixHost): Promise<HomeFile[]> {
  const files = await Promise.all(
    registryNames.map(async name => {
      const info = await host.fs.lstat(host.path.join(directory, registryFiles[name])).catch(() => undefined)
      const isReadable = info?.kind === 'file' || (info?.kind === 'link' && names.includes(name))
      return isReadable ? readHomeFiles(directory, [name], host).catch(toNoFile) : []
    }),
  )
  return files.flat().filter(({ isValid }) => isValid)
}

// What cannot be read keeps nothing else from being put right; that it is so is told when it is checked.
function toNoFile(error: unknown): HomeFile[] {
  if (error instanceof NexusError && error.code === 'input') return []
  throw error
}

async function findSchemas(directory: string, names: readonly RegistryName[], host: FixHost) {
  const found = await Promise.all(
    names.map(async name => [name, await findSchema(directory, name, host)] as const),
  )
  return new Map(found)
}

interface Fixable {
  readonly directory: string
  /** Registries to change. */
  readonly names: readonly RegistryName[]
  readonly texts: HomeContent
  readonly schemas: ReadonlyMap<RegistryName, string | undefined>
}

interface Plan {
  readonly texts: ReadonlyMap<RegistryName, string>
  readonly faults: readonly FixedDiagnostic[]
}

function planFixes({ directory, names, texts, schemas }: Fixable, options: FixOptions, host: FixHost): Plan {
  const paths = byRegistry(name => host.path.join(directory, registryFiles[name]))
  const snapshot = toContentSnapshot(texts, paths)
  const fixed = names.flatMap(name => {
    const { text } = snapshot.registries[name]
    if (text === undefined) return []
    const { faults, ...result } = applyFixes(
      { name, text, snapshot, schema: schemas.get(name) },
      options.rules,
    )
    return [{ name, isChanged: result.text !== text, ...result, faults }]
  })
  const changed = fixed.filter(({ isChanged }) => isChanged)
  return {
    texts: new Map(changed.map(({ name, text }) => [name, text])),
    faults: changed.flatMap(({ name, faults }) => faults.map(fault => ({ file: paths[name], ...fault }))),
  }
}
