import { type OpenRoute, problem, textResponse } from '../route.ts'

export const events: OpenRoute = {
  method: 'GET',
  path: '/events',
  summary: 'changes of the registries that the caller may read, as server-sent events',
  access: 'open',
  isPrompt: true,
  docs: {
    tag: 'health',
    parameters: [
      {
        name: 'Last-Event-ID',
        in: 'header',
        isRequired: false,
        says: 'Id of the last event that the client has seen: the stream starts with the events after it',
        schema: 'Text',
        example: 'k3f9a2-17',
      },
      {
        name: 'last_event_id',
        in: 'query',
        isRequired: false,
        says: 'The same, for clients that cannot set headers',
        schema: 'QueryParameter',
        example: 'k3f9a2-17',
      },
    ],
    body: null,
    answers: {
      200: textResponse(
        'Events as they happen: change, freshness, access, readings, reset, goodbye',
        'text/event-stream',
      ),
      503: problem('There are too many streams already'),
    },
    example: '/events',
  },
  answer: (call, context) => context.events.open(call),
}
