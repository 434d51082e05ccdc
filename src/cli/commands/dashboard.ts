import type { DashboardSource } from '../../dashboard/model/dashboard-view.ts'
import { NexusError } from '../../lib/errors.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

interface Flags {
  readonly watch?: boolean
  readonly web?: boolean
  readonly url?: string
  readonly tokenFile?: string
  readonly deep?: boolean
}

/** Milliseconds between the two measurements of a rate. */
const firstPauseMs = 250

/** Columns of what is not printed to a terminal. */
const pipeWidth = 80

export const registerDashboard: RegisterCommand = (program, execute) => {
  program
    .command('dashboard')
    .description('Show the dashboard with the current status and metrics')
    .option('-w, --watch', 'Update it in full screen until q')
    .option('--web', 'Print a link for a browser on this machine; serve it until Ctrl-C if no server runs')
    .option('--url <address>', 'Show the dashboard of a server instead of this machine')
    .option('--token-file <file>', 'File with a token for that server, readable only by you')
    .option('--deep', 'Query the Kubernetes cluster of the current context too')
    .addHelpText('after', examples)
    .action(execute(showDashboard))
}

const examples = `
Tools and providers are from the last sync; metrics are measured now.

Examples:
  nexus-registry dashboard                                 once, as wide as the terminal
  nexus-registry dashboard --watch                         live: arrows choose, q ends
  nexus-registry dashboard --web                           in a browser; prints a link
  nexus-registry dashboard --url http://127.0.0.1:4780     the dashboard of nexus-registry serve
  nexus-registry dashboard --json | jq '.sections[].title'`

async function showDashboard(context: CommandContext, flags: Flags): Promise<ExitCode> {
  const { globals, host, print, style } = context
  checkFlags(flags, context)
  if (flags.web) {
    const { openWebDashboard } = await import('../open-web-dashboard.ts')
    return openWebDashboard(context, { deep: flags.deep ?? false })
  }
  const source = await openSource(flags, context)
  if (flags.watch) {
    const { watchDashboard } = await import('../watch-dashboard.ts')
    return watchDashboard(source, context)
  }
  const view = await source.load()
  if (globals.json) {
    const { toVisibleJson } = await import('../../lib/text/visible.ts')
    print(toVisibleJson(view))
    return 0
  }
  const [{ renderDashboard }, { chooseSymbols }] = await Promise.all([
    import('../../dashboard/terminal/draw-dashboard.ts'),
    import('../../dashboard/terminal/canvas.ts'),
  ])
  const canvas = { signs: chooseSymbols(host), width: host.stdout.columns ?? pipeWidth, isWatched: false }
  print(renderDashboard(view, source.name, { canvas, style }))
  return 0
}

function checkFlags({ watch, web, url, tokenFile, deep }: Flags, { globals, host }: CommandContext): void {
  const fail = (message: string, hint: string) => {
    throw new NexusError('usage', message, { hint })
  }
  if (web && (watch || url !== undefined || globals.json))
    fail('--web cannot be combined with --watch, --url or --json', 'Remove one of them')
  if (watch && globals.json) fail('--watch and --json cannot be combined', 'Remove one of them')
  if (watch && host.env.TERM === 'dumb')
    fail('--watch does not work on this terminal (TERM=dumb)', 'Remove --watch')
  if (tokenFile !== undefined && url === undefined)
    fail('--token-file requires --url', 'Add the URL of the server')
  if (deep && url !== undefined)
    fail('--deep and --url cannot be combined: --deep queries from this machine', 'Remove one of them')
}

async function openSource(
  { url, tokenFile, deep = false }: Flags,
  context: CommandContext,
): Promise<DashboardSource> {
  const { host, config } = context
  if (url === undefined) {
    const { openHomeDashboard } = await import('../../dashboard/model/open-home-dashboard.ts')
    return openHomeDashboard(
      { home: await context.home(), isDeep: deep, firstPauseMs, platformRoot: config.platformRoot },
      host,
    )
  }
  const [{ openServedDashboard }, { loadDashboardToken }] = await Promise.all([
    import('../../dashboard/model/open-served-dashboard.ts'),
    import('../open-web-dashboard.ts'),
  ])
  const address = parseAddress(url)
  const token = await loadDashboardToken(address, tokenFile, context)
  return openServedDashboard({ url: address, token, allowPrivate: config.network.allowPrivate }, host)
}

function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const hint = 'For example http://127.0.0.1:4780; pass a token with --token-file'
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new NexusError('usage', `invalid --url ${text}`, { hint })
  if (url.username !== '' || url.password !== '')
    throw new NexusError('usage', '--url must not contain a password', { hint })
  return url
}
