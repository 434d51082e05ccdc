import { InvalidArgumentError } from 'commander'
import {
  filterGraph,
  type Graph,
  type GraphEdgeType,
  type GraphView,
  graphEdgeTypes,
} from '../../graph/graph.ts'
import type { LoadedGraph } from '../../graph/load-graph.ts'
import { NexusError } from '../../lib/errors.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import { suggest } from '../../lib/text/nearest.ts'
import { toVisible } from '../../lib/text/visible.ts'
import type { ExplainRequest } from '../../readiness/explain.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { parseCount, requireFormat } from '../options.ts'

interface Flags {
  readonly format?: string
  readonly depth?: number
  readonly reverse?: boolean
  readonly dependents?: boolean
  readonly why?: readonly string[]
  readonly all?: boolean
  readonly cycles?: boolean
  readonly type?: readonly GraphEdgeType[]
  readonly status?: boolean
}

export const registerGraph: RegisterCommand = (program, execute) => {
  program
    .command('graph')
    .description('Show dependencies as a tree, diagram or JSON')
    .argument('[ref]', 'Where to begin: a ref, another name or a registry (default: everything)')
    .option('--format <format>', 'Output format: tree, mermaid, dot, json or svg')
    .option('--depth <n>', 'Maximum distance from the start', parseCount)
    .option('--reverse', 'Show dependents instead of dependencies')
    .option('--dependents', 'Same as --reverse')
    .option('--why <ref...>', 'Show the shortest path between two: --why A B')
    .option('--all', 'Show everything; with --why: all paths')
    .option('--cycles', 'Show dependency cycles; exit with 1 if there are any')
    .option(
      '--type <type>',
      `Only edges of this type, repeatable: ${graphEdgeTypes.join(', ')}`,
      collectType,
      [],
    )
    .option('--status', 'Check what is ready here, and show it')
    .addHelpText(
      'after',
      `
Examples:
  nexus-registry graph                                everything, by registry
  nexus-registry graph nexus_hyper_core               dependencies of a component
  nexus-registry graph tools/jq --dependents          dependents of a tool
  nexus-registry graph --why nexus_hyper_core aefa    why one needs another
  nexus-registry graph --status --format svg > graph.svg`,
    )
    .action(
      execute(async (context, name: string | undefined, flags: Flags): Promise<ExitCode> => {
        const { loadGraph } = await import('../../graph/load-graph.ts')
        const home = await context.home()
        const loaded = await loadGraph(home.directory, context.host)
        const graph = await prepare(loaded, home, flags, context)
        const code = await show({ ...loaded, graph }, name, flags, context)
        for (const warning of loaded.warnings) context.note(toVisible(warning))
        return loaded.warnings.length === 0 ? code : 1
      }),
    )
}

function collectType(text: string, chosen: readonly GraphEdgeType[]): GraphEdgeType[] {
  const type = graphEdgeTypes.find(candidate => candidate === text)
  if (type) return [...chosen, type]
  throw new InvalidArgumentError(suggest(text, graphEdgeTypes) ?? `Types are ${graphEdgeTypes.join(', ')}.`)
}

async function prepare(
  { graph, snapshot }: LoadedGraph,
  home: RegistryHome,
  { status, type = [] }: Flags,
  context: CommandContext,
): Promise<Graph> {
  const evaluated = status ? await withStatus({ home, graph, snapshot }, context) : graph
  return type.length === 0 ? evaluated : filterGraph(evaluated, { edge: edge => type.includes(edge.type) })
}

async function withStatus(
  known: Pick<ExplainRequest, 'home' | 'graph' | 'snapshot'>,
  { config, globals, host }: CommandContext,
): Promise<Graph> {
  const { assess } = await import('../../readiness/explain.ts')
  const { python, timeoutMs, platformRoot } = config
  const request = { ...known, python, timeoutMs, platformRoot, configFile: globals.config }
  const statuses = await assess(request, host)
  const nodes = known.graph.nodes.map(node => ({ ...node, status: statuses.get(node.id) ?? null }))
  return { ...known.graph, nodes }
}

async function show(
  loaded: LoadedGraph,
  name: string | undefined,
  flags: Flags,
  context: CommandContext,
): Promise<ExitCode> {
  requireOneRequest(name, flags)
  if (flags.why) return showWhy(loaded, toEnds(flags.why, name), flags, context)
  if (flags.cycles) return showCycles(loaded, flags, context)
  const [{ planView }, { findKnownNode }] = await Promise.all([
    import('../../graph/plan-view.ts'),
    import('../../graph/load-graph.ts'),
  ])
  const known = name === undefined ? undefined : await findKnownNode(name, loaded, context.host)
  const root = known?.node
  const isReverse = flags.reverse ?? flags.dependents
  const depth = flags.depth ?? (root === undefined || flags.all ? undefined : context.config.graph.depth)
  const { all: isWhole, type: types } = flags
  const view = planView(root, known?.graph ?? loaded.graph, { depth, isReverse, isWhole, types })
  await print(view, flags, context)
  return 0
}

function requireOneRequest(name: string | undefined, { reverse, dependents, why, cycles }: Flags): void {
  const isReverse = reverse ?? dependents ?? false
  if (cycles && (why !== undefined || isReverse || name !== undefined)) {
    throw new NexusError(
      'usage',
      '--cycles covers the whole graph: it cannot be combined with a ref, --why or --reverse',
      {
        hint: 'For example nexus-registry graph --cycles --type requires',
      },
    )
  }
  if (isReverse && (why !== undefined || name === undefined)) {
    const flag = reverse ? '--reverse' : '--dependents'
    const hint = `For example nexus-registry graph tools/jq ${flag}`
    throw new NexusError('usage', `${flag} requires a ref, and cannot be combined with --why`, { hint })
  }
}

// `graph A --why B` means the same as `graph --why A B`.
function toEnds(why: readonly string[], name: string | undefined): readonly [string, string] {
  const [from, to, ...others] = name === undefined ? why : [name, ...why]
  if (from !== undefined && to !== undefined && others.length === 0) return [from, to]
  throw new NexusError('usage', '--why requires two refs', {
    hint: 'For example --why nexus_hyper_core tools/jq',
  })
}

async function showWhy(
  { graph, snapshot }: LoadedGraph,
  [from, to]: readonly [string, string],
  flags: Flags,
  context: CommandContext,
): Promise<ExitCode> {
  const [{ toWhyView }, { findNode }] = await Promise.all([
    import('../../graph/why-view.ts'),
    import('../../graph/load-graph.ts'),
  ])
  const ends = { from: findNode(from, graph, snapshot), to: findNode(to, graph, snapshot) }
  const { view, paths, isCut, isOtherWay } = toWhyView(ends, graph, flags.all ?? false)
  if (isJson(flags, context)) context.print(JSON.stringify({ paths }, null, 2))
  else if (paths.length > 0) await print(view, flags, context)
  if (isCut) context.note(`Only the ${paths.length} shortest paths are shown; there may be more`)
  if (paths.length > 0) return 0
  context.note(`${ends.from.id} does not need ${ends.to.id}`)
  if (isOtherWay)
    context.note(
      `The opposite is true: nexus-registry graph --why ${toShellWord(ends.to.id)} ${toShellWord(ends.from.id)}`,
    )
  return 1
}

async function showCycles({ graph }: LoadedGraph, flags: Flags, context: CommandContext): Promise<ExitCode> {
  const { toCyclesView } = await import('../../graph/cycles.ts')
  const { cycles, view } = toCyclesView(graph, flags.type)
  if (isJson(flags, context)) context.print(JSON.stringify({ cycles }, null, 2))
  else if (cycles.length > 0) await print(view, flags, context)
  else context.note('No dependency cycles')
  return cycles.length === 0 ? 0 : 1
}

function requestedFormat({ format }: Flags, { globals, config }: CommandContext): string {
  return format ?? (globals.json ? 'json' : (config.graph.format ?? 'tree'))
}

function isJson(flags: Flags, context: CommandContext): boolean {
  return requestedFormat(flags, context) === 'json'
}

async function print(view: GraphView, flags: Flags, context: CommandContext): Promise<void> {
  const { graphFormats } = await import('../../graph/formats/index.ts')
  const { host, style } = context
  const format = requireFormat(requestedFormat(flags, context), graphFormats)
  context.print(await graphFormats[format](view, { style, width: host.stdout.columns }))
  if (view.hint !== null && format !== 'json') context.note(toVisible(view.hint))
}
