import type { LoadedGraph } from '../../graph/load-graph.ts'
import { NexusError } from '../../lib/errors.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import { toSigns } from '../../lib/terminal/signs.ts'
import { toVisible } from '../../lib/text/visible.ts'
import type { ExplainRequest } from '../../readiness/explain.ts'
import type { ToolSearch } from '../../readiness/readiness.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import { parseRef } from '../../registry/refs.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

interface Flags {
  readonly all?: boolean
  readonly absent?: boolean
}

export const registerExplain: RegisterCommand = (program, execute) => {
  program
    .command('explain')
    .description('Explain why something is or is not usable, and how to fix it')
    .argument('[ref]', 'a ref or any other name: models/gpt-4o, docker, kubectl, nexus_dashboard')
    .option('--all', 'list the problems of this machine; the same as without a ref')
    .option('--absent', 'list known tools that are not installed too')
    .addHelpText(
      'after',
      `
With a ref, exits with 0 when it is ready, else with 1. Without one, exits with 1 when there are problems.

Examples:
  nexus-registry explain                          what is set up here and does not work, with fixes
  nexus-registry explain models/gpt-4o            whether its key is set, and when it retires
  nexus-registry explain models/ollama/llama3.2   whether Ollama is up and has it, and whether it fits
  nexus-registry explain pytorch                  whether it can use the GPU here
  nexus-registry explain tools/docker             its path, its variables, and what depends on it`,
    )
    .action(
      execute(async (context, name: string | undefined, flags: Flags): Promise<ExitCode> => {
        requireOneRequest(name, flags)
        const { loadGraph, withRequestedNode } = await import('../../graph/load-graph.ts')
        const home = await context.home()
        const files = await loadGraph(home.directory, context.host)
        const loaded = name === undefined ? files : withRequestedNode(name, files)
        const isReady =
          name === undefined
            ? await printAll(toRequest(home, loaded, context), flags, context)
            : await printOne(name, home, loaded, context)
        for (const warning of loaded.warnings) context.note(toVisible(warning))
        return isReady && loaded.warnings.length === 0 ? 0 : 1
      }),
    )
}

function requireOneRequest(name: string | undefined, { all, absent }: Flags): void {
  if (name === undefined || (all !== true && absent !== true)) return
  throw new NexusError('usage', `explain takes either a ref or ${all ? '--all' : '--absent'}`, {
    hint: 'For example nexus-registry explain models/gpt-4o',
  })
}

function toRequest(
  home: RegistryHome,
  { graph, snapshot }: LoadedGraph,
  { config, globals }: CommandContext,
): ExplainRequest {
  const { python, timeoutMs, platformRoot } = config
  return { home, graph, snapshot, python, timeoutMs, platformRoot, configFile: globals.config }
}

async function printOne(
  name: string,
  home: RegistryHome,
  loaded: LoadedGraph,
  context: CommandContext,
): Promise<boolean> {
  const [{ findKnownNode }, { explain }, { renderExplanation }, { describeLocalEntry, findLocalDetection }] =
    await Promise.all([
      import('../../graph/load-graph.ts'),
      import('../../readiness/explain.ts'),
      import('../../readiness/render-explanation.ts'),
      import('../../readiness/local-runtime.ts'),
    ])
  const { globals, host, style, print } = context
  const { node, ...known } = await findKnownNode(name, loaded, host)
  const { explanation, search, fit } = await explain(node, toRequest(home, known, context), host)
  const now = host.clock.now()
  const facts = describeLocalEntry(node.id, known.snapshot, now)
  const detected = findLocalDetection(node.id, known.snapshot)
  const fields = { ...(fit && { fit }), ...(detected ? { detected } : toSearchFields(search)) }
  if (globals.json) print(JSON.stringify({ ...explanation, ...fields }, null, 2))
  else
    print(
      renderExplanation(
        { explanation, search, facts, fit, now },
        { style, signs: toSigns(host.env), width: host.stdout.columns },
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

async function printAll(
  request: ExplainRequest,
  { absent: listsAbsent = false }: Flags,
  context: CommandContext,
): Promise<boolean> {
  const [{ explainAll }, { renderOverview }, { listLocalRuntimes }] = await Promise.all([
    import('../../readiness/explain.ts'),
    import('../../readiness/render-explanation.ts'),
    import('../../readiness/local-runtime.ts'),
  ])
  const { globals, host, style, print } = context
  const overview = await explainAll(request, host)
  const localRuntimes = listLocalRuntimes(request.snapshot)
  if (globals.json) print(JSON.stringify(overview, null, 2))
  else {
    const { columns: width } = host.stdout
    const signs = toSigns(host.env)
    print(renderOverview(overview, { style, signs, width, listsAbsent, localRuntimes }))
  }
  return overview.problems.length === 0
}
