import { program } from '../../lib/program.ts'
import { quoteForAnyShell } from '../../lib/shell/quote-for-any-shell.ts'
import type { Answer, AnswerForShells } from './answer.ts'
import { expiryOf, type LocatedFile, type ScriptPlace, toLocatedDirectories } from './answer-script.ts'
import { askedVariables, type Look } from './question.ts'

/**
 * The same as the script of an answer, for zsh alone: assignments instead of calls. zsh takes longer to call a function
 * than to look at a file, and reads identities itself, of all files at once. `$directories` are those that PATH leads to.
 */
export function renderZshAnswer(
  answer: Answer,
  { look, texts }: AnswerForShells,
  { env, homeName, pathElements, configFiles }: ScriptPlace,
): string {
  const version = `$_nexus_registry_version == ${quoteForAnyShell(program.version)}`
  const directories = toLocatedDirectories(pathElements).map(toIdentity).join(' ')
  const asked = askedVariables.map(name => `\${${name}-} == ${quoteForAnyShell(env[name] ?? '')}`)
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
export function renderZshHome({ definitions }: Look, files: readonly LocatedFile[]): string {
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
