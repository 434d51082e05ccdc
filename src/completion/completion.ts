/**
 * Kinds of words that a command line takes: names of subcommands, of registries, ids of what is detected, refs and ids
 * of any entry, jq filters on the registry that is named before and fields of it, paths. `free`: nothing to offer.
 */
export const wordKinds = [
  'command',
  'registry',
  'id',
  'ref',
  'filter',
  'fields',
  'directory',
  'file',
  'free',
] as const

export type WordKind = (typeof wordKinds)[number]

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
