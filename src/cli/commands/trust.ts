import type { HomeReview } from '../../detection/review-home.ts'
import { NexusError } from '../../lib/errors.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import { withoutEscapes } from '../../lib/text/text.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

interface TrustOptions {
  readonly list?: boolean
  readonly revoke?: boolean
  readonly show?: boolean
  readonly yes?: boolean
}

export const registerTrust: RegisterCommand = (program, execute) => {
  program
    .command('trust')
    .description('Allow a registry home to run commands and send requests')
    .argument('[path]', 'Registry home (default: the one that other commands use)')
    .option('--list', 'List the trusted homes')
    .option('--revoke', 'Revoke the trust')
    .option('--show', 'Show what would be allowed, without allowing it')
    .option('-y, --yes', 'Do not ask for confirmation')
    .addHelpText(
      'after',
      `
Trust is for the current content of the files: any change revokes it. On a terminal the command shows what it allows and
asks for confirmation; elsewhere it does not ask.

Examples:
  nexus-registry trust --show ./registries      show its commands, requests and lookups
  nexus-registry trust ./registries             show them, ask, and trust the home
  nexus-registry trust --list                   list the trusted homes
  nexus-registry trust --revoke ./registries    revoke the trust`,
    )
    .action(
      execute(async (context, path: string | undefined, options: TrustOptions): Promise<ExitCode> => {
        if (options.list && (options.revoke || options.show || path !== undefined)) {
          throw new NexusError('usage', '--list cannot be combined with a path, --show or --revoke', {
            hint: 'Remove one of them',
          })
        }
        if (options.show && options.revoke) {
          throw new NexusError('usage', '--show and --revoke cannot be combined', {
            hint: 'Remove one of them',
          })
        }
        if (options.list) return list(context)
        const directory = await chooseDirectory(context, path)
        if (options.show) return show(context, directory)
        return options.revoke ? revoke(context, directory) : grant(context, directory, options)
      }),
    )
}

async function chooseDirectory({ host, home }: CommandContext, path: string | undefined): Promise<string> {
  if (path === undefined) return (await home('write')).directory
  const directory = host.path.resolve(host.cwd, path)
  const { finishInterruptedChange } = await import('../../registry/lock/acquire-lock.ts')
  await finishInterruptedChange(directory, host)
  return directory
}

async function show(context: CommandContext, directory: string): Promise<ExitCode> {
  const { reviewHome } = await import('../../detection/review-home.ts')
  const review = requireReview(directory, await reviewHome(directory, context.host))
  if (context.globals.json) context.print(JSON.stringify({ path: directory, ...toData(review) }, null, 2))
  else context.print(await renderReview(review, context))
  return 0
}

async function grant(
  context: CommandContext,
  directory: string,
  { yes = false }: TrustOptions,
): Promise<ExitCode> {
  const [{ reviewHome }, { grantTrust }, { evictCachedExports }] = await Promise.all([
    import('../../detection/review-home.ts'),
    import('../../security/trust.ts'),
    import('../../env/cache/cached-exports.ts'),
  ])
  const { globals, host, style, print, say, note } = context
  const review = requireReview(directory, await reviewHome(directory, host))
  if (!globals.json) {
    say(await renderReview(review, context))
    const prompt = `Trust ${toVisibleLine(directory)} with this?`
    if (!yes && (await host.confirm(prompt)) === false) {
      note('Nothing was changed')
      return 1
    }
  }
  const granted = await grantTrust(directory, host, review.hashes)
  await evictCachedExports(host)
  if (globals.json) {
    print(JSON.stringify({ path: granted.path, granted_at: granted.granted_at, ...toData(review) }, null, 2))
    return 0
  }
  say(`${style.green('Trusted')} ${toVisibleLine(granted.path)}`)
  note(`Revoke with nexus-registry trust --revoke ${toShellWord(granted.path)}`)
  return 0
}

function requireReview(directory: string, review: HomeReview): HomeReview {
  if (Object.values(review.hashes).some(hash => hash !== undefined)) return review
  throw new NexusError('trust', `${directory} contains no registry that could be trusted`, {
    hint: 'Name a registry home; nexus-registry init DIR creates one',
  })
}

function toData({ commands, requests, lookups }: HomeReview): Omit<HomeReview, 'hashes'> {
  return { commands, requests, lookups }
}

/** Renders the commands, requests and lookups of a home. Lookups need no trust. */
async function renderReview(
  { commands, requests, lookups }: HomeReview,
  { style, host }: CommandContext,
): Promise<string> {
  const { columns: width } = host.stdout
  const [{ renderTable }, { renderCount }, { textWidth }, { wrapWords }] = await Promise.all([
    import('../../lib/terminal/table.ts'),
    import('../../lib/text/format.ts'),
    import('../../lib/terminal/width.ts'),
    import('../../lib/terminal/width.ts'),
  ])
  const groups = [
    {
      title: `Runs ${renderCount(commands.length, 'command')}`,
      columns: ['entry', 'field', 'runs'],
      rows: commands.map(({ ref, field, command }) => [ref, field, command]),
    },
    {
      title: `Sends ${renderCount(requests.length, 'request')}`,
      columns: ['entry', 'when', 'request'],
      rows: requests.map(({ ref, when, method, address }) => [ref, when, `${method} ${address}`]),
    },
    {
      title: `Looks up ${renderCount(lookups.length, 'name')}, which needs no trust and starts no process`,
      columns: ['entry', 'where', 'name'],
      rows: lookups.map(({ ref, where, name }) => [ref, where, name]),
    },
  ]
  const parts = groups.map(async ({ title, columns, rows }) => {
    const heading = wrapWords(style.bold(title), width)
    if (rows.length === 0) return heading
    const headings = columns.map(heading => ({ heading }))
    // Not truncated: the reader must see everything that is allowed.
    const table = await renderTable({ columns: headings, rows }, { style, width: undefined })
    const isWide =
      width !== undefined && table.split('\n').some(line => textWidth(withoutEscapes(line)) > width)
    const items = rows
      .map(row => row.map(toVisibleLine))
      .map(([ref = '', ...facts]) => {
        const fact = wrapWords(`  ${facts.join(': ')}`, width, 4)
        return `${ref}\n${fact}`
      })
    return `${heading}\n\n${isWide ? items.join('\n') : table}`
  })
  return `${(await Promise.all(parts)).join('\n\n')}\n\n`
}

async function revoke(context: CommandContext, directory: string): Promise<ExitCode> {
  const [{ revokeTrust }, { evictCachedExports }] = await Promise.all([
    import('../../security/trust.ts'),
    import('../../env/cache/cached-exports.ts'),
  ])
  const wasTrusted = await revokeTrust(directory, context.host)
  await evictCachedExports(context.host)
  const shown = toVisibleLine(directory)
  if (context.globals.json) context.print(JSON.stringify({ path: directory, revoked: wasTrusted }, null, 2))
  else context.say(wasTrusted ? `${shown} is no longer trusted` : `${shown} was not trusted`)
  return wasTrusted ? 0 : 1
}

async function list(context: CommandContext): Promise<ExitCode> {
  const { listTrust } = await import('../../security/trust.ts')
  const grants = await listTrust(context.host)
  if (context.globals.json) {
    context.print(
      JSON.stringify(
        grants.map(({ path, granted_at }) => ({ path, granted_at })),
        null,
        2,
      ),
    )
  } else if (grants.length === 0) context.note('Only your own registry home is trusted')
  else {
    const [{ renderTable }, { formatAge }] = await Promise.all([
      import('../../lib/terminal/table.ts'),
      import('../../lib/text/format.ts'),
    ])
    const now = context.host.clock.now()
    const rows = grants.map(({ path, granted_at }) => [path, formatAge(now - Date.parse(granted_at))])
    const columns = [{ heading: 'home' }, { heading: 'trusted' }]
    context.print(
      await renderTable({ columns, rows }, { style: context.style, width: context.host.stdout.columns }),
    )
  }
  return 0
}
