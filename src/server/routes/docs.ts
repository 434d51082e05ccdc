import { type OpenRoute, textAnswer, unchanged } from '../route.ts'

export const docs: OpenRoute = {
  method: 'GET',
  path: '/docs',
  summary: 'what the server answers, as a page',
  access: 'open',
  isPrompt: true,
  docs: {
    tag: 'api',
    parameters: [],
    body: null,
    answers: { 200: textAnswer('This page', 'text/html'), 304: unchanged },
    example: '/docs',
  },
  answer: async ({ request }, { description }) =>
    (await description.page(request.header('host') ?? '')).answer(request),
}
