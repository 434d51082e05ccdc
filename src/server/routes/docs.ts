import { type OpenRoute, textResponse, unchanged } from '../route.ts'

export const docs: OpenRoute = {
  method: 'GET',
  path: '/docs',
  summary: 'the API as a page',
  access: 'open',
  isPrompt: true,
  docs: {
    tag: 'api',
    parameters: [],
    body: null,
    answers: { 200: textResponse('This page', 'text/html'), 304: unchanged },
    example: '/docs',
  },
  answer: async ({ request }, { description }) =>
    (await description.page(request.header('host') ?? '')).answer(request),
}
