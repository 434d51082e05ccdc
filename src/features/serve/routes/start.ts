import { program } from '../../../core/program.ts'
import type { Links } from '../../../schema/api/links.ts'
import { registryFiles, registryNames } from '../../../schema/names.ts'
import { prefersHtml } from '../prefers-html.ts'
import type { OpenRoute } from '../route.ts'
import { answer } from '../route-docs.ts'
import { toJsonAnswer } from '../to-json-answer.ts'

export const start: OpenRoute = {
  method: 'GET',
  path: '/',
  summary: 'where to go on: links for programs; browsers are led to the page',
  access: 'open',
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
      200: answer('Links', 'Links'),
      303: { says: 'For who would rather have HTML: Location leads to the page', content: {} },
    },
    example: '/',
  },
  answer: ({ request, view }) => {
    const headers = { vary: 'Accept, Authorization', 'cache-control': 'no-store' }
    if (prefersHtml(request.header('accept') ?? ''))
      return { status: 303, headers: { ...headers, location: '/docs' }, body: '' }
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
