import { isProgram, type ProgramHost } from '../program-host.ts'
import { findLatest } from './pyenv-latest.ts'
import {
  listVersions,
  readShimScript,
  readSmall,
  type Shim,
  type ShimAnswer,
  type ShimResolver,
  toAncestors,
} from './shim.ts'

/** How pyenv, rbenv and nodenv, which share their design, differ. */
interface Member {
  readonly manager: string
  /** `PYENV` of `PYENV_VERSION`, `PYENV_ROOT` and `PYENV_DIR`. */
  readonly prefix: string
  /** Files that choose the version of a directory tree, and of the user, in order. */
  readonly localFiles: readonly string[]
  readonly globalFiles: readonly string[]
  /** What a version may begin with, although its directory does not. */
  readonly alias: RegExp
  /** Whether several versions may be chosen, `3.11` means the latest 3.11.x, and `system` is tried last. */
  readonly isLenient: boolean
}

// libexec/*-version-file, *-version-name and *-which of each.
const members: readonly Member[] = [
  {
    manager: 'pyenv',
    prefix: 'PYENV',
    localFiles: ['.python-version'],
    globalFiles: ['version'],
    alias: /^python-/,
    isLenient: true,
  },
  {
    manager: 'rbenv',
    prefix: 'RBENV',
    localFiles: ['.ruby-version', '.rbenv-version'],
    globalFiles: ['version', 'global', 'default'],
    alias: /^ruby-/,
    isLenient: false,
  },
  {
    manager: 'nodenv',
    prefix: 'NODENV',
    localFiles: ['.node-version', '.nodenv-version'],
    globalFiles: ['version', 'global', 'default'],
    alias: /^(?:node-|v)/,
    isLenient: false,
  },
]

interface Choice {
  readonly versions: readonly string[]
  /** What made the choice: a variable or a file. */
  readonly origin: string
}

/** pyenv, rbenv and nodenv: a script that names its root, `PYENV_VERSION`, `.python-version`, `$PYENV_ROOT/version`. */
export const rbenvFamily: ShimResolver = {
  async resolve(shim, host) {
    if (host.path.basename(host.path.dirname(shim.realPath)) !== 'shims') return undefined
    const script = await readShimScript(shim, host)
    const member = script && members.find(({ manager }) => new RegExp(`/${manager}"? exec `).test(script))
    if (!script || !member) return undefined
    const named = new RegExp(`^export ${member.prefix}_ROOT="([^"]+)"`, 'm').exec(script)?.[1]
    const root = named ?? host.path.dirname(host.path.dirname(shim.realPath))
    return { manager: member.manager, answer: await resolveIn(root, shim, member, host) }
  },
}

async function resolveIn(root: string, shim: Shim, member: Member, host: ProgramHost): Promise<ShimAnswer> {
  const versionsDirectory = host.path.join(root, 'versions')
  const installed = await listVersions(versionsDirectory, host)
  const toPath = (version: string) => host.path.join(versionsDirectory, version, 'bin', shim.name)
  const choice = await readChoice(root, member, host)
  const resolved = await Promise.all(
    choice.versions.map(async version => ({
      version,
      name: await toInstalled(version, installed, versionsDirectory, member, host),
    })),
  )
  const names = resolved.flatMap(({ name }) => (name === undefined ? [] : [name]))
  const steps = names.map(name => (name === 'system' ? 'system' : toPath(name)))
  const missing = resolved.find(({ name }) => name === undefined)?.version
  const having = await filterAsync(installed, version => isProgram(toPath(version), host))
  const reason =
    missing === undefined
      ? `${member.manager}: ${shim.name}: command not found in ${names.join(':')}${toHint(having)}`
      : `${member.manager}: version \`${missing}' is not installed (set by ${choice.origin})`
  const isSystemLast = member.isLenient && !names.includes('system')
  return { steps: isSystemLast ? [...steps, 'system'] : steps, reason }
}

function toHint(versions: readonly string[]): string {
  return versions.length === 0 ? '' : `; these versions have it: ${versions.join(', ')}`
}

async function readChoice(root: string, member: Member, host: ProgramHost): Promise<Choice> {
  const variable = `${member.prefix}_VERSION`
  const chosen = host.env[variable]
  if (chosen) return { versions: split(chosen, member), origin: `${variable} environment variable` }
  for (const file of toFiles(root, member, host)) {
    const text = await readSmall(file, host)
    if (text !== undefined) return { versions: orSystem(parseFile(text, member)), origin: file }
  }
  return { versions: ['system'], origin: host.path.join(root, 'version') }
}

function toFiles(root: string, member: Member, host: ProgramHost): string[] {
  const start = host.env[`${member.prefix}_DIR`]
  const starts = start && host.path.isAbsolute(start) ? [start, host.cwd] : [host.cwd]
  const directories = starts.flatMap(directory => toAncestors(directory, host))
  return [
    ...directories.flatMap(directory => member.localFiles.map(file => host.path.join(directory, file))),
    ...member.globalFiles.map(file => host.path.join(root, file)),
  ]
}

// The first word of each line for pyenv, of the file for the others; a version is a name, never a way out.
function parseFile(text: string, member: Member): string[] {
  const words = text
    .split(/\r?\n/)
    .map(line => line.trim().split(/\s+/)[0] ?? '')
    .filter(word => word !== '' && !word.startsWith('#') && !word.split('/').includes('..'))
  return (member.isLenient ? words : words.slice(0, 1)).flatMap(word => split(word, member))
}

function split(chosen: string, member: Member): string[] {
  return member.isLenient ? chosen.split(':').filter(Boolean) : [chosen]
}

function orSystem(versions: readonly string[]): readonly string[] {
  return versions.length === 0 ? ['system'] : versions
}

async function toInstalled(
  version: string,
  installed: readonly string[],
  directory: string,
  member: Member,
  host: ProgramHost,
): Promise<string | undefined> {
  if (version === 'system') return version
  for (const name of [version, version.replace(member.alias, '')]) {
    const info = await host.fs.stat(host.path.join(directory, name)).catch(() => undefined)
    if (info?.kind === 'directory') return name
    const latest = member.isLenient ? findLatest(name, installed) : undefined
    if (latest !== undefined) return latest
  }
  return undefined
}

async function filterAsync<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(test))
  return items.filter((_, index) => kept[index])
}
