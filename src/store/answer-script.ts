import type { Environment, Host } from '../core/host.ts'
import { program } from '../core/program.ts'
import { quoteForAnyShell } from '../core/quote-for-any-shell.ts'
import type { Answer, AnswerForShells } from './answer.ts'
import { askedVariables, type Look } from './question.ts'
import type { WatchedFile } from './watched-file.ts'

/** A watched file, and where it really is: what leads elsewhere now is another file. */
export interface LocatedFile extends WatchedFile {
  readonly realPath: string | undefined
}

/** Where files are now. One that went away meanwhile counts as missing. */
export async function locateFiles(
  files: readonly WatchedFile[],
  { fs }: Pick<Host, 'fs'>,
): Promise<LocatedFile[]> {
  return Promise.all(
    files.map(async file => {
      const realPath = file.state && (await fs.realPath(file.path).catch(() => undefined))
      return { ...file, realPath, state: realPath === undefined ? undefined : file.state }
    }),
  )
}

export interface ScriptPlace {
  readonly env: Environment
  /** Name of the home's script. */
  readonly homeName: string
  readonly files: readonly LocatedFile[]
}

/**
 * The script of an answer, for shells to source. It calls functions that they define: one condition a line, and then the
 * texts, which only a shell reaches that found all of them true. "Freshness" in ARCHITECTURE.md says what each means.
 */
export function renderAnswerScript(
  answer: Answer,
  { look, texts }: AnswerForShells,
  place: ScriptPlace,
): string {
  const asked = [program.version, ...askedVariables.map(name => place.env[name] ?? '')]
  return toScript(
    toCondition('asked', ...asked),
    toCondition('home', place.homeName, look.definitions.id),
    toCondition('verified', look.startedAt),
    ...place.files.map(toFileCondition),
    toCondition('aged', answer.checkedAt, expiryOf(answer)),
    ...Object.entries(texts).map(([form, text]) => toCall('text', form, text)),
  )
}

/** The script of a home: conditions for its own files. They change with every sync, while what they ask stays the same. */
export function renderHomeScript({ definitions, startedAt }: Look, files: readonly LocatedFile[]): string {
  return toScript(
    toCondition('defines', definitions.id),
    toCondition('verified', startedAt),
    ...files.map(toFileCondition),
  )
}

/** Moments that shells compare times with: those that enclose each, to the millisecond and to the second. */
export function momentsOfFiles(files: readonly WatchedFile[]): number[] {
  return files.flatMap(({ state }) => (state ? enclose(state.modifiedMs) : []))
}

/** Moments between which an answer is fresh. */
export function momentsOf(answer: Answer): number[] {
  return [answer.checkedAt, expiryOf(answer)]
}

// Most shells compare nanoseconds. Some compare whole seconds, and need marks that are whole seconds apart. Nothing is
// older than 1970, the time of all files in images that are built to be reproducible.
function enclose(time: number): number[] {
  const second = Math.floor(time / 1000) * 1000
  return [time - 1, time + 2, second - 1000, second + 1000].filter(moment => moment > 0)
}

/** Until when an answer is fresh, milliseconds since 1970. */
export function expiryOf({ checkedAt, ttlSeconds }: Answer): number {
  return checkedAt + Math.ceil(ttlSeconds * 1000)
}

function toScript(...statements: readonly string[]): string {
  return statements.map(statement => `${statement}\n`).join('')
}

function toFileCondition({ path, state, realPath }: LocatedFile): string {
  if (state === undefined || realPath === undefined) return toCondition('absent', path)
  return toCondition('same', state.modifiedMs, state.inode, path, realPath)
}

function toCondition(name: string, ...args: readonly (string | number)[]): string {
  return `${toCall(name, ...args)} || return 1`
}

function toCall(name: string, ...args: readonly (string | number)[]): string {
  return [`_nexus_registry_${name}`, ...args.map(argument => quoteForAnyShell(String(argument)))].join(' ')
}
