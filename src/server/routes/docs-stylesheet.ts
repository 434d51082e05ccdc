import { type OpenRoute, textResponse, unchanged } from '../route.ts'

export const docsStylesheet: OpenRoute = {
  method: 'GET',
  path: '/docs.css',
  summary: 'the stylesheet of the API page',
  access: 'open',
  isPrompt: true,
  docs: {
    tag: 'api',
    parameters: [],
    body: null,
    answers: { 200: textResponse('The stylesheet', 'text/css'), 304: unchanged },
    example: '/docs.css',
  },
  answer: async ({ request }, { description }) => (await description.stylesheet()).answer(request),
}
