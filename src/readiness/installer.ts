import type { ProgramFinder } from '../detection/probe.ts'
import { toShellWord } from '../lib/shell/to-shell-word.ts'
import type { Host } from '../platform/host.ts'
import { isPackageName } from '../registry/schema/package-names.ts'
import type { EntryPackages } from './known-packages.ts'

type Manager = keyof EntryPackages

/** Says how something can be installed on this machine. */
export interface Installer {
  /** A command for a tool; undefined when no manager that is here has it. */
  installTool(packages: EntryPackages, purpose: Purpose): string | undefined
  /** A command for a library of an interpreter; undefined when nothing that is here has it. */
  installFramework(packages: EntryPackages, python: Python, purpose: Purpose): string | undefined
  /** The packages of managers that this platform can have. */
  listPackages(packages: EntryPackages): [manager: string, name: string][]
}

/** What is to be had: something new, a newer one, or the same once more. */
export type Purpose = 'new' | 'newer' | 'again'

/** The interpreter that was asked. */
export interface Python {
  readonly path: string
  /** Whether only the system's own manager installs into it. */
  readonly isManaged: boolean
}

interface Way {
  readonly manager: Manager
  /** Program that has to be on PATH. */
  readonly program: string
  readonly platforms: readonly NodeJS.Platform[]
  readonly command: string
  readonly needsRoot: boolean
}

const anywhere = ['linux', 'darwin', 'win32'] as const

// The system's own managers first: what they install, they also keep up to date.
const ways: readonly Way[] = [
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

/** Looks which package managers this machine has. Nothing is started. */
export async function createInstaller(
  programs: ProgramFinder,
  { platform, uid }: Pick<Host, 'platform' | 'uid'>,
): Promise<Installer> {
  const own = ways.filter(({ platforms }) => platforms.includes(platform))
  const found = await Promise.all(own.map(async way => ((await isHere(way, programs)) ? [way] : [])))
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
    const way = here.find(({ manager }) => nameOf(manager, packages) !== undefined)
    const name = way && nameOf(way.manager, packages)
    if (way === undefined || name === undefined) return undefined
    const options = way.manager === 'pip' ? pipOptions[purpose] : ''
    return `${way.needsRoot && uid !== 0 ? 'sudo ' : ''}${way.command}${options} ${toShellWord(name)}`
  }
}

// The schema has refused everything else already. A command that people paste is worth a second look.
function nameOf(manager: Manager, packages: EntryPackages): string | undefined {
  const name = packages[manager]
  return name !== undefined && isPackageName(manager, name) ? name : undefined
}

// The others do so without being told.
const pipOptions = { new: '', newer: ' --upgrade', again: ' --force-reinstall' } as const satisfies Record<
  Purpose,
  string
>

function isOfSystem({ path }: Python): boolean {
  return path.startsWith('/usr/bin/') || path.startsWith('/bin/')
}

async function isHere({ program }: Way, programs: ProgramFinder): Promise<boolean> {
  return (await programs.find(program)).result?.kind === 'found'
}
