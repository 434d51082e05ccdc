import type { FileInfo, Host } from '../platform/host.ts'
import {
  findStartTime,
  formatLockState,
  isElsewhere,
  type LockState,
  parseLockState,
} from '../registry/lock/lock-state.ts'
import type { ScratchDirectories } from './probe-environment.ts'

export interface Scratch extends ScratchDirectories {
  /** Holds all the others. */
  readonly root: string
  /** Empty, to run in: nothing in it can stand in for anything. */
  readonly cwd: string
}

type ScratchHost = Pick<Host, 'env' | 'fs' | 'path' | 'clock' | 'processes' | 'randomName' | 'userHome'>

/**
 * What version managers and installers keep in a home and programs need to find themselves, and what says which of
 * several versions runs. All else is left out, so that no program finds its own directories to write to.
 */
const linked: readonly string[] = (
  '.cargo .rustup .juliaup .julia/juliaup .ghcup .elan .opam .swiftly ' +
  '.asdf .proto .vfox .volta .nvm .nodenv .sdkman .jenv .jabba .gvm .goenv ' +
  '.pyenv .rbenv .rvm .gem .tfenv .tgenv .tenv .phpenv .plenv .luaenv .dvm ' +
  '.bun .deno .nix-profile .linuxbrew .local/lib .local/opt .local/pipx ' +
  '.cache/bazelisk .cache/node/corepack Library/Caches/bazelisk Library/Python ' +
  '.keras/keras.json .asdfrc .nvmrc .sdkmanrc .terraform-version .opentofu-version ' +
  '.tool-versions .node-version .python-version .ruby-version .java-version .go-version'
).split(' ')

/** The same, in the directories that `XDG_*` may name. */
const linkedBelow = [
  {
    variable: 'XDG_DATA_HOME',
    fallback: '.local/share',
    names: ['aquaproj-aqua', 'fnm', 'gem', 'mise', 'pipx', 'pypoetry', 'rtx', 'uv'],
  },
  { variable: 'XDG_CONFIG_HOME', fallback: '.config', names: ['mise', 'asdf'] },
  { variable: 'XDG_STATE_HOME', fallback: '.local/state', names: ['mise', 'nix'] },
] as const

/** Makes the directories that commands run in and write to, instead of those of the user. */
export async function createScratch(host: ScratchHost): Promise<Scratch> {
  const { fs, path } = host
  const root = path.join(fs.temporaryDirectory, `${prefix}${host.randomName()}`)
  const scratch = {
    root,
    cwd: path.join(root, scratchNames.cwd),
    home: path.join(root, scratchNames.home),
    temporary: path.join(root, scratchNames.temporary),
    runtime: path.join(root, scratchNames.runtime),
  }
  // First of all, so that another run does not take it for a leftover.
  await fs.makeDirectory(path.join(root, await ownerName(host)), 0o700)
  for (const directory of Object.values(scratch)) await fs.makeDirectory(directory, 0o700)
  for (const { name, target } of toLinks(host)) {
    // Commands of this user need no file that this user cannot read.
    if ((await fs.lstat(target).catch(() => undefined)) === undefined) continue
    const link = path.join(scratch.home, name)
    await fs.makeDirectory(path.dirname(link), 0o700)
    await fs.createLink(link, target)
  }
  return scratch
}

function toLinks({ env, path, userHome }: ScratchHost): { name: string; target: string }[] {
  if (userHome === undefined || !path.isAbsolute(userHome)) return []
  const ofHome = linked.map(name => ({ name, target: path.join(userHome, name) }))
  const ofOthers = linkedBelow.flatMap(({ variable, fallback, names }) => {
    const configured = env[variable]
    const base = configured && path.isAbsolute(configured) ? configured : path.join(userHome, fallback)
    return names.map(name => ({ name: path.join(fallback, name), target: path.join(base, name) }))
  })
  return [...ofHome, ...ofOthers]
}

type SweepHost = Pick<Host, 'fs' | 'path' | 'clock' | 'uid' | 'processes' | 'interrupted'>

/** Names in a scratch directory, besides the one that names the owner. */
const scratchNames = { cwd: 'empty', home: 'home', temporary: 'tmp', runtime: 'run' } as const

const prefix = 'nexus-registry-'
/** One without an owner is new, or its process was killed at once. Milliseconds. */
const unownedAgeMs = 3_600_000
/** One of another host or container, whose processes cannot be seen from here. */
const elsewhereAgeMs = 24 * 3_600_000
/** Most directories that one run checks, and most that it removes. */
const maxChecks = 1000
const mostRemovals = 64

/** Name of an empty directory that names the process of a scratch directory. */
async function ownerName(host: Pick<Host, 'clock' | 'processes' | 'randomName'>): Promise<string> {
  const { pid } = host.processes
  const startTime = (await findStartTime(pid, host)) ?? ''
  const acquiredAt = Math.max(0, Math.round(host.clock.now()))
  return formatLockState({ phase: 'held', pid, startTime, acquiredAt, nonce: host.randomName() })
}

/**
 * Removes scratch directories of this user whose process was killed. What cannot be read or removed stays: that is no
 * reason for a detection to fail.
 */
export async function sweepScratch(host: SweepHost): Promise<void> {
  const { fs, path } = host
  const names = await fs.list(fs.temporaryDirectory).catch(() => [])
  const candidates = names.filter(name => name.startsWith(prefix) && isRandomName(name.slice(prefix.length)))
  let removals = 0
  for (const name of candidates.slice(0, maxChecks)) {
    if (host.interrupted.aborted || removals === mostRemovals) return
    const root = path.join(fs.temporaryDirectory, name)
    if (!(await isLeftover(root, host).catch(() => false))) continue
    removals++
    await fs.removeTree(root).catch(() => undefined)
  }
}

function isRandomName(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text)
}

async function isLeftover(root: string, host: SweepHost): Promise<boolean> {
  const info = await host.fs.lstat(root)
  if (info?.kind !== 'directory' || (host.uid !== undefined && info.uid !== host.uid)) return false
  const names = await host.fs.list(root)
  const owners = names.flatMap(name => parseLockState(name) ?? [])
  const known: readonly string[] = Object.values(scratchNames)
  // With anything else in it, it is not what this program makes.
  if (names.length > owners.length + names.filter(name => known.includes(name)).length) return false
  const [owner] = owners
  return owner ? hasEnded(owner, info, host) : isOld(info, host)
}

async function hasEnded(owner: LockState, info: FileInfo, host: SweepHost): Promise<boolean> {
  const own = await findStartTime(host.processes.pid, host)
  // Where processes cannot be seen, only the age counts.
  if (owner.startTime === '' || own === undefined) return isOld(info, host)
  // A process of another container may run for long.
  if (await isElsewhere(owner.startTime, host)) return isOld(info, host, elsewhereAgeMs)
  return (await findStartTime(owner.pid, host)) !== owner.startTime
}

function isOld(info: FileInfo, { clock }: Pick<Host, 'clock'>, ageMs = unownedAgeMs): boolean {
  return clock.now() - info.mtimeMs > ageMs
}
