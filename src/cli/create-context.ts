import { loadConfig } from '../config/load-config.ts'
import type { ReadConfigFile } from '../config/load-config-file.ts'
import { createStyle } from '../lib/terminal/style.ts'
import { toVisible } from '../lib/text/visible.ts'
import type { Host, OutputStream } from '../platform/host.ts'
import { lockPath } from '../registry/lock/lock-state.ts'
import type { CommandContext, ExecuteOptions, GlobalOptions } from './command-context.ts'

interface ContextOptions extends ExecuteOptions {
  /** Whether the call may change no file; then a missing default home is not created either. */
  readonly isDryRun?: boolean
}

/** Loads the configuration and wraps the streams for a subcommand. */
export async function createContext(
  realHost: Host,
  globals: GlobalOptions,
  { isDryRun = false, ...options }: ContextOptions = {},
): Promise<CommandContext> {
  const host = isDryRun ? await toReadOnlyHost(realHost) : realHost
  const [wrapOut, wrapErr] = await Promise.all([createWrap(host.stdout), createWrap(host.stderr)])
  const relay = (text: string) => {
    if (!globals.quiet) host.stderr.write(endLine(text))
  }
  const note = (text: string) => relay(wrapErr(text))
  const { config: handling = 'strict' } = options
  const request = { flag: globals.config, mode: handling === 'strict' ? handling : 'tolerant' } as const
  const { config, notes } = await loadConfig(request, { ...host, readConfigFile: createConfigReader(host) })
  if (handling !== 'collect') for (const text of notes) note(toVisible(text))
  return {
    host,
    globals,
    config,
    configNotes: notes,
    home: async (purpose = 'read') => {
      const { locateHome } = await import('../registry/home/locate-home.ts')
      const home = await locateHome({ flag: globals.home, configured: config.home, isDryRun }, host, purpose)
      await finishChange(home.directory, realHost)
      if (home.whyShipped !== undefined && globals.verbose) note(describeShipped(home.whyShipped))
      return home
    },
    print: text => host.stdout.write(endLine(text)),
    say: text => {
      if (!globals.quiet) host.stdout.write(endLine(wrapOut(text)))
    },
    note,
    relay,
    style: await createStyle({ stream: host.stdout, env: host.env, color: globals.color }),
    noteStyle: await createStyle({ stream: host.stderr, env: host.env, color: globals.color }),
  }
}

// A change that was committed is not undone: also a dry run finishes it.
async function finishChange(directory: string, host: Host): Promise<void> {
  if ((await host.fs.stat(lockPath(directory, host)).catch(() => undefined)) === undefined) return
  const { finishInterruptedChange } = await import('../registry/lock/acquire-lock.ts')
  await finishInterruptedChange(directory, host)
}

async function toReadOnlyHost(host: Host): Promise<Host> {
  const { toReadOnlyFiles } = await import('../platform/read-only-files.ts')
  return { ...host, fs: toReadOnlyFiles(host.fs, host.path) }
}

/** Wraps texts on a terminal between words; otherwise returns them unchanged. */
async function createWrap({ columns }: Pick<OutputStream, 'columns'>): Promise<(text: string) => string> {
  if (columns === undefined) return text => text
  const { wrapWords } = await import('../lib/terminal/width.ts')
  return text => wrapWords(text, columns)
}

function createConfigReader(host: Pick<Host, 'path' | 'programRoot'>): ReadConfigFile {
  const quietPlace = host.path.join(host.programRoot, 'registries')
  return async (path, parse) => {
    const { readConfigFile } = await import('../platform/node/read-config-file.ts')
    return readConfigFile(path, { parse, quietPlace })
  }
}

/** Message that a call reads the shipped registries, and why. */
export function describeShipped(why: string): string {
  return toVisible(`using the shipped registries, and saving nothing: ${why}`)
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
