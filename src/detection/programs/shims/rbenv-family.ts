import { compareNumerically } from '../../../lib/version/versions.ts'
import { isProgram, type ProgramHost } from '../../probe.ts'
import {
  isDirectory,
  isVersionName,
  listVersions,
  readScript,
  readSmall,
  type Shim,
  type ShimResolver,
  type ShimResult,
  type ShimStep,
  toAncestors,
} from './shim.ts'

/**
 * The latest installed version that a prefix like `3.11` stands for, by the rules of `pyenv latest`: pre-releases,
 * `-dev` and `-src` never count, and free-threaded builds (`3.13.0t`) only for a prefix that ends in `t`.
 */
export function findLatest(prefix: string, installed: readonly string[]): string | undefined {
  const [, stem = prefix, suffix = ''] = /^(.*\d)(t)$/.exec(prefix) ?? []
  const candidates = installed.filter(
    name =>
      (name.startsWith(`${stem}.`) || name.startsWith(`${stem}-`)) &&
      name.endsWith(suffix) &&
      !/(?:-dev|-src|-latest|(?:a|b|rc)\d+)$/.test(name) &&
      (suffix !== '' || !/\dt$/.test(name)),
  )
  return candidates.sort((left, right) => compareNumerically(right, left))[0]
}

/** How pyenv, rbenv and the others, which share their design, differ. */
interface Member {
  readonly manager: string
  /** `PYENV` of `PYENV_VERSION`, `PYENV_ROOT` and `PYENV_DIR`. */
  readonly prefix: string
  /** Files that choose the version of a directory tree, in order. */
  readonly localFiles: readonly string[]
  /** Whether an empty local file chooses nothing, so that the search goes on above it. */
  readonly isEmptyFilePassedOver: boolean
  /** What a version may begin with, although its directory does not; tried in this order. */
  readonly prefixes: readonly RegExp[]
  /** Whether several versions may be chosen, by a line each or with colons between them. */
  readonly hasSeveral: boolean
  /** Which of the installed versions one that is no directory stands for. */
  readonly findLatest?: (version: string, installed: readonly string[]) => string | undefined
  /** Whether that counts although there is a directory of this very name. */
  readonly isLatestFirst?: boolean
  /** What is tried when no chosen version has the program: `system`, the rest of PATH. */
  readonly isSystemLast: boolean
  /** Whether a version that is not installed is an error although others are. */
  readonly isStrict: boolean
  /** Whether a file's name that leads out of the versions is ignored. Where it is not, there is no message. */
  readonly ignoresPaths: boolean
}

// libexec/*-version-file, *-version-file-read, *-version-name and *-which of each.
const members: readonly Member[] = [
  {
    manager: 'pyenv',
    prefix: 'PYENV',
    localFiles: ['.python-version'],
    isEmptyFilePassedOver: false,
    prefixes: [/^python-/],
    hasSeveral: true,
    findLatest,
    isSystemLast: true,
    isStrict: false,
    ignoresPaths: true,
  },
  {
    manager: 'rbenv',
    prefix: 'RBENV',
    localFiles: ['.ruby-version'],
    isEmptyFilePassedOver: true,
    prefixes: [/^ruby-/],
    hasSeveral: false,
    isSystemLast: false,
    isStrict: true,
    ignoresPaths: false,
  },
  {
    manager: 'nodenv',
    prefix: 'NODENV',
    localFiles: ['.node-version'],
    isEmptyFilePassedOver: true,
    prefixes: [/v/, /^node-/, /^node-v/],
    hasSeveral: false,
    isSystemLast: false,
    isStrict: true,
    ignoresPaths: true,
  },
  {
    manager: 'goenv',
    prefix: 'GOENV',
    localFiles: ['.go-version'],
    isEmptyFilePassedOver: false,
    prefixes: [/^go-/],
    hasSeveral: true,
    findLatest: findLatestGo,
    isLatestFirst: true,
    isSystemLast: false,
    isStrict: true,
    ignoresPaths: true,
  },
  {
    manager: 'jenv',
    prefix: 'JENV',
    localFiles: ['.java-version', '.jenv-version'],
    isEmptyFilePassedOver: false,
    prefixes: [/^java-/],
    hasSeveral: false,
    isSystemLast: true,
    isStrict: true,
    ignoresPaths: false,
  },
]

interface Choice {
  readonly versions: readonly string[]
  /** What made the choice: a variable or a file. */
  readonly origin: string
  /** A text that is no name of a version. */
  readonly refused?: string | undefined
}

/**
 * pyenv, rbenv, nodenv, goenv and jenv: a script that names its root, `PYENV_VERSION`, `.python-version`,
 * `$PYENV_ROOT/version`.
 */
export const rbenvFamily: ShimResolver = {
  async resolve(shim, host) {
    if (host.path.basename(host.path.dirname(shim.realPath)) !== 'shims') return undefined
    const script = await readScript(shim, host)
    const member = script && members.find(({ manager }) => new RegExp(`/${manager}["']? exec `).test(script))
    if (!script || !member) return undefined
    const named = new RegExp(`^export ${member.prefix}_ROOT=["']?([^"'\\n]+)["']?`, 'm').exec(script)?.[1]
    const root = named ?? host.path.dirname(host.path.dirname(shim.realPath))
    return { manager: member.manager, result: await resolveIn(root, shim, member, host) }
  },
}

async function resolveIn(root: string, shim: Shim, member: Member, host: ProgramHost): Promise<ShimResult> {
  const { manager } = member
  const versionsDirectory = host.path.join(root, 'versions')
  const installed = await listVersions(versionsDirectory, host)
  const toPath = (version: string) => host.path.join(versionsDirectory, version, 'bin', shim.name)
  const choice = await readChoice(root, member, host)
  if (choice.refused !== undefined) {
    const unclear = `${manager}: \`${choice.refused}' is no version (set by ${choice.origin})`
    return { steps: [{ unclear, isRunnable: false }], reason: unclear }
  }
  const resolved = await Promise.all(
    choice.versions.map(async version => ({
      version,
      name: await toInstalled(version, installed, versionsDirectory, member, host),
    })),
  )
  const names = resolved.flatMap(({ name }) => (name === undefined ? [] : [name]))
  const missing = resolved.find(({ name }) => name === undefined)?.version
  const having = await filterAsync(installed, version => isProgram(toPath(version), host))
  if (missing !== undefined) {
    const reason = `${manager}: version \`${missing}' is not installed (set by ${choice.origin})`
    if (member.isStrict) return { steps: [], reason }
    return { steps: [...toSteps(names, toPath, member, shim, host)], reason }
  }
  const reason = `${manager}: ${shim.name}: command not found in ${names.join(':')}${toHint(having)}`
  return { steps: toSteps(names, toPath, member, shim, host), reason }
}

function toSteps(
  names: readonly string[],
  toPath: (version: string) => string,
  member: Member,
  shim: Shim,
  host: ProgramHost,
): ShimStep[] {
  const steps = names.flatMap(name =>
    name === 'system' ? [name] : [toPath(name), ...toGoPath(name, member, shim, host)],
  )
  return member.isSystemLast && !steps.includes('system') ? [...steps, 'system'] : steps
}

// goenv has a directory of installed programs for each version.
function toGoPath(version: string, member: Member, shim: Shim, host: ProgramHost): string[] {
  if (member.manager !== 'goenv' || host.env.GOENV_DISABLE_GOPATH === '1') return []
  const home = host.userHome && host.path.join(host.userHome, 'go')
  const prefix = host.env.GOENV_GOPATH_PREFIX || home
  return prefix ? [host.path.join(prefix, version, 'bin', shim.name)] : []
}

function toHint(versions: readonly string[]): string {
  return versions.length === 0 ? '' : `; these versions have it: ${versions.join(', ')}`
}

async function readChoice(root: string, member: Member, host: ProgramHost): Promise<Choice> {
  const variable = `${member.prefix}_VERSION`
  const chosen = host.env[variable]
  if (chosen) return toChoice([chosen], `${variable} environment variable`, member)
  for (const directory of toDirectories(member, host)) {
    const choice = await readDirectory(directory, member, host)
    if (choice) return choice
  }
  const origin = host.path.join(root, 'version')
  return toChoice(toWords((await readSmall(origin, host)) ?? '', member), origin, member)
}

async function readDirectory(
  directory: string,
  member: Member,
  host: ProgramHost,
): Promise<Choice | undefined> {
  for (const name of member.localFiles) {
    const origin = host.path.join(directory, name)
    const text = await readSmall(origin, host)
    const isPassedOver = text === undefined || (text === '' && member.isEmptyFilePassedOver)
    if (!isPassedOver) return toChoice(toWords(text, member), origin, member)
  }
  if (member.manager !== 'goenv' || host.env.GOENV_GOMOD_VERSION_ENABLE !== '1') return undefined
  // goenv treats the version in go.mod as a range.
  const origin = host.path.join(directory, 'go.mod')
  const info = await host.fs.stat(origin).catch(() => undefined)
  return info && { versions: [], origin, refused: 'go.mod' }
}

function toDirectories(member: Member, host: ProgramHost): string[] {
  const start = host.env[`${member.prefix}_DIR`]
  const starts = start && host.path.isAbsolute(start) ? [start, host.cwd] : [host.cwd]
  return starts.flatMap(directory => toAncestors(directory, host))
}

// The first word of each line where there may be several, of the file for the others.
function toWords(text: string, member: Member): string[] {
  if (!member.hasSeveral) return text.trim().split(/\s+/).slice(0, 1).filter(Boolean)
  const words = text.split('\n').map(line => line.trim().split(/\s+/)[0] ?? '')
  return words.filter(word => word !== '' && !word.startsWith('#'))
}

function toChoice(words: readonly string[], origin: string, member: Member): Choice {
  const parts = words.flatMap(word => splitWord(word, member))
  const isWayOut = (part: string) => !isVersion(part, member) && /^\.\.?$|[/\\]/.test(part)
  const refused = member.ignoresPaths ? undefined : parts.find(isWayOut)
  const versions = parts.filter(part => !isWayOut(part))
  return { versions: versions.length === 0 ? ['system'] : versions, origin, refused }
}

// pyenv and goenv ignore a whole word when a part of it leads out of the versions.
function splitWord(word: string, member: Member): string[] {
  if (!member.hasSeveral) return [word]
  const parts = word.split(':').filter(Boolean)
  return word.includes('/') && !parts.every(part => isVersion(part, member)) ? [] : parts
}

// A virtual environment of pyenv-virtualenv is `3.12.1/envs/NAME`: each part is a name.
function isVersion(text: string, { manager }: Member): boolean {
  const parts = manager === 'pyenv' ? text.split('/') : [text]
  return parts.every(isVersionName)
}

async function toInstalled(
  version: string,
  installed: readonly string[],
  directory: string,
  member: Member,
  host: ProgramHost,
): Promise<string | undefined> {
  if (version === 'system') return version
  const spellings = [version, ...member.prefixes.map(prefix => version.replace(prefix, ''))]
  const names = [...new Set(spellings)].filter(name => isVersion(name, member))
  const latest = names.flatMap(name => member.findLatest?.(name, installed) ?? [])[0]
  if (member.isLatestFirst && latest !== undefined) return latest
  for (const name of names) {
    if (await isDirectory(host.path.join(directory, name), host)) return name
  }
  return latest
}

// goenv takes `1.21` for 1.21 and every 1.21.x.
function findLatestGo(version: string, installed: readonly string[]): string | undefined {
  if (!/^\d+\.\d+$/.test(version)) return undefined
  const isPatch = (name: string) =>
    name.startsWith(`${version}.`) && /^\d+$/.test(name.slice(version.length + 1))
  return installed.findLast(name => name === version || isPatch(name))
}

async function filterAsync<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(test))
  return items.filter((_, index) => kept[index])
}
