import { Argument, Option } from 'commander'
import { NexusError } from '../../lib/errors.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import { suggest } from '../../lib/text/nearest.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import { roles } from '../../registry/schema/roles.ts'
import type { TokenInfo } from '../../security/tokens.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

interface TokenOptions {
  readonly role?: string
  readonly expires?: string
  readonly note?: string
}

const actions = { create, list, revoke } as const
const actionNames = ['create', 'list', 'revoke'] as const satisfies readonly (keyof typeof actions)[]

type ActionName = (typeof actionNames)[number]

export const registerToken: RegisterCommand = (program, execute) => {
  program
    .command('token')
    .description('Create, list and revoke access tokens of a registry home')
    .addArgument(choose(new Argument('<action>', 'create, list or revoke'), actionNames))
    .argument('[id]', 'Id of the token to revoke, as shown by list')
    .addOption(choose(new Option('--role <role>', 'Role of the new token'), roles))
    .option('--expires <time>', 'Lifetime of the new token: 90m, 12h, 30d, 8w or never (default: 30d)')
    .option('--note <text>', 'Note about the purpose of the new token')
    .addHelpText(
      'after',
      `
The token is printed once, to stdout. Only its hash is stored.

Examples:
  nexus-registry token create --role tool-detection --note 'CI of the platform'
  nexus-registry token create --role admin --expires 12h > admin.token    set umask 077 first
  nexus-registry token list                                               list the tokens and when they expire
  nexus-registry token revoke 5f0c2a91                                    revoke a token`,
    )
    .action(
      execute((context, name: string, id: string | undefined, options: TokenOptions) => {
        const action = requireAction(name)
        requireFit(action, id, options)
        return actions[action](context, { ...options, id })
      }),
    )
}

// Completion offers the choices. `requireAction` and `issueToken` report a wrong one, and suggest the nearest.
function choose<Choosable extends Argument | Option>(
  choosable: Choosable,
  choices: readonly string[],
): Choosable {
  choosable.choices(choices)
  choosable.argParser(text => text)
  return choosable
}

function requireAction(name: string): ActionName {
  const action = actionNames.find(each => each === name)
  if (action) return action
  throw new NexusError('usage', `token: unknown action ${JSON.stringify(name)}`, {
    hint: suggest(name, actionNames) ?? `Actions are ${actionNames.join(', ')}`,
  })
}

function requireFit(name: ActionName, id: string | undefined, options: TokenOptions): void {
  const [option] = Object.keys(options)
  if (name !== 'create' && option !== undefined) {
    throw new NexusError('usage', `token ${name} does not accept --${option}`, { hint: 'Use it with create' })
  }
  if ((name === 'revoke') === (id !== undefined)) return
  if (id === undefined) {
    throw new NexusError('usage', 'token revoke requires the id of a token', {
      hint: 'See them with nexus-registry token list',
    })
  }
  throw new NexusError('usage', `token ${name} does not accept ${JSON.stringify(id)}`, { hint: 'Remove it' })
}

async function create(context: CommandContext, { role, expires, note }: TokenOptions): Promise<ExitCode> {
  const { issueToken } = await import('../../security/tokens.ts')
  const { directory } = await context.home('write')
  const issued = await issueToken(directory, { role, expires, note }, context.host)
  context.print(context.globals.json ? JSON.stringify(issued, null, 2) : issued.token)
  const end = issued.expires_at === null ? '' : `, until ${issued.expires_at}`
  context.note(`Token ${issued.id} of ${toVisibleLine(directory)} for ${issued.role}${end}`)
  context.note('It is not shown again. Store it in a file that only you can read')
  if (issued.expires_at === null) {
    context.note(
      `warning: it never expires. Revoke it with nexus-registry token revoke ${toShellWord(issued.id)}`,
    )
  }
  return 0
}

async function list(context: CommandContext): Promise<ExitCode> {
  const { listTokens } = await import('../../security/tokens.ts')
  const { directory } = await context.home('write')
  const tokens = await listTokens(directory, context.host)
  if (context.globals.json) context.print(JSON.stringify(tokens, null, 2))
  else if (tokens.length === 0) context.note(`${toVisibleLine(directory)} has no tokens`)
  else context.print(await renderList(tokens, context))
  return 0
}

async function renderList(tokens: readonly TokenInfo[], { host, style }: CommandContext): Promise<string> {
  const [{ renderTable }, { toTokenTable }] = await Promise.all([
    import('../../lib/terminal/table.ts'),
    import('../token-table.ts'),
  ])
  return renderTable(toTokenTable(tokens, host.clock.now()), { style, width: host.stdout.columns })
}

async function revoke(
  context: CommandContext,
  { id = '' }: { readonly id?: string | undefined },
): Promise<ExitCode> {
  const { revokeToken } = await import('../../security/tokens.ts')
  const { directory } = await context.home('write')
  const revoked = await revokeToken(directory, id, context.host)
  if (context.globals.json) context.print(JSON.stringify({ id, revoked: revoked !== undefined }, null, 2))
  else if (revoked) context.print(`Token ${revoked.id} for ${revoked.role} is no longer valid`)
  else {
    context.note(`${toVisibleLine(directory)} has no token ${toVisibleLine(JSON.stringify(id))}`)
    context.note('hint: See them with nexus-registry token list')
  }
  return revoked ? 0 : 1
}
