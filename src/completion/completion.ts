import { registryFiles, registryNames } from '../registry/schema/names.ts'

/** Completion for one shell: what is the same for every program stands in a file, the rest is generated. */
export interface CompletionScript {
  readonly shell: string
  /** The whole script. `engine` is the text of its file in `shell/`, in which `#@` marks the line for what is generated. */
  render(program: CompletedProgram, engine: string): string
}

/** Puts the generated part in the place of its mark. */
export function fillEngine(engine: string, generated: string): string {
  return engine.replace(/^#@.*$/m, () => generated)
}

/** A word as zsh and bash read it. */
export function quoteWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Names of the registry files: words that are older than one of these are not believed. */
export const fileNames: readonly string[] = registryNames.map(name => registryFiles[name])

/** Names of the subcommands, for shells that show no descriptions. */
export function commandNames({ commands }: CompletedProgram): string[] {
  return commands.map(({ name }) => name)
}

/**
 * Kinds of words that a command line takes: names of subcommands, of registries, ids of what is detected, refs and ids
 * of any entry, jq filters on the registry that is named before, fields of it and conditions on these, paths. `free`:
 * nothing to offer.
 */
const wordKinds = [
  'command',
  'registry',
  'id',
  'ref',
  'filter',
  'fields',
  'condition',
  'directory',
  'file',
  'free',
] as const

type WordKind = (typeof wordKinds)[number]

/** What may stand at a place: a kind of word, or one of these choices. */
export type Words = WordKind | readonly string[]

export interface CompletedOption {
  /** The short form, where there is one, and then the long one: `-q`, `--quiet`. */
  readonly flags: readonly string[]
  readonly description: string
  /** What its values are, a word each: mostly one, or none. */
  readonly values: readonly Words[]
}

export interface CompletedArgument {
  readonly name: string
  readonly words: Words
  readonly isVariadic: boolean
}

export interface CompletedCommand {
  readonly name: string
  readonly aliases: readonly string[]
  readonly description: string
  /** Its own options: the global ones stand beside. */
  readonly options: readonly CompletedOption[]
  readonly arguments: readonly CompletedArgument[]
}

/** A command line as completion sees it. Plain data: whatever is hidden from help is not in it. */
export interface CompletedProgram {
  readonly name: string
  /** Options that may stand before and after every subcommand. */
  readonly options: readonly CompletedOption[]
  readonly commands: readonly CompletedCommand[]
}
