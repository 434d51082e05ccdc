import { program } from '../../lib/program.ts'
import { quoteForAnyShell } from '../../lib/shell/quote.ts'
import type { Host, UserFilesHost } from '../../platform/host.ts'
import { cacheDirectory, openPrivateDirectory, storedName, writing } from '../../registry/home/directories.ts'
import { sweepTemporaries, writePrivateFile } from '../../registry/home/files.ts'
import type { CachedExports, ShellExports } from './cache-entry.ts'
import { type CheckedPath, cacheKeyVariables } from './cache-key.ts'
import {
  expiryOf,
  type LocatedFile,
  locateFiles,
  renderHomeScript,
  renderPosixScript,
  type ScriptPlace,
  timesOf,
  timesOfFiles,
  timesOfPath,
  toLocatedDirectories,
} from './posix-script.ts'

/** Most homes whose scripts are kept: when there are more, all are removed, and those in use are made anew. */
const keptHomes = 64

/** Writes what shells need to give an answer by themselves. Throws a NexusError('write'). */
export async function writeExportScripts(
  directory: string,
  { answer, shells }: { readonly answer: CachedExports; readonly shells: ShellExports },
  host: UserFilesHost,
): Promise<void> {
  const { home, look } = shells
  const [pathElements, configFiles] = await Promise.all([
    locateFiles(look.pathElements, host),
    locateFiles(look.configFiles, host),
  ])
  const place = { env: host.env, homeName: storedName(home, host), pathElements, configFiles }
  // What is read first is written last: no shell gets to a mark or a script that is not there yet.
  const moments = [...timesOfFiles([...pathElements, ...configFiles]), ...timesOfPath(look)]
  await placeTimeMarks([...moments, ...timesOf(answer)], host)
  await keepHomeScript(home, look, host)
  await write(host.path.join(directory, 'answer.sh'), renderPosixScript(answer, shells, place), host)
  await write(host.path.join(directory, 'answer.zsh'), renderZshScript(answer, shells, place), host)
}

/** Writes how shells can tell that the files of a home ask what they asked. Throws a NexusError('write'). */
export async function keepHomeScript(home: string, look: CheckedPath, host: UserFilesHost): Promise<void> {
  const cache = cacheDirectory(host)
  if (cache === undefined) return
  const files = await locateFiles([look.definitions.directory, ...look.definitions.files], host)
  await placeTimeMarks([...timesOfFiles(files), ...timesOfPath(look)], host)
  const directory = host.path.join(cache, 'homes')
  await removeSurplus(directory, host)
  const name = storedName(home, host)
  await write(host.path.join(directory, `${name}.sh`), renderHomeScript(look, files), host)
  await write(host.path.join(directory, `${name}.zsh`), renderZshHome(look, files), host)
}

async function write(path: string, text: string, host: UserFilesHost): Promise<void> {
  await writePrivateFile(path, text, host, { isDurable: false })
}

async function removeSurplus(directory: string, host: UserFilesHost): Promise<void> {
  const names = await host.fs.list(directory).catch(() => [])
  if (names.length > 2 * keptHomes) await host.fs.removeTree(directory)
}

/**
 * POSIX shells can compare the times of two files, and read neither. So for every moment that they have to compare with
 * there is an empty file with that modification time, named after it: milliseconds since 1970.
 */
export function timeMarksDirectory(host: Pick<Host, 'env' | 'userHome' | 'path'>): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'times')
}

/** Two that are always there, within one second: a shell sees by them whether it sees that. */
const fractions = [1, 2]

/** When there are more than this, all are removed: who needs one makes it anew. */
const mostMarks = 4096

/** Makes marks for these moments where there are none yet. Throws a NexusError('write'). */
export async function placeTimeMarks(moments: readonly number[], host: UserFilesHost): Promise<void> {
  const directory = timeMarksDirectory(host)
  if (directory === undefined) return
  await openPrivateDirectory(directory, host)
  const names = await writing(directory, () => host.fs.list(directory))
  if (names.length > mostMarks) await writing(directory, () => removeAll(directory, names, host))
  await sweepTemporaries({ directory, prefix: '.', kind: 'file', names, isBackdated: true }, host)
  const existing = new Set(names.length > mostMarks ? [] : names)
  const missing = [...new Set([...fractions, ...moments])].filter(moment => !existing.has(String(moment)))
  await writing(directory, () => Promise.all(missing.map(moment => placeMark(directory, moment, host))))
}

// It appears with its time: one that is being made must not be taken for a moment that it is not.
async function placeMark(
  directory: string,
  moment: number,
  { fs, path, randomName }: UserFilesHost,
): Promise<void> {
  const temporary = path.join(directory, `.${randomName()}`)
  await fs.createFile(temporary, '', 0o600, { isDurable: false })
  await fs.setModified(temporary, moment)
  await fs.rename(temporary, path.join(directory, String(moment)))
}

async function removeAll(directory: string, names: readonly string[], host: UserFilesHost): Promise<void> {
  for (const name of names) await host.fs.remove(host.path.join(directory, name))
}

/**
 * The same as the script of an answer, for zsh alone: assignments instead of calls. zsh takes longer to call a function
 * than to look at a file, and reads identities itself, of all files at once. `$directories` are those that PATH leads to.
 */
export function renderZshScript(
  answer: CachedExports,
  { look, texts }: ShellExports,
  { env, homeName, pathElements, configFiles }: ScriptPlace,
): string {
  const version = `$_nexus_registry_version == ${quoteForAnyShell(program.version)}`
  const directories = toLocatedDirectories(pathElements).map(toIdentity).join(' ')
  const asked = cacheKeyVariables.map(name => `\${${name}-} == ${quoteForAnyShell(env[name] ?? '')}`)
  const conditions = [version, ...asked, `$directories == ${quoteForAnyShell(directories)}`]
  return [
    `[[ ${conditions.join(' && ')} ]] || return 1`,
    `home=${quoteForAnyShell(homeName)} definitions=${quoteForAnyShell(look.definitions.id)}`,
    `checked=${answer.checkedAt} expires=${expiryOf(answer)}`,
    ...renderFiles(configFiles),
    // Prompts look at these alone.
    'prompts=$#watched absentAtPrompts=$#absent',
    `text=${quoteForAnyShell(joinStatements(texts.zsh ?? ''))}`,
    '',
  ].join('\n')
}

/**
 * The statements that `env` prints, as one of each kind and with few quotes: zsh takes longer to read them than for all
 * else. Other text stays as it is.
 */
function joinStatements(text: string): string {
  const parsed = text.split(';\n').map(statement => /^(unset|export) (\w+)(=\$'([^']*)')?$/.exec(statement))
  const statements = parsed.filter(statement => statement !== null)
  if (statements.length < parsed.length - 1) return text
  const unset = statements.flatMap(([, verb, name]) => (verb === 'unset' ? [name] : []))
  const set = statements.flatMap(([, verb, name, quoted, value]) =>
    verb === 'export' ? [`${name}${/^[\w./-]+$/.test(value ?? '') ? `=${value}` : quoted}`] : [],
  )
  const all = [unset.length > 0 && `unset ${unset.join(' ')}`, set.length > 0 && `export ${set.join(' ')}`]
  return all.filter(statement => statement !== false).join(';')
}

/** The same as the script of a home. It adds to what the script of an answer has set. */
export function renderZshHome({ definitions }: CheckedPath, files: readonly LocatedFile[]): string {
  return [
    `[[ $definitions == ${quoteForAnyShell(definitions.id)} ]] || return 1`,
    ...renderFiles(files),
    '',
  ].join('\n')
}

function renderFiles(files: readonly LocatedFile[]): string[] {
  const found = files.filter(isFound)
  const missing = files.filter(file => !isFound(file))
  return [
    `watched+=(${found.map(({ path }) => quoteForAnyShell(path)).join(' ')})`,
    // A list for each attribute: zstat prints one of all files at once.
    `devices+=(${found.map(({ state }) => state?.device).join(' ')})`,
    `inodes+=(${found.map(({ state }) => state?.inode).join(' ')})`,
    `times+=(${found.map(({ state }) => toTime(state?.modifiedMs)).join(' ')})`,
    `changes+=(${found.map(({ state }) => toTime(state?.changedMs)).join(' ')})`,
    `absent+=(${missing.map(({ path }) => quoteForAnyShell(path)).join(' ')})`,
  ]
}

/** As the hook puts together what zstat prints: device, inode, and times to the millisecond. */
function toIdentity({ state }: LocatedFile): string {
  return [state?.device, state?.inode, toTime(state?.modifiedMs), toTime(state?.changedMs)].join(':')
}

// The milliseconds of 1970 have a second before them.
function toTime(ms = 0): string {
  return String(ms).padStart(4, '0')
}

function isFound({ state, realPath }: LocatedFile): boolean {
  return state !== undefined && realPath !== undefined
}
