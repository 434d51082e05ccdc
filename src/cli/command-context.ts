import type { Command } from 'commander'
import type { Config } from '../config/config.ts'
import type { Style } from '../lib/terminal/style.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'

/** 0: yes or done. 1: no, or findings. 2: wrong call or input. 3: defect. 4: `query -e` and no answer. 130: interrupted. A jq filter that halts chooses its own. */
export type ExitCode = number

/** What every subcommand works with. */
export interface CommandContext {
  readonly host: Host
  readonly globals: GlobalOptions
  readonly config: Config
  /** Sentences about what does not count in the configuration. They are on stderr already, but for `collect`. */
  readonly configNotes: readonly string[]
  /**
   * Registry home of this call; the default one is created on first use. To read, where there is no place for it, the
   * shipped registries; to write, an error.
   */
  home(purpose?: 'read' | 'write'): Promise<RegistryHome>
  /** Writes data to stdout; a newline is added where there is none. */
  print(text: string): void
  /**
   * Writes to stdout what an action has done, which is no data: on a terminal wrapped at words, and a newline is added.
   * Silent with `--quiet`.
   */
  say(text: string): void
  /**
   * Writes a text for people to stderr: on a terminal wrapped at words, and a newline is added where there is none.
   * Silent with `--quiet`.
   */
  note(text: string): void
  /** Writes what a program printed to stderr as it is. Silent with `--quiet`. */
  relay(text: string): void
  /** Colours for stdout. */
  readonly style: Style
  /** Colours for stderr. */
  readonly noteStyle: Style
}

/** Adds one subcommand to the program. Its action imports its feature when it runs, not before. */
export type RegisterCommand = (program: Command, execute: Execute) => void

/** Makes a Commander action of a function that answers with an exit code. */
export type Execute = <Args extends unknown[]>(
  action: (context: CommandContext, ...args: Args) => Promise<ExitCode>,
  options?: ExecuteOptions,
) => (...args: Args) => Promise<void>

export interface ExecuteOptions {
  /** `tolerant`: trouble with a configuration file is noted on stderr, and the rest applies. `collect`: not even noted. */
  readonly config?: 'strict' | 'tolerant' | 'collect'
}

/** Options that every subcommand takes, before or after its name. */
export interface GlobalOptions {
  readonly home: string | undefined
  readonly config: string | undefined
  readonly json: boolean
  readonly color: boolean
  readonly quiet: boolean
  readonly verbose: boolean
}

export function addGlobalOptions(program: Command): void {
  program
    .option('--home <dir>', 'registry home to use')
    .option('--config <file>', "configuration file to use instead of the user's own")
    .option('--json', 'print data as JSON')
    .option('--no-color', 'print without colours')
    .option('-q, --quiet', 'print nothing but data and errors')
    .option('-v, --verbose', 'print more')
}

/** Reads the options that `addGlobalOptions` added. */
export function toGlobalOptions(values: Record<string, unknown>): GlobalOptions {
  return {
    home: toText(values.home),
    config: toText(values.config),
    json: values.json === true,
    color: values.color !== false,
    quiet: values.quiet === true,
    verbose: values.verbose === true,
  }
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
