import { program } from '../../lib/program.ts'
import { registryFiles, registryNames } from '../../registry/schema/names.ts'
import type { OpenRoute } from '../route.ts'
import { problem, unchanged } from '../route-docs.ts'
import type { Links } from '../schema/links.ts'
import { toJsonAnswer } from '../to-json-answer.ts'
import { prefersHtml } from './prefers-html.ts'

export const start: OpenRoute = {
  method: 'GET',
  path: '/',
  summary: 'the dashboard for browsers, and links for programs',
  access: 'open',
  isPrompt: true,
  docs: {
    tag: 'api',
    parameters: [
      {
        name: 'Accept',
        in: 'header',
        isRequired: false,
        says: 'What the client wants to have; browsers say that they want HTML',
        schema: 'Text',
        example: 'application/json',
      },
    ],
    body: null,
    answers: {
      200: {
        says: 'Links, or for who would rather have HTML the dashboard',
        content: { 'application/json': ['Links'], 'text/html': ['Text'] },
      },
      304: unchanged,
      503: problem('The dashboard was not built'),
    },
    example: '/',
  },
  answer: ({ request, view }, { page }) => {
    if (prefersHtml(request.header('accept') ?? '')) return page.answer(request)
    const headers = { vary: 'Accept, Authorization', 'cache-control': 'no-store' }
    const registries = registryNames
      .filter(name => view.readable.has(name))
      .map(name => ({ name, href: `/registries/${registryFiles[name]}` }))
    const links: Links = {
      ...program,
      _links: {
        self: { href: '/' },
        health: { href: '/health' },
        registries,
        docs: { href: '/docs' },
        openapi: { href: '/openapi.json' },
      },
    }
    return toJsonAnswer(links, { headers })
  },
}
