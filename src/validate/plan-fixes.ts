import type { RuleLevel } from '../config/config.ts'
import { recordWrites } from '../journal/record.ts'
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
import { counts } from './fixes/counts.ts'
import type { Fix, FixableFile, FixedText } from './fixes/fix.ts'
import { keyOrder } from './fixes/key-order.ts'
import { schemaKey } from './fixes/schema-key.ts'
import type { FileTarget, HomeTarget, ValidationTarget } from './targets.ts'
import { toContentSnapshot, toLoneSnapshot } from './validate-content.ts'

/** What `validate --fix` would change in one target. */
export type FixPlan = HomeFixPlan | FileFixPlan

interface HomeFixPlan {
  readonly target: HomeTarget
  /** The content that the plan is made for. */
  readonly content: HomeContent
  readonly changes: ReadonlyMap<RegistryName, string>
  readonly fixed: readonly FixedDiagnostic[]
}

interface FileFixPlan {
  readonly target: FileTarget
  /** Undefined when nothing changes. */
  readonly change: { readonly before: string; readonly after: string } | undefined
  readonly fixed: readonly FixedDiagnostic[]
}

/** Level of rules by id, where it differs from the rule's own. */
type RuleLevels = Readonly<Record<string, RuleLevel>>

type FixHost = UpdateHost & UserFilesHost & Pick<Host, 'fs' | 'path'>

/** Reads a target and plans its fixes. Changes nothing. Throws a NexusError('usage') for stdin. */
export async function planFixes(
  target: ValidationTarget,
  levels: RuleLevels,
  host: FixHost,
): Promise<FixPlan> {
  return target.kind === 'home' ? planHome(target, levels, host) : planFile(target, levels, host)
}

/**
 * Writes what a plan changes, and returns what was fixed. Each file is the old one or the new one at any time. Throws a
 * NexusError ('write', 'lock') for a file that cannot be changed.
 */
export async function applyFixes(
  plan: FixPlan,
  levels: RuleLevels,
  host: FixHost,
): Promise<readonly FixedDiagnostic[]> {
  if ('changes' in plan) return applyToHome(plan, levels, host)
  if (plan.change) await replaceFile(plan.target.path, plan.change, host)
  return plan.fixed
}

async function planFile(target: FileTarget, levels: RuleLevels, host: FixHost): Promise<FileFixPlan> {
  const { name, path, isWritable } = target
  if (!isWritable)
    throw new NexusError('usage', '--fix cannot change stdin', { hint: 'Name the file instead of -' })
  // The validation reports a file that cannot be read.
  const bytes = await target.readBytes().catch(() => undefined)
  const parsed = bytes && parseRegistry(name, path, bytes)
  if (parsed?.state !== 'ok' || parsed.text === undefined) return { target, change: undefined, fixed: [] }
  const before = parsed.text
  const snapshot = toLoneSnapshot({ ...parsed, sha256: undefined })
  const schema = await findSchema(host.path.dirname(path), name, host)
  const { text: after, fixed } = fixText({ name, text: before, snapshot, schema }, levels)
  return {
    target,
    change: after === before ? undefined : { before, after },
    fixed: fixed.map(each => ({ file: path, ...each })),
  }
}

async function planHome(target: HomeTarget, levels: RuleLevels, host: FixHost): Promise<HomeFixPlan> {
  const { directory, names } = target
  const files = await readFixableFiles(target, host)
  const content = new Map(files.map(({ name, text }) => [name, text]))
  const paths = byRegistry(name => host.path.join(directory, registryFiles[name]))
  const snapshot = toContentSnapshot(content, paths)
  const schemas = await findSchemas(directory, names, host)
  const results = names.flatMap(name => {
    const before = snapshot.registries[name].text
    if (before === undefined) return []
    const { text, fixed } = fixText({ name, text: before, snapshot, schema: schemas.get(name) }, levels)
    return text === before ? [] : [{ name, text, fixed: fixed.map(each => ({ file: paths[name], ...each })) }]
  })
  return {
    target,
    content,
    changes: new Map(results.map(({ name, text }) => [name, text])),
    fixed: results.flatMap(({ fixed }) => fixed),
  }
}

async function readFixableFiles({ directory, names }: HomeTarget, host: FixHost): Promise<HomeFile[]> {
  const files = await Promise.all(
    registryNames.map(async name => {
      const info = await host.fs.lstat(host.path.join(directory, registryFiles[name])).catch(() => undefined)
      const isReadable = info?.kind === 'file' || (info?.kind === 'link' && names.includes(name))
      return isReadable ? readHomeFiles(directory, [name], host).catch(toNoFiles) : []
    }),
  )
  return files.flat().filter(({ isValid }) => isValid)
}

// An unreadable file does not keep the others from being fixed; the validation reports it.
function toNoFiles(error: unknown): HomeFile[] {
  if (error instanceof NexusError && error.code === 'input') return []
  throw error
}

/** All fixes of `validate --fix`, in the order in which they are applied. */
const fixes: readonly Fix[] = [counts, keyOrder, schemaKey]

/** Applies all fixes to one text. Pure. */
function fixText(file: FixableFile, levels: RuleLevels): FixedText {
  const wanted = fixes.filter(({ rule }) => rule === undefined || levels[rule] !== 'off')
  let result: FixedText = { text: file.text, fixed: [] }
  for (const fix of wanted) {
    const { text, fixed } = fix.apply({ ...file, text: result.text })
    result = { text, fixed: [...result.fixed, ...fixed] }
  }
  return result
}

async function findSchemas(directory: string, names: readonly RegistryName[], host: FixHost) {
  const found = await Promise.all(
    names.map(async name => [name, await findSchema(directory, name, host)] as const),
  )
  return new Map(found)
}

/**
 * Relative path from a directory to the JSON Schema of a registry: in the nearest `schemas/` or installed package, here
 * or above. Undefined when there is none: the path to this installation would be valid on this machine only.
 */
async function findSchema(
  directory: string,
  name: RegistryName,
  host: Pick<Host, 'fs' | 'path'>,
): Promise<string | undefined> {
  const file = registryFiles[name].replace('.json', '.schema.json')
  const candidates = [
    ['schemas', file],
    ['node_modules', program.name, 'schemas', file],
  ]
  let above = ''
  for (let place = directory; ; place = host.path.dirname(place)) {
    for (const parts of candidates) {
      const info = await host.fs.stat(host.path.join(place, ...parts)).catch(() => undefined)
      if (info?.kind === 'file') return `${above || './'}${parts.join('/')}`
    }
    if (host.path.dirname(place) === place) return undefined
    above += '../'
  }
}

const maxPlans = 3
const noChanges: ReadonlyMap<RegistryName, string> = new Map()

/**
 * Writes the plan under the lock of the home if the files are still those that it was made for; otherwise plans again.
 * The home stays trusted: fixes change no command and no request.
 */
async function applyToHome(plan: HomeFixPlan, levels: RuleLevels, host: FixHost) {
  const { directory } = plan.target
  const beforeCommit = (changes: readonly FileChange[]) =>
    renewTrust(directory, hashesOf('before', changes), hashesOf('after', changes), host)
  let current = plan
  for (let round = 0; round < maxPlans; round++) {
    const { content, changes, fixed } = current
    if (changes.size === 0) return fixed
    const edit = (found: HomeContent) => (isSameContent(found, content) ? changes : noChanges)
    const written = await updateHome(directory, [...content.keys()], edit, host, { beforeCommit })
    if (written.length > 0) {
      await recordWrites(directory, { by: 'fix' }, written, host)
      return fixed
    }
    current = await planHome(plan.target, levels, host)
  }
  throw new NexusError('lock', `other processes keep changing ${directory}`, {
    hint: 'Find the program that changes it, and try again',
  })
}

function isSameContent(one: HomeContent, other: HomeContent): boolean {
  return [...one].every(([name, text]) => other.get(name) === text)
}
