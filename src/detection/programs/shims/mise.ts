import { isJsonObject } from '../../../lib/json/json-value.ts'
import { compareNumerically } from '../../../lib/version/versions.ts'
import { isProgram, type ProgramHost } from '../../probe.ts'
import { type MiseConfig, type MiseTool, readMiseConfig } from './mise-config.ts'
import {
  isDirectory,
  isVersionName,
  listVersions,
  parseToml,
  readSmall,
  type Shim,
  type ShimResolver,
  type ShimResult,
  type ShimStep,
  toInstallCandidates,
} from './shim.ts'

/** A tool's installations. */
interface Installations {
  readonly directory: string
  /** Names of versions, in order, without the links that mise keeps (`20`, `latest`). */
  readonly versions: readonly string[]
  /** Versions that have the program. */
  readonly having: readonly string[]
}

/** mise: every shim is a link to mise, which searches the configured tools for the name it was called by. */
export const mise: ShimResolver = {
  async resolve(shim, host) {
    const directory = host.path.dirname(shim.path)
    const program = host.path.basename(shim.realPath)
    if (!/^mise(?:\.exe)?$/.test(program) || /^mise(?:\.exe)?$/.test(shim.name)) return undefined
    const isShims = host.path.basename(directory) === 'shims' || directory === host.env.MISE_SHIMS_DIR
    return isShims ? { manager: 'mise', result: await resolveIn(directory, shim, host) } : undefined
  },
}

async function resolveIn(shims: string, shim: Shim, host: ProgramHost): Promise<ShimResult> {
  const config = await readMiseConfig(host)
  const places = toPlaces(shims, host)
  const found = await Promise.all(config.tools.map(tool => resolveTool(tool, places, config, shim, host)))
  const isSet = config.tools.find(({ tool }) => tool === shim.name)
  const own = isSet && (await findInstallations(isSet.tool, places, shim, host))
  const reason = describe(shim, isSet, own)
  if (config.unreadable !== undefined) {
    const unclear = `mise: ${config.unreadable} cannot be read`
    return { steps: [{ unclear, isRunnable: false }], reason }
  }
  return { steps: [...found.flat(), ...(config.hasSystemFallback ? ['system'] : [])], reason }
}

// `MISE_INSTALLS_DIR`, or beside the shims, or in the user's data; then those that users share.
function toPlaces(shims: string, host: ProgramHost): string[] {
  const { dirname, join, delimiter } = host.path
  const { MISE_INSTALLS_DIR: own, MISE_DATA_DIR: data, MISE_SYSTEM_DATA_DIR: system } = host.env
  const shared = (host.env.MISE_SHARED_INSTALL_DIRS ?? '').split(delimiter).filter(Boolean)
  const first = own || join(data || dirname(shims), 'installs')
  return [first, ...shared, join(system || '/usr/local/share/mise', 'installs')]
}

async function findInstallations(
  tool: string,
  places: readonly string[],
  shim: Shim,
  host: ProgramHost,
): Promise<Installations | undefined> {
  if (!isVersionName(tool)) return undefined
  for (const place of places) {
    const directory = host.path.join(place, tool)
    const names = await listVersions(directory, host)
    if (names.length === 0) continue
    const isReal = await Promise.all(names.map(name => isInstalled(host.path.join(directory, name), host)))
    const versions = names.filter(
      (name, index) => isReal[index] && !name.startsWith('.') && name !== 'latest',
    )
    const programs = await Promise.all(versions.map(version => findProgram(directory, version, shim, host)))
    return { directory, versions, having: versions.filter((_, index) => programs[index] !== undefined) }
  }
  return undefined
}

// `20 -> ./20.11.0` is a link that mise keeps; `20 -> /opt/node` one that a user made (`mise link`).
async function isInstalled(path: string, host: ProgramHost): Promise<boolean> {
  const link = await host.fs.readLink(path).catch(() => undefined)
  if (link?.startsWith('./') || !(await isDirectory(path, host))) return false
  return (await host.fs.stat(host.path.join(path, 'incomplete')).catch(() => undefined)) === undefined
}

async function findProgram(
  directory: string,
  version: string,
  shim: Shim,
  host: ProgramHost,
): Promise<string | undefined> {
  for (const path of await toInstallCandidates(host.path.join(directory, version), shim.name, host)) {
    if (await isProgram(path, host)) return path
  }
  return undefined
}

async function resolveTool(
  { tool, versions, origin }: MiseTool,
  places: readonly string[],
  config: MiseConfig,
  shim: Shim,
  host: ProgramHost,
): Promise<ShimStep[]> {
  const installations = await findInstallations(tool, places, shim, host)
  const isRunnable = (installations?.having.length ?? 0) > 0
  // Tools that never had the program are skipped.
  if (!isRunnable && tool !== shim.name) return []
  const toUnclear = (what: string): ShimStep => ({
    unclear: `mise: ${tool} ${what} (set by ${origin}) can only be worked out by mise${toHint(installations)}`,
    isRunnable,
  })
  if (versions === undefined) return [toUnclear('')]
  const locked = await readLock(tool, origin, host)
  const aliases = config.aliases.get(tool)
  const steps = versions.map(async (version): Promise<ShimStep[]> => {
    const request =
      aliases?.get(version) ?? (tool === 'node' ? nodeAliases.get(version) : undefined) ?? version
    if (request === 'system') return ['system']
    const name = await findVersion(request, version, installations, locked, host)
    if (name === 'unclear') return [toUnclear(version)]
    if (name === 'refused') {
      return [{ unclear: `mise: ${version} is no version of ${tool} (set by ${origin})`, isRunnable: false }]
    }
    return name === undefined ? [] : toProgramSteps(tool, name, installations, shim, host)
  })
  return (await Promise.all(steps)).flat()
}

async function toProgramSteps(
  tool: string,
  version: string,
  installations: Installations | undefined,
  shim: Shim,
  host: ProgramHost,
): Promise<ShimStep[]> {
  if (installations === undefined) return []
  const program = await findProgram(installations.directory, version, shim, host)
  if (program !== undefined) return [program]
  if (tool !== shim.name) return []
  return [
    { unclear: `mise: ${tool} ${version} has no ${shim.name} where it usually lies`, isRunnable: false },
  ]
}

// `get_aliases` in src/plugins/core/node.rs.
const nodeAliases: ReadonlyMap<string, string> = new Map(
  [
    'argon',
    'boron',
    'carbon',
    'dubnium',
    'erbium',
    'fermium',
    'gallium',
    'hydrogen',
    'iron',
    'jod',
    'krypton',
  ].flatMap((name, index) =>
    ['lts/', 'lts-'].map(prefix => [`${prefix}${name}`, String(4 + 2 * index)] as const),
  ),
)

/**
 * The directory that a version leads to: `unclear` when only mise can resolve it, `refused` for what is no name, undefined when
 * it is not installed.
 * `path:` is not followed, since a file in the working directory must not decide what is executed here.
 */
async function findVersion(
  request: string,
  written: string,
  installations: Installations | undefined,
  locked: readonly string[] | undefined,
  host: ProgramHost,
): Promise<string | undefined> {
  if (/\{[{%#]/.test(request) || /^(?:path|sub-[^:]*):/.test(request)) return 'unclear'
  const [, kind, ref] = /^(ref|tag|branch|rev)[:-](.*)$/s.exec(request) ?? []
  const name = kind === undefined ? request.replace(/^prefix:/, '') : `${kind}-${ref}`.replace(/[:/]/g, '-')
  if (!isVersionName(name)) return 'refused'
  const { versions = [], directory = '' } = installations ?? {}
  if (locked !== undefined) {
    const own = locked.find(version => isMatch(name, version))
    if (own !== undefined) return versions.find(version => version === own)
  }
  if (versions.includes(name)) return name
  const linked = [name, written]
    .filter(isVersionName)
    .map(link => readRuntimeLink(directory, link, versions, host))
  const target = (await Promise.all(linked)).find(link => link !== undefined)
  if (name === 'latest') return target ?? versions.at(-1)
  const matching = versions.filter(version => isMatch(name, version) && !isPreRelease(version))
  const found = matching.sort(compareNumerically).at(-1) ?? target
  // What is the long-term release at present is known on the network.
  return found === undefined && /^lts\b/.test(name) ? 'unclear' : found
}

// `latest -> ./20.11.0`.
async function readRuntimeLink(
  directory: string,
  name: string,
  versions: readonly string[],
  host: ProgramHost,
): Promise<string | undefined> {
  const link = await host.fs.readLink(host.path.join(directory, name)).catch(() => undefined)
  const target = link?.replace(/^\.\//, '')
  return target !== undefined && versions.includes(target) ? target : undefined
}

// `fuzzy_match_versions` in src/backend/mod.rs.
function isMatch(request: string, version: string): boolean {
  if (request === 'latest') return true
  const bare = request.replace(/^v(?=\d)/i, '')
  return [version, version.replace(/^v(?=\d)/i, '')].some(text => {
    if (!text.startsWith(bare)) return false
    const rest = text.slice(bare.length)
    return rest === '' || bare.endsWith('-') || (/^\d/.test(bare) ? /^[+.-]/ : /^[.-]/).test(rest)
  })
}

function isPreRelease(version: string): boolean {
  return /-src|[-.]dev|-latest|-stm|[-.]rc|-milestone|-alpha|-beta|[-.]pre|-next|-test|-nightly|-canary|-experimental|-insider|-edge|snapshot|master|\d(?:alpha|beta|rc)\d*\b|\d(?:a|b|c|rc)\d+$/i.test(
    version,
  )
}

/** Versions of a tool in the lock file beside the file that chose it. */
async function readLock(tool: string, origin: string, host: ProgramHost): Promise<string[] | undefined> {
  const { basename, dirname, join } = host.path
  if (!origin.endsWith('.toml') || /^(?:0|false)$/.test(host.env.MISE_LOCKFILE ?? '')) return undefined
  const directory = basename(dirname(origin)) === 'conf.d' ? dirname(dirname(origin)) : dirname(origin)
  const [, environment = '', local = ''] =
    /^\.?(?:mise|config)((?:\.[^.]+)*?)(\.local)?\.toml$/.exec(basename(origin)) ?? []
  const text = await readSmall(join(directory, `mise${environment}${local}.lock`), host)
  const document = text === undefined ? undefined : await parseToml(text)
  const entries = isJsonObject(document) && isJsonObject(document.tools) ? document.tools[tool] : undefined
  if (!Array.isArray(entries)) return undefined
  return entries.flatMap(entry =>
    isJsonObject(entry) && typeof entry.version === 'string' ? [entry.version] : [],
  )
}

function toHint(installations: Installations | undefined): string {
  const { versions = [] } = installations ?? {}
  return versions.length === 0 ? '' : `; installed are: ${versions.join(', ')}`
}

function describe(shim: Shim, own: MiseTool | undefined, installations: Installations | undefined): string {
  if (!own) return `mise: no version is set for shim: ${shim.name}`
  const set = `${own.tool} ${own.versions?.join(' ') ?? ''} (set by ${own.origin})`
  return `mise: tool not installed for shim: ${shim.name}: ${set}${toHint(installations)}`
}
