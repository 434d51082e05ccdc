import type { GraphView } from '../../graph/graph.ts'
import { toLoadedGraph } from '../../graph/load-graph.ts'
import { planView } from '../../graph/plan-view.ts'
import { limits } from '../../lib/limits.ts'
import type { FullResponse } from '../../platform/http.ts'
import { type PreparedBody, prepareBody } from '../bodies.ts'
import { toProblem } from '../problem.ts'
import { createKeep, evaluateView, type View } from '../revision.ts'
import { type HeavyRoute, problem, response, textResponse, unchanged } from '../route.ts'
import type { HomeContext } from '../serve-request.ts'

/** The graph in all forms that are served. */
export const graphRoutes: readonly HeavyRoute[] = [
  toRoute('json', 'application/json', 'the dependency graph, with what is ready here: nodes and edges'),
  toRoute('svg', 'image/svg+xml', 'the dependency graph as an image'),
  toRoute('mmd', 'text/vnd.mermaid; charset=utf-8', 'the dependency graph for Mermaid'),
  toRoute('dot', 'text/vnd.graphviz; charset=utf-8', 'the dependency graph for Graphviz'),
]

/** Images are drawn once per view, one at a time: all are one client of the worker pool. */
const diagrams = 'pictures'

type Extension = 'json' | 'svg' | 'mmd' | 'dot'

type Drawn = PreparedBody | { readonly answer: FullResponse; readonly isPassing: boolean }

function toRoute(extension: Extension, type: string, summary: string): HeavyRoute {
  const drawn = createKeep<Promise<Drawn>>()
  return {
    method: 'GET',
    path: `/graph.${extension}`,
    summary,
    access: 'open',
    isHeavy: true,
    docs: {
      tag: 'questions',
      parameters: [],
      body: null,
      answers: {
        200: extension === 'json' ? response('The graph', 'Graph') : textResponse('The graph', type),
        304: unchanged,
        ...(extension === 'svg' && {
          503: problem('It cannot be drawn now; Retry-After says when to try again'),
        }),
      },
      example: `/graph.${extension}`,
    },
    answer: async ({ view, request }, context) => {
      const body = await view.keep(drawn, () => draw(extension, type, view, context))
      if ('etag' in body) return body.answer(request)
      // The next request tries again, except after a time-out.
      if (body.isPassing) drawn.made.delete(view)
      return body.answer
    },
  }
}

async function draw(extension: Extension, type: string, view: View, context: HomeContext): Promise<Drawn> {
  const { host, render } = context
  const { graph } = toLoadedGraph(view.snapshot, host.clock.now())
  const { statuses } = await evaluateView(view, context)
  const nodes = graph.nodes.map(node => ({ ...node, status: statuses.get(node.id) ?? null }))
  const shown = planView(undefined, { ...graph, nodes }, {})
  const prepare = (body: string) => prepareBody({ body, type, audience: 'private' }, host)
  if (extension !== 'svg') return prepare(await render.graph[extension](shown))
  return drawSvg(shown, context, prepare)
}

async function drawSvg(
  shown: GraphView,
  { host }: Pick<HomeContext, 'host'>,
  prepare: (body: string) => PreparedBody,
): Promise<Drawn> {
  const outcome = await host.workers.draw(shown, { timeoutMs: limits.servedPictureMs, client: diagrams })
  if (outcome.outcome === 'done') return prepare(outcome.result)
  const isPassing = outcome.outcome !== 'failed' && outcome.outcome !== 'timed-out'
  const slow = isPassing ? 'too much is waiting already' : 'drawing it took too long'
  const reason = outcome.outcome === 'failed' ? outcome.reason : slow
  const answer = toProblem(503, `the image cannot be drawn: ${reason}`, {
    hint: 'GET /graph.dot, and draw it with your own Graphviz: dot -Tsvg',
    headers: { 'retry-after': '5' },
  })
  return { answer, isPassing }
}
