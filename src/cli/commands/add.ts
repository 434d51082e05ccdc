import type { Command } from 'commander'
import { type AdditionKind, type AdditionKindName, additionKinds } from '../../edit/addition-kinds.ts'
import { NexusError } from '../../lib/errors.ts'
import { addEntries } from '../add-entries.ts'
import type { CommandContext, Execute, ExitCode, RegisterCommand } from '../command-context.ts'
import type { EditFlags } from '../run-edit.ts'

interface AddFlags extends EditFlags {
  readonly from?: string
}

export const registerAdd: RegisterCommand = (program, execute) => {
  const add = program
    .command('add')
    .description('Add entries to the registries, with all that belongs to them')
    .usage('[options] <name...> | <kind> <id> [options] | --from <file>')
    .argument('[name...]', 'Names that the catalog knows (rg, numpy, perplexity), or a kind and its id')
    .option('--from <file>', 'Add all that a file of JSON or YAML has; - is stdin')
    .option('-y, --yes', 'Do not ask for confirmation')
    .option('--dry-run', 'Show what would be added, without adding it')
    .addHelpText(
      'after',
      `
One command changes every file that an entry belongs in, all or none: the entry, its variable, its card in the dashboard,
the expected counts, lists and edges. It shows the plan and asks; elsewhere than on a terminal nothing is added without
--yes (exit code 2). Then it detects what is new, and exports it.

What the catalog knows needs only its name. For anything else, name its kind first: help of each is in
nexus-registry add KIND --help. On a terminal it asks for values that are missing.

A file for --from has entries by kind and id: {"tools": {"bun": {"detection": "which bun", "category": "runtime"}},
"edges": [{"from": "api_manager", "to": "tools/bun", "type": "requires"}]}.

Examples:
  nexus-registry add rg fd            two tools of the catalog
  nexus-registry add uv --dry-run     show the plan
  nexus-registry add tool bun --detect 'which bun' --version-check 'bun --version' --category runtime
  nexus-registry add provider acme    ask for its address and the like, on a terminal
  nexus-registry add --from team.yaml --yes`,
    )
    .action(execute(addKnown))
  for (const [name, kind] of Object.entries<AdditionKind>(additionKinds)) {
    if (isKindName(name)) registerKind({ add, name, kind }, execute)
  }
  registerEdge(add, execute)
}

function isKindName(name: string): name is AdditionKindName {
  return Object.hasOwn(additionKinds, name)
}

interface KindCommand {
  readonly add: Command
  readonly name: AdditionKindName
  readonly kind: AdditionKind
}

function registerKind({ add, name, kind }: KindCommand, execute: Execute): void {
  const command = add.command(name).description(kind.summary).argument('[id]', `Id of the new ${kind.noun}`)
  for (const { flag, value, description, type } of kind.fields) {
    const isRepeatable = type === 'list' || type === 'pairs'
    if (isRepeatable) command.option(`--${flag} <${value}>`, description, collect)
    else command.option(`--${flag} <${value}>`, description)
  }
  const examples = kind.examples.map(example => `  ${example}`).join('\n')
  command.addHelpText('after', `\n${kind.notes}\n\nExamples:\n${examples}`).action(
    execute(async (context, id: string | undefined, flags: object, self: Command): Promise<ExitCode> => {
      const { addKind } = await import('../add-kind.ts')
      return addKind({ kind: name, id, flags }, toAddFlags(self), context)
    }),
  )
}

function collect(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value]
}

function registerEdge(add: Command, execute: Execute): void {
  add
    .command('edge')
    .description('Add a dependency between two components, registries or entries')
    .argument('[from]', 'What needs or refers to the other')
    .argument('[to]', 'What is needed or referred to')
    .option('--type <TYPE>', 'requires (cannot work without it) or references (default: requires)')
    .addHelpText(
      'after',
      `
Examples:
  nexus-registry add edge api_manager tools/git
  nexus-registry add edge nexus_dashboard models/gpt-4o --type references`,
    )
    .action(
      execute(
        async (
          context,
          from: string | undefined,
          to: string | undefined,
          { type = 'requires' }: { readonly type?: string },
          self: Command,
        ): Promise<ExitCode> => {
          if (from === undefined || to === undefined) {
            const what = from === undefined ? 'FROM and TO are missing' : 'TO is missing'
            throw new NexusError('usage', `add edge: ${what}`, { hint: 'See nexus-registry add edge --help' })
          }
          const { toEdgeAddition } = await import('../../edit/to-additions.ts')
          return addEntries({ additions: [toEdgeAddition(from, to, type)] }, toAddFlags(self), context)
        },
      ),
    )
}

// The flags of `add` may stand before and after the kind.
function toAddFlags(command: Command): AddFlags {
  const { from, yes, dryRun } = command.optsWithGlobals<AddFlags>()
  if (from !== undefined) {
    throw new NexusError('usage', '--from cannot be combined with a kind', {
      hint: 'The file names the kinds',
    })
  }
  return { ...(yes && { yes }), ...(dryRun && { dryRun }) }
}

async function addKnown(
  context: CommandContext,
  names: readonly string[],
  flags: AddFlags,
): Promise<ExitCode> {
  if (flags.from !== undefined) return addFrom(flags.from, names, flags, context)
  if (names.length === 0) {
    throw new NexusError('usage', 'add: name what to add, or a kind and its id', {
      hint: `Kinds are ${[...Object.keys(additionKinds), 'edge'].join(', ')}; see nexus-registry add --help`,
    })
  }
  const { findAdditions } = await import('../../edit/find-additions.ts')
  const home = await context.home('write')
  return addEntries(await findAdditions(names, home, context.host), flags, context)
}

async function addFrom(
  file: string,
  names: readonly string[],
  flags: AddFlags,
  context: CommandContext,
): Promise<ExitCode> {
  if (names.length > 0) {
    throw new NexusError('usage', '--from cannot be combined with names', { hint: 'Run add twice' })
  }
  const { loadAdditions } = await import('../../edit/load-additions.ts')
  return addEntries({ additions: await loadAdditions(file, context.host) }, flags, context)
}
