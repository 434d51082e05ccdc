import { registryNames } from '../../registry/schema/names.ts'
import { type OpenRoute, textResponse } from '../route.ts'

export const metrics: OpenRoute = {
  method: 'GET',
  path: '/metrics',
  summary: 'the server and the registries that the caller may read, in numbers for Prometheus',
  access: 'open',
  isPrompt: true,
  docs: {
    tag: 'health',
    parameters: [],
    body: null,
    answers: { 200: textResponse("The numbers, in Prometheus' text format", 'text/plain') },
    example: '/metrics',
  },
  answer: async ({ revision, view }, { freshness, metrics: server }) => {
    const readable = registryNames.filter(name => view.readable.has(name))
    const known = await Promise.all(readable.map(name => freshness.find(name, revision.snapshot)))
    const facts = { snapshot: view.snapshot, statuses: known.map(({ status }) => status) }
    const { type, text } = await server.render(facts)
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body: text }
  },
}
