import type { ExportResult } from '../../env/pending-exports.ts'
import type { Shell } from '../../env/shells/shell.ts'
import { statusVariable } from '../../env/status-variable.ts'
import type { HomeFindings } from '../../env/variables.ts'
import { errorMessage, NexusError } from '../../lib/errors.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import type { Variable } from '../../registry/refs.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { isPlain } from '../options.ts'
import { syncHome } from '../sync-home.ts'

interface EnvOptions {
  readonly shell?: string
  readonly fresh?: boolean
  readonly unset?: boolean
}

export const registerEnv: RegisterCommand = (program, execute) => {
  program
    .command('env')
    .description('print what is here as exports for eval')
    .option('--shell <name>', 'print for zsh, bash, sh, fish, json, dotenv or github')
    .option('--fresh', 'sync first')
    .option('--unset', 'print what unsets the variables')
    .addHelpText(
      'after',
      `
Examples:
  eval "$(nexus-registry env)"                     zsh, bash and POSIX sh
  nexus-registry env --shell fish | source         fish
  nexus-registry env --shell json | jq .NEXUS_HAS_DOCKER
  nexus-registry env --shell dotenv > nexus.env    docker run --env-file, node --env-file
  nexus-registry env --shell github                GitHub Actions: adds them to $GITHUB_ENV`,
    )
    .action(
      execute((context, options: EnvOptions) => (options.unset ? printUnset : printEnv)(context, options), {
        config: 'tolerant',
      }),
    )
}

async function printEnv(context: CommandContext, options: EnvOptions): Promise<ExitCode> {
  const shell = await chooseShell(context, options)
  const trouble = options.fresh
    ? await findProblem(context, async () => syncHome(await context.home('write'), context))
    : undefined
  const { variables, status, notes } = await exportAnyway(context)
  const outcome = await handOver(context, shell, [...variables, statusVariable(status)])
  explain(context, [...(trouble === undefined ? [] : [trouble]), ...notes, ...outcome])
  if (!options.fresh) return 0
  if (trouble !== undefined) return 2
  return status === 'ok' ? 0 : 1
}

async function printUnset(context: CommandContext, options: EnvOptions): Promise<ExitCode> {
  const shell = await chooseShell(context, options)
  assertUnsets(shell, context)
  const { unsetEnv } = await import('../../env/env.ts')
  const home: { found?: RegistryHome } = {}
  const trouble = await findProblem(context, async () => {
    home.found = await context.home()
  })
  const variables = await unsetEnv(home.found, context.host)
  context.print(shell.render([...variables, statusVariable(undefined)], context.host))
  explain(context, trouble === undefined ? [] : [trouble])
  return 0
}

async function chooseShell({ globals }: CommandContext, options: EnvOptions): Promise<Shell> {
  const { shells } = await import('../../env/shells/index.ts')
  const name = options.shell ?? (globals.json ? 'json' : 'sh')
  const shell = shells.find(candidate => candidate.name === name)
  if (shell) return shell
  throw new NexusError('usage', `--shell ${JSON.stringify(name)} is none that env can print for`, {
    hint: `Use one of ${shells.map(candidate => candidate.name).join(', ')}`,
  })
}

// A file of values has no line that takes one back, and an empty answer would look as if it had.
function assertUnsets(shell: Shell, { host }: CommandContext): void {
  if (shell.render([{ name: 'NEXUS_ENV_STATUS', value: undefined }], host) !== '') return
  throw new NexusError('usage', `--shell ${shell.name} has no way to say that a variable is unset`, {
    hint: 'Use another form with --unset, or --shell json, where null means unset',
  })
}

// A shell's start must not fail, whatever happens here.
async function exportAnyway(context: CommandContext): Promise<ExportResult> {
  const answer: { given?: ExportResult } = {}
  const trouble = await findProblem(context, async () => {
    const { exportVariables: answerEnv } = await import('../../env/env.ts')
    const home = await context.home()
    const look = () => detectQuickly(home, context)
    const { python, timeoutMs } = context.config
    const place = { home: home.directory, configFile: context.globals.config, python, timeoutMs }
    const isKept = home.origin !== 'shipped'
    const refresh = () => startRefresh(context)
    const request = { ...place, look, isPlain: isPlain(context) && isKept, isKept, refresh }
    answer.given = await answerEnv(request, context.host)
  })
  return answer.given ?? { variables: [], status: 'failed', notes: trouble === undefined ? [] : [trouble] }
}

// It has to ask the very question that this call asks.
function startRefresh({ globals, host }: CommandContext): Promise<void> {
  const home = globals.home === undefined ? [] : ['--home', globals.home]
  const config = globals.config === undefined ? [] : ['--config', globals.config]
  return host.respawnDetached(['refresh', ...home, ...config])
}

async function detectQuickly(home: RegistryHome, context: CommandContext): Promise<HomeFindings> {
  const [{ detectHome }, { loadSnapshot }] = await Promise.all([
    import('../../sync/detect-registries.ts'),
    import('../../registry/load/load-snapshot.ts'),
  ])
  const snapshot = await loadSnapshot(home.directory, context.host)
  const options = { ...detectionOptions(context), mode: 'quick' } as const
  const { detections } = await detectHome(home, snapshot, options, context.host)
  return { snapshot, detections }
}

function detectionOptions({ config }: CommandContext) {
  const { python, concurrency, timeoutMs } = config
  return { isForced: false, python, concurrency, timeoutMs }
}

/** Does it, and says in a sentence what kept it from being done. Rejects only when the user interrupts. */
async function findProblem(context: CommandContext, act: () => Promise<void>): Promise<string | undefined> {
  try {
    await act()
    return undefined
  } catch (error) {
    context.host.interrupted.throwIfAborted()
    const hint = error instanceof NexusError ? error.hint : undefined
    return hint === undefined ? errorMessage(error) : `${errorMessage(error)} (${hint})`
  }
}

/** Prints, or adds to the file that the form is for. Answers with what there is to say about it. */
async function handOver(
  context: CommandContext,
  shell: Shell,
  variables: readonly Variable[],
): Promise<readonly string[]> {
  // Everything is rendered before anything is written: half an answer would be taken for a whole one.
  const text = shell.render(variables, context.host)
  const leftOut = shell.findUnwritable?.(variables) ?? []
  // Values stay out of it: what cannot be written in a plain line may not be fit for a log either.
  const notes = leftOut.length === 0 ? [] : [explainLeftOut(shell, leftOut)]
  const { fileVariable = '' } = shell
  const path = context.host.env[fileVariable]
  if (!path) {
    context.print(text)
    return notes
  }
  const { appendToFile } = await import('../../env/env.ts')
  await appendToFile({ variable: fileVariable, path }, text, context.host)
  const count = variables.filter(({ value }) => value !== undefined).length - leftOut.length
  return [...notes, `variables added to ${fileVariable}: ${count}`]
}

function explainLeftOut(shell: Shell, names: readonly string[]): string {
  return `${shell.name} cannot express every value, and leaves out ${names.join(', ')} (--shell json has them all)`
}

function explain(context: CommandContext, notes: readonly string[]): void {
  if (notes.length > 0) context.note(toVisibleLine(`nexus-registry env: ${notes.join('; ')}`))
}
