import type { OpenRoute } from '../route.ts'

export const events: OpenRoute = {
  method: 'GET',
  path: '/events',
  summary: 'what changes in the registries that the caller may read, as server-sent events',
  access: 'open',
  answer: (call, serving) => serving.events.open(call),
}
