import { errorMessage, NexusError } from '../lib/errors.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import { limits } from '../lib/limits.ts'
import type { FileInfo, Host } from '../platform/host.ts'
import { findRepository, readWithin } from '../registry/home/project-files.ts'
import type { LooseRegistry } from '../registry/load/load-registry.ts'
import { decodeText } from '../registry/load/parse-registry.ts'
import { parseRegistryName } from '../registry/refs.ts'
import { type RegistryName, registryFiles, registryNames } from '../registry/schema/names.ts'

type PlanHost = Pick<Host, 'fs' | 'path' | 'cwd' | 'readInput'>

/** What stands for stdin among paths, and what it is called in reports. */
const stdin = { path: '-', name: '<stdin>' } as const

/**
 * What to check for the paths of a call. A directory is a registry home, or else holds registries under names of their
 * own; a file with the name of a registry is checked within its directory, any other one by itself, as the registry
 * that `as`, its `$schema` or its name says; `-` is stdin. Throws a NexusError ('input', 'usage') for what is no registry.
 */
export async function planPaths(
  paths: readonly string[],
  host: PlanHost,
  as?: RegistryName,
): Promise<Planned[]> {
  const planned: Planned[] = []
  for (const path of new Set(paths)) planned.push(...(await planPath(path, as, host)))
  return mergePlans(planned)
}

// What is known of one home is read once, whatever was named in it.
function mergePlans(planned: readonly Planned[]): Planned[] {
  const homes = planned.filter(plan => plan.kind === 'home')
  const files = planned.filter(plan => plan.kind === 'file')
  const directories = [...new Set(homes.map(({ directory }) => directory))]
  const merged = directories.map((directory): PlannedHome => {
    const named = homes.filter(home => home.directory === directory).flatMap(({ names }) => names)
    return { kind: 'home', directory, names: registryNames.filter(name => named.includes(name)) }
  })
  return [...merged, ...new Map(files.map(file => [file.path, file])).values()]
}

async function planPath(path: string, as: RegistryName | undefined, host: PlanHost): Promise<Planned[]> {
  if (path === '') {
    const hint = 'Is it a variable that is not set? For the working directory write .'
    throw new NexusError('usage', 'a path is empty', { hint })
  }
  if (path === stdin.path) return [await planInput(as, host)]
  const absolute = host.path.resolve(host.cwd, path)
  const info = await checkPath(path, absolute, host)
  if (info.kind === 'directory') return planDirectory({ path, absolute, as }, host)
  const name = nameOf(absolute, host)
  if (name && (as ?? name) === name)
    return [{ kind: 'home', directory: host.path.dirname(absolute), names: [name] }]
  return [await planFile({ path, absolute, as }, host)]
}

function nameOf(path: string, host: PlanHost): RegistryName | undefined {
  const file = host.path.basename(path)
  return registryNames.find(candidate => registryFiles[candidate] === file)
}

interface Named {
  /** As it was given. */
  readonly path: string
  readonly absolute: string
  readonly as: RegistryName | undefined
}

async function planDirectory({ path, absolute, as }: Named, host: PlanHost): Promise<Planned[]> {
  if (as) {
    throw new NexusError('usage', `--as says what a file is, and ${path} is a directory`, {
      hint: 'Name the file, or leave --as out',
    })
  }
  const files = await listDirectory(path, absolute, host)
  const isHome = files.some(file => nameOf(file, host))
  if (isHome) return [{ kind: 'home', directory: absolute, names: registryNames }]
  const json = files.filter(file => file.endsWith('.json')).sort()
  const registries: PlannedFile[] = []
  // One by one: a directory may hold more than fits into memory.
  for (const file of json) {
    const found = await findRegistry(host.path.join(absolute, file), host)
    if (found) registries.push(found)
  }
  if (registries.length > 0) return registries
  throw new NexusError('input', `${path} holds no registry`, {
    hint: `Registries are called ${registryFiles.tools} and the like, or say with "$schema" what they are`,
  })
}

async function listDirectory(path: string, absolute: string, host: PlanHost): Promise<string[]> {
  return host.fs.list(absolute).catch(cause => {
    const hint = 'Check its permissions with `ls -ld`'
    throw new NexusError('input', `${path} cannot be read: ${errorMessage(cause)}`, { hint, cause })
  })
}

async function planFile({ path, absolute, as }: Named, host: PlanHost): Promise<PlannedFile> {
  const found = as ? toFile(absolute, as, host) : await findRegistry(absolute, host)
  if (found) return found
  await requireReadable(path, absolute, host)
  throw new NexusError(
    'input',
    `${path} is not named like a registry, and has no "$schema" that says what it is`,
    {
      hint: `Say it: --as tools, or another of ${registryNames.join(', ')}. ${whole}`,
    },
  )
}

const whole = 'A registry home is checked as a whole'

async function requireReadable(path: string, absolute: string, host: PlanHost): Promise<void> {
  await readLoose(absolute, host).catch(cause => {
    const hint = 'Name a registry home, or registry files that you may read'
    throw new NexusError('input', `${path} cannot be read: ${errorMessage(cause)}`, { hint, cause })
  })
}

async function findRegistry(file: string, host: PlanHost): Promise<PlannedFile | undefined> {
  // What cannot be read is told when it is checked, where its name says what it is.
  const bytes = await readLoose(file, host).catch(() => undefined)
  const name = guessRegistry(host.path.basename(file), bytes)
  return name && toFile(file, name, host)
}

// In a repository a link may lead to what only this user may read, and reports are read by others.
async function readLoose(path: string, host: PlanHost): Promise<Uint8Array | undefined> {
  const bounds = await findRepository(host.path.dirname(path), host)
  return readWithin(bounds, path, limits.fileBytes, host)
}

function toFile(path: string, name: RegistryName, host: PlanHost): PlannedFile {
  const readBytes = () => readLoose(path, host)
  return { kind: 'file', name, path, readBytes, isWritable: true }
}

async function planInput(as: RegistryName | undefined, host: PlanHost): Promise<PlannedFile> {
  const read = host.readInput(limits.fileBytes)
  const bytes = await read.catch(() => undefined)
  const name = as ?? guessRegistry('', bytes)
  if (name) return { kind: 'file', name, path: stdin.name, readBytes: () => read, isWritable: false }
  throw new NexusError('usage', 'nothing says which registry stdin is', {
    hint: `For example --as tools; or another of ${registryNames.join(', ')}`,
  })
}

async function checkPath(path: string, absolute: string, host: PlanHost): Promise<FileInfo> {
  const hint = 'Name a registry home, or registry files'
  const info = await host.fs.stat(absolute).catch((cause: unknown) => {
    throw new NexusError('input', `${path} cannot be looked at: ${errorMessage(cause)}`, { hint, cause })
  })
  if (info === undefined) throw new NexusError('input', `${path} does not exist`, { hint })
  if (info.kind === 'other') {
    throw new NexusError('input', `${path} is a pipe or a device: only files are read by their path`, {
      hint: 'Give a registry on stdin: nexus-registry validate - --as tools < FILE',
    })
  }
  return info
}

/** Which registry a file is: what its `$schema` says, else its name. Undefined when neither says it. */
function guessRegistry(file: string, bytes: Uint8Array | undefined): RegistryName | undefined {
  return (bytes && guessBySchema(bytes)) ?? guessByName(file)
}

// What is meant to be a registry and is no JSON has to be told, not passed over.
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

// `tools.json`, `tool_registry.staging.json`, `old-tool_registry.json`; not what names two of them.
function guessByName(file: string): RegistryName | undefined {
  const names = new Set(file.split(/[.\s-]+/).map(parseRegistryName))
  names.delete(undefined)
  const [only, ...others] = names
  return others.length === 0 ? only : undefined
}

/** One directory to check. */
export interface PlannedHome {
  readonly kind: 'home'
  /** Absolute path. */
  readonly directory: string
  /** Registries to report on. */
  readonly names: readonly RegistryName[]
}

/** One registry to check by itself. */
export interface PlannedFile extends LooseRegistry {
  readonly kind: 'file'
  /** Whether it is a file, and no stream. */
  readonly isWritable: boolean
}

export type Planned = PlannedHome | PlannedFile
