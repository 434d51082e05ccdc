import type { LoadedGraph } from '../../graph/load-graph.ts'
import { NexusError } from '../../lib/errors.ts'
import { toVisible } from '../../lib/text/visible.ts'
import type { ExplainRequest } from '../../readiness/explain.ts'
import type { ToolStory } from '../../readiness/readiness.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

interface Flags {
  readonly all?: boolean
}

export const registerExplain: RegisterCommand = (program, execute) => {
  program
    .command('explain')
    .description('Explain why something is or is not usable, and how to fix it')
    .argument('[ref]', 'a ref or an id: models/gpt-4o, tools/docker, nexus_dashboard')
    .option('--all', 'everything that cannot be used here, causes first')
    .addHelpText(
      'after',
      `
Exits with 0 when it is ready, with 1 when it is not or nobody can tell.

Examples:
  nexus-registry explain models/gpt-4o     is its key set, is its service up?
  nexus-registry explain tools/docker      where it was found, what was passed over, what depends on it
  nexus-registry explain --all             what to put right on this machine`,
    )
    .action(
      execute(async (context, name: string | undefined, flags: Flags): Promise<ExitCode> => {
        requireOneRequest(name, flags)
        const { loadGraph } = await import('../../graph/load-graph.ts')
        const home = await context.home()
        const loaded = await loadGraph(home.directory, context.host)
        const request = toRequest(loaded, { home }, context)
        const isReady =
          name === undefined ? await printAll(request, context) : await printOne(name, request, context)
        for (const trouble of loaded.troubles) context.note(toVisible(trouble))
        return isReady && loaded.troubles.length === 0 ? 0 : 1
      }),
    )
}

function requireOneRequest(name: string | undefined, { all }: Flags): void {
  if ((name === undefined) === (all === true)) return
  throw new NexusError('usage', 'explain takes either a ref or --all', {
    hint: 'For example nexus-registry explain models/gpt-4o',
  })
}

function toRequest(
  { graph, snapshot }: LoadedGraph,
  { home }: Pick<ExplainRequest, 'home'>,
  { config, globals }: CommandContext,
): ExplainRequest {
  const { python, timeoutMs } = config
  return { home, graph, snapshot, python, timeoutMs, configFile: globals.config }
}

async function printOne(name: string, request: ExplainRequest, context: CommandContext): Promise<boolean> {
  const [{ findNode }, { explain }, { renderExplanation }] = await Promise.all([
    import('../../graph/load-graph.ts'),
    import('../../readiness/explain.ts'),
    import('../../readiness/render-explanation.ts'),
  ])
  const { globals, host, style, print } = context
  const answer = await explain(findNode(name, request.graph, request.snapshot), request, host)
  const { explanation, story } = answer
  if (globals.json) print(JSON.stringify({ ...explanation, ...toFacts(story) }, null, 2))
  else print(renderExplanation({ ...answer, now: host.clock.now() }, { style, width: host.stdout.columns }))
  return explanation.status === 'ready'
}

function toFacts(story: ToolStory | undefined) {
  return story === undefined
    ? {}
    : { detected: story.detected, hidden: story.hidden, passed_over: story.passedOver }
}

async function printAll(request: ExplainRequest, context: CommandContext): Promise<boolean> {
  const [{ explainAll }, { renderUnusable }] = await Promise.all([
    import('../../readiness/explain.ts'),
    import('../../readiness/render-explanation.ts'),
  ])
  const { globals, host, style, print } = context
  const answer = await explainAll(request, host)
  if (globals.json) print(JSON.stringify(answer, null, 2))
  else print(renderUnusable(answer, { style, width: host.stdout.columns }))
  return answer.unusable.length === 0
}
