import type { LoadedGraph } from '../../graph/load-graph.ts'
import { NexusError } from '../../lib/errors.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import { toVisible } from '../../lib/text/visible.ts'
import type { ExplainRequest } from '../../readiness/explain.ts'
import type { ToolSearch } from '../../readiness/readiness.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import { parseRef } from '../../registry/refs.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

interface Flags {
  readonly all?: boolean
}

export const registerExplain: RegisterCommand = (program, execute) => {
  program
    .command('explain')
    .description('Explain why something is or is not usable, and how to fix it')
    .argument('[ref]', 'a ref or any other name: models/gpt-4o, docker, kubectl, nexus_dashboard')
    .option('--all', 'list everything that cannot be used here, causes first')
    .addHelpText(
      'after',
      `
Exits with 0 when it is ready, and with 1 when it is not ready or not known.

Examples:
  nexus-registry explain models/gpt-4o     whether its key is set and its service is up
  nexus-registry explain tools/docker      its path, other candidates, and what depends on it
  nexus-registry explain --all             what to fix on this machine`,
    )
    .action(
      execute(async (context, name: string | undefined, flags: Flags): Promise<ExitCode> => {
        requireRefOrAll(name, flags)
        const { loadGraph } = await import('../../graph/load-graph.ts')
        const home = await context.home()
        const loaded = await loadGraph(home.directory, context.host)
        const isReady =
          name === undefined
            ? await printAll(toRequest(home, loaded, context), context)
            : await printOne(name, home, loaded, context)
        for (const warning of loaded.warnings) context.note(toVisible(warning))
        return isReady && loaded.warnings.length === 0 ? 0 : 1
      }),
    )
}

function requireRefOrAll(name: string | undefined, { all }: Flags): void {
  if ((name === undefined) === (all === true)) return
  throw new NexusError('usage', 'explain takes either a ref or --all', {
    hint: 'For example nexus-registry explain models/gpt-4o',
  })
}

function toRequest(
  home: RegistryHome,
  { graph, snapshot }: LoadedGraph,
  { config, globals }: CommandContext,
): ExplainRequest {
  const { python, timeoutMs } = config
  return { home, graph, snapshot, python, timeoutMs, configFile: globals.config }
}

async function printOne(
  name: string,
  home: RegistryHome,
  loaded: LoadedGraph,
  context: CommandContext,
): Promise<boolean> {
  const [{ findKnownNode }, { explain }, { renderExplanation }] = await Promise.all([
    import('../../graph/load-graph.ts'),
    import('../../readiness/explain.ts'),
    import('../../readiness/render-explanation.ts'),
  ])
  const { globals, host, style, print } = context
  const { node, ...known } = await findKnownNode(name, loaded, host)
  const { explanation, search } = await explain(node, toRequest(home, known, context), host)
  if (globals.json) print(JSON.stringify({ ...explanation, ...toSearchFields(search) }, null, 2))
  else
    print(
      renderExplanation(
        { explanation, search, now: host.clock.now() },
        { style, width: host.stdout.columns },
      ),
    )
  if (known.snapshot !== loaded.snapshot) {
    context.note(
      toVisible(
        `It is not in the registry: nexus-registry add ${toShellWord(parseRef(node.id)?.id ?? name)}`,
      ),
    )
  }
  return explanation.status === 'ready'
}

function toSearchFields(search: ToolSearch | undefined) {
  return search === undefined
    ? {}
    : { detected: search.detected, hidden: search.hidden, passed_over: search.passedOver }
}

async function printAll(request: ExplainRequest, context: CommandContext): Promise<boolean> {
  const [{ explainAll }, { renderUnusable }] = await Promise.all([
    import('../../readiness/explain.ts'),
    import('../../readiness/render-explanation.ts'),
  ])
  const { globals, host, style, print } = context
  const result = await explainAll(request, host)
  if (globals.json) print(JSON.stringify(result, null, 2))
  else print(renderUnusable(result, { style, width: host.stdout.columns }))
  return result.unusable.length === 0
}
