import { program } from '../core/program.ts'
import { quoteForAnyShell } from '../core/quote-for-any-shell.ts'
import type { Answer, AnswerForShells } from './answer.ts'
import { expiryOf, type LocatedFile, type ScriptPlace } from './answer-script.ts'
import { askedVariables, type Look } from './question.ts'

/**
 * The same as the script of an answer, for zsh alone: assignments instead of calls. zsh takes longer to call a function
 * than to look at a file, and reads times and inodes itself, all files at once.
 */
export function renderZshAnswer(
  answer: Answer,
  { look, texts }: AnswerForShells,
  { env, homeName, files }: ScriptPlace,
): string {
  const asked = askedVariables.map(name => `\${${name}-} == ${quoteForAnyShell(env[name] ?? '')}`)
  const version = `$_nexus_registry_version == ${quoteForAnyShell(program.version)}`
  const atPrompts = files.filter(file => isWatchedAtPrompts(file, files))
  const others = files.filter(file => !atPrompts.includes(file))
  return [
    `[[ ${[version, ...asked].join(' && ')} ]] || return 1`,
    `home=${quoteForAnyShell(homeName)} definitions=${quoteForAnyShell(look.definitions.id)}`,
    `checked=${answer.checkedAt} expires=${expiryOf(answer)} prompts=${atPrompts.length}`,
    ...renderFiles([...atPrompts, ...others]),
    `text=${quoteForAnyShell(texts.zsh ?? '')}`,
    '',
  ].join('\n')
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
    // As zstat prints them: the milliseconds of 1970 have a second before them.
    `times+=(${found.map(({ state }) => String(state?.modifiedMs).padStart(4, '0')).join(' ')})`,
    `inodes+=(${found.map(({ state }) => state?.inode).join(' ')})`,
    `absent+=(${missing.map(({ path }) => quoteForAnyShell(path)).join(' ')})`,
  ]
}

// A prompt looks once at what has two names: at /usr/bin, and not at /bin, which leads there.
function isWatchedAtPrompts(file: LocatedFile, all: readonly LocatedFile[]): boolean {
  if (!isFound(file)) return false
  return file.path === file.realPath || all.every(({ path }) => path !== file.realPath)
}

function isFound({ state, realPath }: LocatedFile): boolean {
  return state !== undefined && realPath !== undefined
}
