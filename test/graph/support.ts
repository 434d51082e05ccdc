import nodePath from 'node:path'
import { type Graph, type GraphEdge, type GraphNode, sortGraph } from '../../src/graph/graph.ts'
import { createGraph } from '../../src/graph/load-graph.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { type HomeTexts, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

/** The graph of the small sound home, with some of its files changed. */
export async function soundGraph(changes: Partial<HomeTexts> = {}): Promise<Graph> {
  const host = await createTestHost()
  await writeHome(host.directory, { ...soundTexts, ...changes })
  return createGraph(await loadSnapshot(host.directory, host))
}

/** The graph of the registries that are shipped. */
export async function shippedGraph(): Promise<Graph> {
  return createGraph(await loadSnapshot(nodePath.resolve('registries'), await createTestHost()))
}

/** A graph of plug-ins by their edges, `a > b`; all of them are declared and required. */
export function toGraph(...links: readonly string[]): Graph {
  const edges = links.map((link): GraphEdge => {
    const [from = '', to = ''] = link.split(' > ')
    return { from, to, type: 'requires' }
  })
  const ids = edges.flatMap(({ from, to }) => [from, to])
  return sortGraph({ nodes: ids.map(id => toNode(id)), edges, declared: new Set() })
}

export function toNode(id: string, fields: Partial<GraphNode> = {}): GraphNode {
  return { id, kind: 'component', label: id, status: null, description: '', ...fields }
}

export function lineOf({ from, to, type }: GraphEdge): string {
  return `${from} ${type} ${to}`
}
