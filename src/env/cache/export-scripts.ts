import { program } from '../../lib/program.ts'
import { quoteForAnyShell } from '../../lib/shell/quote.ts'
import type { Host, UserFilesHost } from '../../platform/host.ts'
import { cacheDirectory, openPrivateDirectory, storedName, writing } from '../../registry/home/directories.ts'
import { sweepTemporaries, writePrivateFile } from '../../registry/home/files.ts'
import type { CachedExports, ShellExports } from './cache-entry.ts'
import { type CheckedFiles, cacheKeyVariables } from './cache-key.ts'
import {
  expiryOf,
  type LocatedFile,
  locateFiles,
  renderHomeScript,
  renderPosixScript,
  type ScriptOptions,
  timesOf,
  timesOfCheck,
  timesOfFiles,
  toLocatedDirectories,
} from './posix-script.ts'
import type { ProviderVariables } from './provider-variables.ts'

/** Most homes with scripts. When there are more, all are removed, and those in use are written again. */
const keptHomes = 64

/** Writes the scripts with which shells read cached exports by themselves. Throws a NexusError('write'). */
export async function writeExportScripts(
  directory: string,
  { cached, shells }: { readonly cached: CachedExports; readonly shells: ShellExports },
  host: UserFilesHost,
): Promise<void> {
  const { home, checked } = shells
  const [pathElements, configFiles] = await Promise.all([
    locateFiles(checked.pathElements, host),
    locateFiles(checked.configFiles, host),
  ])
  const options = { env: host.env, homeName: storedName(home, host), pathElements, configFiles }
  // Shells read the export script first, so it is written last: the marks and scripts that it uses exist by then.
  const times = [...timesOfFiles([...pathElements, ...configFiles]), ...timesOfCheck(checked)]
  await placeTimeMarks([...times, ...timesOf(cached)], host)
  await saveHomeScript(home, checked, host)
  await write(host.path.join(directory, 'answer.sh'), renderPosixScript(cached, shells, options), host)
  await write(host.path.join(directory, 'answer.zsh'), renderZshScript(cached, shells, options), host)
}

/** Writes the scripts with which shells check that the definitions of a home are unchanged. Throws a NexusError('write'). */
export async function saveHomeScript(
  home: string,
  checked: CheckedFiles,
  host: UserFilesHost,
): Promise<void> {
  const cache = cacheDirectory(host)
  if (cache === undefined) return
  const files = await locateFiles([checked.definitions.directory, ...checked.definitions.files], host)
  await placeTimeMarks([...timesOfFiles(files), ...timesOfCheck(checked)], host)
  const directory = host.path.join(cache, 'homes')
  await removeSurplus(directory, host)
  const name = storedName(home, host)
  await write(host.path.join(directory, `${name}.sh`), renderHomeScript(checked, files), host)
  await write(host.path.join(directory, `${name}.zsh`), renderZshHome(checked, files), host)
}

async function write(path: string, text: string, host: UserFilesHost): Promise<void> {
  await writePrivateFile(path, text, host, { isDurable: false })
}

async function removeSurplus(directory: string, host: UserFilesHost): Promise<void> {
  const names = await host.fs.list(directory).catch(() => [])
  if (names.length > 2 * keptHomes) await host.fs.removeTree(directory)
}

/**
 * POSIX shells can compare the modification times of two files, but cannot read them. So each time to compare with is an
 * empty file with that modification time. Its name is the time in milliseconds since 1970.
 */
export function timeMarksDirectory(host: Pick<Host, 'env' | 'userHome' | 'path'>): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'times')
}

/** Two marks within one second always exist. With them a shell finds out whether it compares fractions of seconds. */
const fractions = [1, 2]

/** When there are more marks than this, all are removed. Those in use are written again. */
const mostMarks = 4096

/** Creates missing marks for these times. Throws a NexusError('write'). */
export async function placeTimeMarks(times: readonly number[], host: UserFilesHost): Promise<void> {
  const directory = timeMarksDirectory(host)
  if (directory === undefined) return
  await openPrivateDirectory(directory, host)
  const names = await writing(directory, () => host.fs.list(directory))
  if (names.length > mostMarks) await writing(directory, () => removeAll(directory, names, host))
  await sweepTemporaries({ directory, prefix: '.', kind: 'file', names, isBackdated: true }, host)
  const existing = new Set(names.length > mostMarks ? [] : names)
  const missing = [...new Set([...fractions, ...times])].filter(time => !existing.has(String(time)))
  await writing(directory, () => Promise.all(missing.map(time => placeMark(directory, time, host))))
}

// The mark appears under its name only when it has its time.
async function placeMark(
  directory: string,
  time: number,
  { fs, path, randomName }: UserFilesHost,
): Promise<void> {
  const temporary = path.join(directory, `.${randomName()}`)
  await fs.createFile(temporary, '', 0o600, { isDurable: false })
  await fs.setModified(temporary, time)
  await fs.rename(temporary, path.join(directory, String(time)))
}

async function removeAll(directory: string, names: readonly string[], host: UserFilesHost): Promise<void> {
  for (const name of names) await host.fs.remove(host.path.join(directory, name))
}

/**
 * The export script for zsh: assignments instead of function calls. zsh takes longer to call a function than to check a
 * file, and its zstat reads the identities of all files at once. `$directories` are the directories of PATH.
 */
export function renderZshScript(
  cached: CachedExports,
  { checked, outputs }: ShellExports,
  { env, homeName, pathElements, configFiles }: ScriptOptions,
): string {
  const version = `$_nexus_registry_version == ${quoteForAnyShell(program.version)}`
  const directories = toLocatedDirectories(pathElements).map(toIdentity).join(' ')
  const variables = cacheKeyVariables.map(name => `\${${name}-} == ${quoteForAnyShell(env[name] ?? '')}`)
  const conditions = [version, ...variables, `$directories == ${quoteForAnyShell(directories)}`]
  return [
    `[[ ${conditions.join(' && ')} ]] || return 1`,
    ...renderVariableNames(checked.providerVariables),
    `home=${quoteForAnyShell(homeName)} definitions=${quoteForAnyShell(checked.definitions.id)}`,
    `checked=${cached.checkedAt} expires=${expiryOf(cached)}`,
    ...renderFiles(configFiles),
    // Prompts check only these.
    'prompts=$#watched absentAtPrompts=$#absent',
    `text=${quoteForAnyShell(joinStatements(outputs.zsh ?? ''))}`,
    '',
  ].join('\n')
}

function renderVariableNames({ set, unset, files }: ProviderVariables): string[] {
  const fileNames = `existing=(${files.existing.join(' ')}) missing=(${files.missing.join(' ')})`
  return [
    `provided=(${set.join(' ')}) unprovided=(${unset.join(' ')})`,
    ...(files.existing.length + files.missing.length > 0 ? [fileNames] : []),
  ]
}

/**
 * Joins the statements that `env` prints into one `unset` and one `export` with few quotes, because zsh spends most of the
 * time on reading them. Other text stays as it is.
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

/** The home script for zsh. It adds to the arrays of the export script. */
export function renderZshHome({ definitions }: CheckedFiles, files: readonly LocatedFile[]): string {
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
    // One list for each attribute, as zstat prints one attribute of all files at once.
    `devices+=(${found.map(({ state }) => state?.device).join(' ')})`,
    `inodes+=(${found.map(({ state }) => state?.inode).join(' ')})`,
    `times+=(${found.map(({ state }) => toTime(state?.modifiedMs)).join(' ')})`,
    `changes+=(${found.map(({ state }) => toTime(state?.changedMs)).join(' ')})`,
    `absent+=(${missing.map(({ path }) => quoteForAnyShell(path)).join(' ')})`,
  ]
}

/** The form in which the hook joins what zstat prints: device, inode, and times to the millisecond. */
function toIdentity({ state }: LocatedFile): string {
  return [state?.device, state?.inode, toTime(state?.modifiedMs), toTime(state?.changedMs)].join(':')
}

// Times of 1970 need leading zeros: at least one digit of seconds and three of milliseconds.
function toTime(ms = 0): string {
  return String(ms).padStart(4, '0')
}

function isFound({ state, realPath }: LocatedFile): boolean {
  return state !== undefined && realPath !== undefined
}
