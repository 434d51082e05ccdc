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
    .description('show who needs whom, as a tree, a picture or data')
    .argument('[ref]', 'what to begin with: a ref, an id, a registry (default: everything)')
    .option('--format <format>', 'tree, mermaid, dot, json or svg')
    .option('--depth <n>', 'how many steps to go', parseCount)
    .option('--reverse', 'what needs it, instead of what it needs')
    .option('--dependents', 'the same as --reverse')
    .option('--why <ref...>', 'the shortest way from one to another: --why A B')
    .option('--all', 'fold nothing; with --why: all ways')
    .option('--cycles', 'what needs itself in a circle; exits with 1 when there is any')
    .option('--type <type>', `only these edges, repeatable: ${graphEdgeTypes.join(', ')}`, collectType, [])
    .option('--status', 'look what is ready here, and show it')
    .addHelpText(
      'after',
      `
Examples:
  nexus-registry graph                                everything, by registry
  nexus-registry graph nexus_hyper_core               what a component needs
  nexus-registry graph tools/jq --dependents          what needs a tool
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
  const judged = status ? await withStatus({ home, graph, snapshot }, context) : graph
  return type.length === 0 ? judged : filterGraph(judged, { edge: edge => type.includes(edge.type) })
}

async function withStatus(
  known: Pick<ExplainRequest, 'home' | 'graph' | 'snapshot'>,
  { config, globals, host }: CommandContext,
): Promise<Graph> {
  const { assess } = await import('../../readiness/explain.ts')
  const { python, timeoutMs } = config
  const statuses = await assess({ ...known, python, timeoutMs, configFile: globals.config }, host)
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
  const [{ planView }, { findNode }] = await Promise.all([
    import('../../graph/plan-view.ts'),
    import('../../graph/load-graph.ts'),
  ])
  const root = name === undefined ? undefined : findNode(name, loaded.graph, loaded.snapshot)
  const isReverse = flags.reverse ?? flags.dependents
  const depth = flags.depth ?? (root === undefined || flags.all ? undefined : context.config.graph.depth)
  const { all: isWhole, type: types } = flags
  const view = planView(root, loaded.graph, { depth, isReverse, isWhole, types })
  await print(view, flags, context)
  return 0
}

function requireOneRequest(name: string | undefined, { reverse, dependents, why, cycles }: Flags): void {
  const isReverse = reverse ?? dependents ?? false
  if (cycles && (why !== undefined || isReverse || name !== undefined)) {
    throw new NexusError('usage', '--cycles looks at everything, and goes with no other question', {
      hint: 'For example nexus-registry graph --cycles --type requires',
    })
  }
  if (isReverse && (why !== undefined || name === undefined)) {
    const flag = reverse ? '--reverse' : '--dependents'
    const hint = `For example nexus-registry graph tools/jq ${flag}`
    throw new NexusError('usage', `${flag} takes something to begin with`, { hint })
  }
}

// `graph A --why B` says the same as `graph --why A B`.
function toEnds(why: readonly string[], name: string | undefined): readonly [string, string] {
  const [from, to, ...others] = name === undefined ? why : [name, ...why]
  if (from !== undefined && to !== undefined && others.length === 0) return [from, to]
  throw new NexusError('usage', '--why takes two refs', {
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
  if (isCut) context.note(`There may be more than the ${paths.length} shortest ways`)
  if (paths.length > 0) return 0
  context.note(`${ends.from.id} does not need ${ends.to.id}`)
  if (isOtherWay)
    context.note(
      `The other way round: nexus-registry graph --why ${toShellWord(ends.to.id)} ${toShellWord(ends.from.id)}`,
    )
  return 1
}

async function showCycles({ graph }: LoadedGraph, flags: Flags, context: CommandContext): Promise<ExitCode> {
  const { toCyclesView } = await import('../../graph/cycles.ts')
  const { cycles, view } = toCyclesView(graph, flags.type)
  if (isJson(flags, context)) context.print(JSON.stringify({ cycles }, null, 2))
  else if (cycles.length > 0) await print(view, flags, context)
  else context.note('Nothing needs itself')
  return cycles.length === 0 ? 0 : 1
}

function wantedFormat({ format }: Flags, { globals, config }: CommandContext): string {
  return format ?? (globals.json ? 'json' : (config.graph.format ?? 'tree'))
}

function isJson(flags: Flags, context: CommandContext): boolean {
  return wantedFormat(flags, context) === 'json'
}

async function print(view: GraphView, flags: Flags, context: CommandContext): Promise<void> {
  const { graphFormats } = await import('../../graph/formats/index.ts')
  const { host, style } = context
  const format = requireFormat(wantedFormat(flags, context), graphFormats)
  context.print(await graphFormats[format](view, { style, width: host.stdout.columns }))
  if (view.hint !== null && format !== 'json') context.note(toVisible(view.hint))
}
