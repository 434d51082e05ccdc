import { type OpenRoute, response, unchanged } from '../route.ts'

export const openApi: OpenRoute = {
  method: 'GET',
  path: '/openapi.json',
  summary: 'the API as OpenAPI 3.1',
  access: 'open',
  isPrompt: true,
  docs: {
    tag: 'api',
    parameters: [],
    body: null,
    answers: { 200: response('The document', 'OpenApi'), 304: unchanged },
    example: '/openapi.json',
  },
  answer: async ({ request }, { description }) => (await description.document()).answer(request),
}
