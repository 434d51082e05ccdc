import type { ProgramFinder } from '../detection/probe.ts'
import { toShellWord } from '../lib/shell/quote.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { type LoadHost, loadRegistry } from '../registry/load/load-registry.ts'
import { toRef } from '../registry/refs.ts'
import { isPackageName } from '../registry/schema/detectable.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import { detectedRegistryNames } from '../registry/schema/names.ts'
import type { Tool } from '../registry/schema/tool.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { evaluateTrust, loadedHashes } from '../security/trust.ts'

type Manager = keyof EntryPackages

/** Finds the command that installs something on this machine. */
export interface Installer {
  /** A command for a tool; undefined when no present package manager has it. */
  installTool(packages: EntryPackages, purpose: Purpose): string | undefined
  /** A command for a library of an interpreter; undefined when no present package manager has it. */
  installFramework(packages: EntryPackages, python: Python, purpose: Purpose): string | undefined
  /** The packages of all managers of this platform. */
  listPackages(packages: EntryPackages): [manager: string, name: string][]
}

/** Install something new, upgrade it, or install it again. */
export type Purpose = 'new' | 'newer' | 'again'

/** An interpreter. */
interface Python {
  readonly path: string
  /** Whether only the system's package manager installs into it. */
  readonly isManaged: boolean
}

interface PackageManager {
  readonly manager: Manager
  /** Program that must be on PATH. */
  readonly program: string
  readonly platforms: readonly NodeJS.Platform[]
  readonly command: string
  readonly needsRoot: boolean
}

const anywhere = ['linux', 'darwin', 'win32'] as const

// The system's own managers come first, because they also update what they install.
const packageManagers: readonly PackageManager[] = [
  { manager: 'apt', program: 'apt-get', platforms: ['linux'], command: 'apt install', needsRoot: true },
  { manager: 'dnf', program: 'dnf', platforms: ['linux'], command: 'dnf install', needsRoot: true },
  { manager: 'pacman', program: 'pacman', platforms: ['linux'], command: 'pacman -S', needsRoot: true },
  {
    manager: 'brew',
    program: 'brew',
    platforms: ['darwin', 'linux'],
    command: 'brew install',
    needsRoot: false,
  },
  {
    manager: 'winget',
    program: 'winget',
    platforms: ['win32'],
    command: 'winget install --id',
    needsRoot: false,
  },
  { manager: 'pip', program: 'pip', platforms: anywhere, command: 'pip install', needsRoot: false },
  { manager: 'npm', program: 'npm', platforms: anywhere, command: 'npm install -g', needsRoot: false },
]

/** Finds the package managers of this machine. Starts no process. */
export async function createInstaller(
  programs: ProgramFinder,
  { platform, uid }: Pick<Host, 'platform' | 'uid'>,
): Promise<Installer> {
  const own = packageManagers.filter(({ platforms }) => platforms.includes(platform))
  const found = await Promise.all(own.map(async each => ((await isHere(each, programs)) ? [each] : [])))
  const here = found.flat()
  return {
    installTool,
    installFramework: (packages, python, purpose) => {
      const { pip: _, ...others } = packages
      const pip = nameOf('pip', packages)
      const isClosed = python.isManaged || pip === undefined
      const own = isClosed && isOfSystem(python) ? installTool(others, purpose) : undefined
      if (own !== undefined || pip === undefined) return own
      const interpreter = toShellWord(python.path)
      const command = `pip install${pipOptions[purpose]} ${toShellWord(pip)}`
      if (!python.isManaged) return `${interpreter} -m ${command}`
      return `${interpreter} -m venv .venv && . .venv/bin/activate && ${command}`
    },
    listPackages: packages =>
      own.flatMap(({ manager }): [string, string][] => {
        const name = nameOf(manager, packages)
        return name === undefined ? [] : [[manager, name]]
      }),
  }

  function installTool(packages: EntryPackages, purpose: Purpose): string | undefined {
    const chosen = here.find(({ manager }) => nameOf(manager, packages) !== undefined)
    const name = chosen && nameOf(chosen.manager, packages)
    if (chosen === undefined || name === undefined) return undefined
    const options = chosen.manager === 'pip' ? pipOptions[purpose] : ''
    return `${chosen.needsRoot && uid !== 0 ? 'sudo ' : ''}${chosen.command}${options} ${toShellWord(name)}`
  }
}

// The schema has validated the name. People paste the command, so it is checked once more.
function nameOf(manager: Manager, packages: EntryPackages): string | undefined {
  const name = packages[manager]
  return name !== undefined && isPackageName(manager, name) ? name : undefined
}

// The other managers do this without an option.
const pipOptions = { new: '', newer: ' --upgrade', again: ' --force-reinstall' } as const satisfies Record<
  Purpose,
  string
>

function isOfSystem({ path }: Python): boolean {
  return path.startsWith('/usr/bin/') || path.startsWith('/bin/')
}

async function isHere({ program }: PackageManager, programs: ProgramFinder): Promise<boolean> {
  return (await programs.find(program)).result?.kind === 'found'
}

type EntryPackages = NonNullable<Tool['install']>
type Entry = Pick<Tool | MlFramework, 'install' | 'x-upstream'>

/** The package names that may stand in a fix for an entry. */
export type PackagesOf = (ref: string, entry: Entry) => EntryPackages

/**
 * Finds the package names that may stand in a fix. An entry of a trusted home names its own; for one of another home, or
 * one that came over the network, only the table that this program ships counts.
 */
export async function loadPackages(
  home: RegistryHome,
  { registries }: Snapshot,
  host: Host,
): Promise<PackagesOf> {
  const { isTrusted } = await evaluateTrust(home, loadedHashes(registries, detectedRegistryNames), host)
  const isOwn = (entry: Entry) => isTrusted && entry['x-upstream'] === undefined
  const entries = detectedRegistryNames.flatMap((name): Entry[] =>
    Object.values(entriesOf({ registries }, name)),
  )
  const shipped = entries.every(isOwn) ? new Map<string, EntryPackages>() : await loadShipped(host)
  return (ref, entry) => (isOwn(entry) ? entry.install : shipped.get(ref)) ?? {}
}

async function loadShipped(host: LoadHost & Pick<Host, 'programRoot'>): Promise<Map<string, EntryPackages>> {
  const directory = host.path.join(host.programRoot, 'registries')
  const [tools, frameworks] = await Promise.all([
    loadRegistry('tools', directory, host, { isStrict: true }),
    loadRegistry('ml_frameworks', directory, host, { isStrict: true }),
  ])
  const toPairs = (name: 'tools' | 'ml_frameworks', entries: Readonly<Record<string, Entry>>) =>
    Object.entries(entries).map(([id, { install = {} }]): [string, EntryPackages] => [
      toRef(name, id),
      install,
    ])
  return new Map([
    ...toPairs('tools', tools.content ?? {}),
    ...toPairs('ml_frameworks', frameworks.content ?? {}),
  ])
}

type FileHost = Pick<Host, 'fs' | 'path'>

/** The detected interpreters that only the system's package manager installs into (PEP 668): pip refuses. */
export async function findManagedPythons(
  detections: Iterable<Detected>,
  host: FileHost,
): Promise<ReadonlySet<string>> {
  const versions = new Map<string, string>()
  for (const { details } of detections) {
    const { interpreter, python_version: version } = details ?? {}
    if (typeof interpreter === 'string' && typeof version === 'string') versions.set(interpreter, version)
  }
  const checks = [...versions].map(async ([interpreter, version]) =>
    (await isManaged(interpreter, version, host)) ? [interpreter] : [],
  )
  return new Set((await Promise.all(checks)).flat())
}

async function isManaged(interpreter: string, version: string, { fs, path }: FileHost): Promise<boolean> {
  const exists = async (file: string) => (await fs.stat(file).catch(() => undefined)) !== undefined
  // pip installs into a virtual environment, even of a managed interpreter.
  if (await exists(path.resolve(path.dirname(interpreter), '..', 'pyvenv.cfg'))) return false
  const program = await fs.realPath(interpreter).catch(() => interpreter)
  const name = `python${version.split('.').slice(0, 2).join('.')}`
  const marks = ['lib', 'lib64'].map(library =>
    exists(path.resolve(path.dirname(program), '..', library, name, 'EXTERNALLY-MANAGED')),
  )
  return (await Promise.all(marks)).includes(true)
}
