import type { Command } from 'commander'

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
