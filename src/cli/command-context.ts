import type { Command } from 'commander'
import type { Config } from '../config/config.ts'
import type { Style } from '../lib/terminal/style.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'

/** 0: yes or done. 1: no, or findings. 2: usage or input error. 3: bug. 4: `query -e` without a result. 130: interrupted. A jq filter that halts chooses its own. */
export type ExitCode = number

/** What every subcommand gets. */
export interface CommandContext {
  readonly host: Host
  readonly globals: GlobalOptions
  readonly config: Config
  /** Warnings about the configuration. They are already on stderr, except with `collect`. */
  readonly configNotes: readonly string[]
  /**
   * Registry home of this call; the default one is created on first use. If it cannot be created: the shipped
   * registries to read, an error to write.
   */
  home(purpose?: 'read' | 'write'): Promise<RegistryHome>
  /** Writes data to stdout, with a newline at the end. */
  print(text: string): void
  /**
   * Writes a message about what was done to stdout, with a newline at the end, wrapped on a terminal. Silent with
   * `--quiet`.
   */
  say(text: string): void
  /**
   * Writes a message for people to stderr, with a newline at the end, wrapped on a terminal. Silent with `--quiet`.
   */
  note(text: string): void
  /** Writes the output of a program to stderr unchanged. Silent with `--quiet`. */
  relay(text: string): void
  /** Colours for stdout. */
  readonly style: Style
  /** Colours for stderr. */
  readonly noteStyle: Style
}

/** Adds one subcommand to the program. Its action imports its module when it runs, not before. */
export type RegisterCommand = (program: Command, execute: Execute) => void

/** Turns a function that returns an exit code into a Commander action. */
export type Execute = <Args extends unknown[]>(
  action: (context: CommandContext, ...args: Args) => Promise<ExitCode>,
  options?: ExecuteOptions,
) => (...args: Args) => Promise<void>

export interface ExecuteOptions {
  /** `tolerant`: prints configuration errors as warnings, and uses the rest. `collect`: only collects them. */
  readonly config?: 'strict' | 'tolerant' | 'collect'
}

/** Options of every subcommand, before or after its name. */
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
    .option('--home <dir>', 'Registry home to use')
    .option('--config <file>', "Configuration file to use instead of the user's own")
    .option('--json', 'Print data as JSON')
    .option('--no-color', 'Print without colours')
    .option('-q, --quiet', 'Print only data and errors')
    .option('-v, --verbose', 'Print more details')
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
