import { errorMessage, NexusError } from '../lib/errors.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import { decodeText } from '../lib/json/parse-plain-json.ts'
import { limits } from '../lib/limits.ts'
import type { FileInfo, Host } from '../platform/host.ts'
import { findRepository, readWithin } from '../registry/home/directories.ts'
import type { LooseRegistry } from '../registry/load/load-registry.ts'
import { parseRegistryName } from '../registry/refs.ts'
import { type RegistryName, registryFiles, registryNames } from '../registry/schema/names.ts'

/** What `validate` checks: registries of one home, or one file by itself. */
export type ValidationTarget = HomeTarget | FileTarget

export interface HomeTarget {
  readonly kind: 'home'
  /** Absolute path. */
  readonly directory: string
  /** Registries to report on. */
  readonly names: readonly RegistryName[]
}

export interface FileTarget extends LooseRegistry {
  readonly kind: 'file'
  /** False for stdin. */
  readonly isWritable: boolean
}

type TargetHost = Pick<Host, 'fs' | 'path' | 'cwd' | 'readInput'>

/** The argument that means stdin, and its name in reports. */
const stdin = { path: '-', name: '<stdin>' } as const

/**
 * Finds the targets that the arguments of `validate` name. A directory is a registry home, or a folder of registry files
 * with other names. A file with the name of a registry is checked within its directory; any other file by itself, as the
 * registry that `as`, its `$schema` or its name says. `-` is stdin. Throws a NexusError ('input', 'usage') for an
 * argument that is no registry.
 */
export async function findTargets(
  paths: readonly string[],
  host: TargetHost,
  as?: RegistryName,
): Promise<ValidationTarget[]> {
  const targets: ValidationTarget[] = []
  for (const path of new Set(paths)) targets.push(...(await findTargetsAt(path, as, host)))
  return mergeTargets(targets)
}

async function findTargetsAt(
  path: string,
  as: RegistryName | undefined,
  host: TargetHost,
): Promise<ValidationTarget[]> {
  if (path === '') {
    const hint = 'Check for an unset variable, or use . for the working directory'
    throw new NexusError('usage', 'a path is empty', { hint })
  }
  if (path === stdin.path) return [await toInputTarget(as, host)]
  const absolute = host.path.resolve(host.cwd, path)
  const info = await requireFileOrDirectory(path, absolute, host)
  if (info.kind === 'directory') return findDirectoryTargets({ path, absolute, as }, host)
  const name = nameOf(absolute, host)
  if (name && (as ?? name) === name)
    return [{ kind: 'home', directory: host.path.dirname(absolute), names: [name] }]
  return [await requireFileTarget({ path, absolute, as }, host)]
}

async function requireFileOrDirectory(path: string, absolute: string, host: TargetHost): Promise<FileInfo> {
  const hint = 'Name a registry home, or registry files'
  const info = await host.fs.stat(absolute).catch((cause: unknown) => {
    throw new NexusError('input', `cannot read ${path}: ${errorMessage(cause)}`, { hint, cause })
  })
  if (info === undefined) throw new NexusError('input', `${path} does not exist`, { hint })
  if (info.kind === 'other') {
    throw new NexusError('input', `${path} is a pipe or a device, not a file`, {
      hint: 'Pass a registry on stdin: nexus-registry validate - --as tools < FILE',
    })
  }
  return info
}

function nameOf(path: string, host: TargetHost): RegistryName | undefined {
  const file = host.path.basename(path)
  return registryNames.find(candidate => registryFiles[candidate] === file)
}

interface PathArgument {
  /** As the user typed it. */
  readonly path: string
  readonly absolute: string
  readonly as: RegistryName | undefined
}

async function findDirectoryTargets(
  { path, absolute, as }: PathArgument,
  host: TargetHost,
): Promise<ValidationTarget[]> {
  if (as) {
    throw new NexusError('usage', `--as takes a file, but ${path} is a directory`, {
      hint: 'Name the file, or omit --as',
    })
  }
  const files = await listDirectory(path, absolute, host)
  const isHome = files.some(file => nameOf(file, host))
  if (isHome) return [{ kind: 'home', directory: absolute, names: registryNames }]
  const json = files.filter(file => file.endsWith('.json')).sort()
  const targets: FileTarget[] = []
  // One by one: together the files may exceed the memory.
  for (const file of json) {
    const target = await findFileTarget(host.path.join(absolute, file), host)
    if (target) targets.push(target)
  }
  if (targets.length > 0) return targets
  throw new NexusError('input', `${path} contains no registry`, {
    hint: `Name files like ${registryFiles.tools}, or add a "$schema" to them`,
  })
}

async function listDirectory(path: string, absolute: string, host: TargetHost): Promise<string[]> {
  return host.fs.list(absolute).catch(cause => {
    const hint = 'Check its permissions with `ls -ld`'
    throw new NexusError('input', `cannot read ${path}: ${errorMessage(cause)}`, { hint, cause })
  })
}

async function requireFileTarget(
  { path, absolute, as }: PathArgument,
  host: TargetHost,
): Promise<FileTarget> {
  const target = as ? toFileTarget(absolute, as, host) : await findFileTarget(absolute, host)
  if (target) return target
  await requireReadable(path, absolute, host)
  throw new NexusError(
    'input',
    `cannot tell which registry ${path} is: neither its name nor a "$schema" says it`,
    { hint: `Name its registry: --as tools, or another of ${registryNames.join(', ')}` },
  )
}

async function requireReadable(path: string, absolute: string, host: TargetHost): Promise<void> {
  await readLoose(absolute, host).catch(cause => {
    const hint = 'Name a registry home, or registry files that you may read'
    throw new NexusError('input', `cannot read ${path}: ${errorMessage(cause)}`, { hint, cause })
  })
}

async function findFileTarget(file: string, host: TargetHost): Promise<FileTarget | undefined> {
  // The validation reports a file that cannot be read, if its name says that it is a registry.
  const bytes = await readLoose(file, host).catch(() => undefined)
  const name = guessRegistry(host.path.basename(file), bytes)
  return name && toFileTarget(file, name, host)
}

// A link in a repository may lead to a file that only this user may read, and others read the report.
async function readLoose(path: string, host: TargetHost): Promise<Uint8Array | undefined> {
  const bounds = await findRepository(host.path.dirname(path), host)
  return readWithin(bounds, path, limits.fileBytes, host)
}

function toFileTarget(path: string, name: RegistryName, host: TargetHost): FileTarget {
  const readBytes = () => readLoose(path, host)
  return { kind: 'file', name, path, readBytes, isWritable: true }
}

async function toInputTarget(as: RegistryName | undefined, host: TargetHost): Promise<FileTarget> {
  const read = host.readInput(limits.fileBytes)
  const bytes = await read.catch(() => undefined)
  const name = as ?? guessRegistry('', bytes)
  if (name) return { kind: 'file', name, path: stdin.name, readBytes: () => read, isWritable: false }
  throw new NexusError('usage', 'cannot tell which registry stdin is', {
    hint: `Name its registry: --as tools, or another of ${registryNames.join(', ')}`,
  })
}

/** The registry that the `$schema` of a file names, or else its file name; undefined when neither names one. */
function guessRegistry(file: string, bytes: Uint8Array | undefined): RegistryName | undefined {
  return (bytes && guessBySchema(bytes)) ?? guessByName(file)
}

// Broken JSON with a `$schema` is a broken registry, which the validation must report.
const brokenSchemaPattern = /"\$schema"\s*:\s*"([^"\\]*)"/

function guessBySchema(bytes: Uint8Array): RegistryName | undefined {
  const { text } = decodeText(bytes)
  const { root, value } = parseJson(text)
  const schema = isJsonObject(value) ? value.$schema : undefined
  const named = root === undefined ? brokenSchemaPattern.exec(text.slice(0, 4096))?.[1] : schema
  if (typeof named !== 'string') return undefined
  const file = named.split(/[/\\]/).at(-1)
  return registryNames.find(name => file === registryFiles[name].replace('.json', '.schema.json'))
}

// `tools.json`, `tool_registry.staging.json`, `old-tool_registry.json`; not a name that contains two registries.
function guessByName(file: string): RegistryName | undefined {
  const names = new Set(file.split(/[.\s-]+/).map(parseRegistryName))
  names.delete(undefined)
  const [only, ...others] = names
  return others.length === 0 ? only : undefined
}

// Each home is read once, however many of its files are named.
function mergeTargets(targets: readonly ValidationTarget[]): ValidationTarget[] {
  const homes = targets.filter(target => target.kind === 'home')
  const files = targets.filter(target => target.kind === 'file')
  const directories = [...new Set(homes.map(({ directory }) => directory))]
  const merged = directories.map((directory): HomeTarget => {
    const named = homes.filter(home => home.directory === directory).flatMap(({ names }) => names)
    return { kind: 'home', directory, names: registryNames.filter(name => named.includes(name)) }
  })
  return [...merged, ...new Map(files.map(file => [file.path, file])).values()]
}
