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

/** How far apart the two looks are that a rate needs, in milliseconds. */
const firstPauseMs = 250

export const registerDashboard: RegisterCommand = (program, execute) => {
  program
    .command('dashboard')
    .description('show tools, providers and metrics as they are now, by the dashboard registry')
    .option('-w, --watch', 'go on showing it, on a screen of its own, until q')
    .option('--web', 'serve it for browsers of this machine, print the address, and go on until Ctrl-C')
    .option('--url <address>', 'show the dashboard of a server instead of this machine')
    .option('--token-file <file>', 'file with a token for that server, which only you may read')
    .option('--deep', 'ask the Kubernetes cluster of the current context as well')
    .addHelpText('after', examples)
    .action(execute(showDashboard))
}

const examples = `
Of tools and providers it shows what the last sync found; metrics are measured now.

Examples:
  nexus-registry dashboard                                 once, as wide as the terminal
  nexus-registry dashboard --watch                         live: arrows scroll, q ends
  nexus-registry dashboard --web                           in a browser, at the address that it prints
  nexus-registry dashboard --url http://127.0.0.1:4780     what nexus-registry serve has there
  nexus-registry dashboard --json | jq '.sections[].title'`

async function showDashboard(context: CommandContext, flags: Flags): Promise<ExitCode> {
  const { globals, host, print, style } = context
  requireSense(flags, context)
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
  const [{ renderDashboard }, { chooseSymbols: chooseSigns }] = await Promise.all([
    import('../../dashboard/terminal/draw-dashboard.ts'),
    import('../../dashboard/terminal/symbols.ts'),
  ])
  const { columns } = host.stdout
  const canvas = { signs: chooseSigns(host), width: columns ?? 80, isBounded: columns !== undefined }
  print(renderDashboard(view, source.name, { canvas, style }))
  return 0
}

function requireSense({ watch, web, url, tokenFile, deep }: Flags, { globals, host }: CommandContext): void {
  const fail = (message: string, hint: string) => {
    throw new NexusError('usage', message, { hint })
  }
  if (web && (watch || url !== undefined || globals.json))
    fail('--web goes with none of --watch, --url and --json', 'Leave one of them out')
  if (watch && globals.json)
    fail('--watch goes with a terminal, and --json without one', 'Leave one of them out')
  if (watch && host.env.TERM === 'dumb')
    fail('this terminal (TERM=dumb) cannot be drawn on', 'Leave --watch out')
  if (tokenFile !== undefined && url === undefined) fail('--token-file goes with --url', 'Name the server')
  if (deep && url !== undefined)
    fail('--deep asks from this machine, and not from a server', 'Leave --url or --deep out')
}

async function openSource(
  { url, tokenFile, deep = false }: Flags,
  context: CommandContext,
): Promise<DashboardSource> {
  const { host, config } = context
  if (url === undefined) {
    const { openHomeDashboard } = await import('../../dashboard/model/open-home-dashboard.ts')
    return openHomeDashboard({ home: await context.home(), isDeep: deep, firstPauseMs }, host)
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
  const hint = 'For example http://127.0.0.1:4780; a token goes into --token-file'
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new NexusError('usage', `--url ${text} is no address of a server`, { hint })
  if (url.username !== '' || url.password !== '')
    throw new NexusError('usage', '--url takes an address without a password', { hint })
  return url
}
