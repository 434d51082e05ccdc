import type { ExportResult } from '../../env/exports.ts'
import type { Shell } from '../../env/shells/shell.ts'
import type { HomeFindings } from '../../env/variables.ts'
import { errorMessage, NexusError, systemErrorCode } from '../../lib/errors.ts'
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
    .description('Print tools, frameworks and providers as exports for eval')
    .option('--shell <name>', 'print for zsh, bash, sh, fish, json, dotenv or github')
    .option('--fresh', 'sync first')
    .option('--unset', 'print statements that unset the variables')
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
  const shell = await findShell(context, options)
  const syncErrors = options.fresh ? await trySync(context) : []
  const { variables, status, notes } = await tryExport(context)
  const { statusVariable } = await import('../../env/variables.ts')
  const outputNotes = await writeVariables([...variables, statusVariable(status)], shell, context)
  printNotes([...syncErrors, ...notes, ...outputNotes], context)
  if (!options.fresh) return 0
  if (syncErrors.length > 0) return 2
  return status === 'ok' ? 0 : 1
}

async function printUnset(context: CommandContext, options: EnvOptions): Promise<ExitCode> {
  const shell = await findShell(context, options)
  assertUnsets(shell, context)
  const [{ unsetEnv }, { statusVariable }] = await Promise.all([
    import('../../env/env.ts'),
    import('../../env/variables.ts'),
  ])
  const { home, notes } = await tryFindHome(context)
  const variables = await unsetEnv(home, context.host)
  context.print(shell.render([...variables, statusVariable(undefined)], context.host))
  printNotes(notes, context)
  return 0
}

async function findShell({ globals }: CommandContext, options: EnvOptions): Promise<Shell> {
  const { shells } = await import('../../env/shells/index.ts')
  const name = options.shell ?? (globals.json ? 'json' : 'sh')
  const shell = shells.find(candidate => candidate.name === name)
  if (shell) return shell
  const supported = shells.map(candidate => candidate.name).join(', ')
  throw new NexusError('usage', `unsupported shell ${JSON.stringify(name)}`, {
    hint: `Supported: ${supported}`,
  })
}

// A file of values has no line that unsets a variable, and an empty output would look like success.
function assertUnsets(shell: Shell, { host }: CommandContext): void {
  if (shell.render([{ name: 'NEXUS_ENV_STATUS', value: undefined }], host) !== '') return
  throw new NexusError('usage', `--shell ${shell.name} cannot express that a variable is unset`, {
    hint: 'Use another form with --unset, or --shell json, where null means unset',
  })
}

async function trySync(context: CommandContext): Promise<readonly string[]> {
  try {
    await syncHome(await context.home('write'), context)
    return []
  } catch (error) {
    return [describeError(error, context)]
  }
}

async function tryFindHome(
  context: CommandContext,
): Promise<{ readonly home: RegistryHome | undefined; readonly notes: readonly string[] }> {
  try {
    return { home: await context.home(), notes: [] }
  } catch (error) {
    return { home: undefined, notes: [describeError(error, context)] }
  }
}

// The start of a shell must not fail, so every error becomes a note.
async function tryExport(context: CommandContext): Promise<ExportResult> {
  try {
    const { exportVariables } = await import('../../env/env.ts')
    const home = await context.home()
    const { python, timeoutMs } = context.config
    const isCached = home.origin !== 'shipped'
    const request = {
      home: home.directory,
      configFile: context.globals.config,
      python,
      timeoutMs,
      isPlain: isPlain(context) && isCached,
      isCached,
      detect: () => detectQuickly(home, context),
      refresh: () => startRefresh(context),
    }
    return await exportVariables(request, context.host)
  } catch (error) {
    return { variables: [], status: 'failed', notes: [describeError(error, context)] }
  }
}

async function detectQuickly(home: RegistryHome, context: CommandContext): Promise<HomeFindings> {
  const [{ detectInHome }, { detectablesOf }, { loadSnapshot }] = await Promise.all([
    import('../../detection/detect.ts'),
    import('../../detection/detectables.ts'),
    import('../../registry/load/load-snapshot.ts'),
  ])
  const { config, host } = context
  const snapshot = await loadSnapshot(home.directory, host)
  const { detections } = await detectInHome(
    {
      home,
      registries: snapshot.registries,
      entries: detectablesOf(snapshot),
      mode: 'quick',
      isForced: false,
      python: config.python,
      concurrency: config.concurrency,
      timeoutMs: config.timeoutMs,
    },
    host,
  )
  return { snapshot, detections }
}

// The options are part of the cache key, so the refresh must have the same ones.
function startRefresh({ globals, host }: CommandContext): Promise<void> {
  const home = globals.home === undefined ? [] : ['--home', globals.home]
  const config = globals.config === undefined ? [] : ['--config', globals.config]
  return host.respawnDetached(['refresh', ...home, ...config])
}

/** Prints the variables, or appends them to the file of the form. Returns notes for stderr. */
async function writeVariables(
  variables: readonly Variable[],
  shell: Shell,
  context: CommandContext,
): Promise<readonly string[]> {
  // Everything is rendered before anything is written, so that an error leaves no partial output.
  const text = shell.render(variables, context.host)
  const leftOut = shell.findUnwritable?.(variables) ?? []
  // The note names variables without their values, which may not be fit for a log.
  const notes = leftOut.length === 0 ? [] : [describeLeftOut(shell, leftOut)]
  const { fileVariable = '' } = shell
  const path = context.host.env[fileVariable]
  if (!path) {
    context.print(text)
    return notes
  }
  await appendToFile({ variable: fileVariable, path }, text, context)
  const count = variables.filter(({ value }) => value !== undefined).length - leftOut.length
  return [...notes, `variables added to ${fileVariable}: ${count}`]
}

function describeLeftOut(shell: Shell, names: readonly string[]): string {
  return `${shell.name} cannot express every value, and leaves out ${names.join(', ')} (--shell json has them all)`
}

// Unlike the start of a shell, a workflow must fail when it does not get its variables.
async function appendToFile(
  { variable, path }: { readonly variable: string; readonly path: string },
  text: string,
  { host }: CommandContext,
): Promise<void> {
  try {
    await host.fs.appendLines(host.path.resolve(host.cwd, path), text)
  } catch (cause) {
    if (systemErrorCode(cause) === undefined) throw cause
    throw new NexusError('write', `cannot append to the file of ${variable}: ${errorMessage(cause)}`, {
      hint: `Set ${variable} to a file that you can write, or unset it to print the lines`,
      cause,
    })
  }
}

/** An error as one sentence. Throws when the user interrupts. */
function describeError(error: unknown, { host }: CommandContext): string {
  host.interrupted.throwIfAborted()
  const hint = error instanceof NexusError ? error.hint : undefined
  return hint === undefined ? errorMessage(error) : `${errorMessage(error)} (${hint})`
}

function printNotes(notes: readonly string[], context: CommandContext): void {
  if (notes.length > 0) context.note(toVisibleLine(`nexus-registry env: ${notes.join('; ')}`))
}
