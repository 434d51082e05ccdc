import { program } from '../../lib/program.ts'
import { registryFiles, registryNames } from '../../registry/schema/names.ts'
import type { Links } from '../api-schemas.ts'
import { toJsonResponse } from '../bodies.ts'
import { type OpenRoute, problem, unchanged } from '../route.ts'

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
        says: 'Preferred media types; browsers prefer HTML',
        schema: 'Text',
        example: 'application/json',
      },
    ],
    body: null,
    answers: {
      200: {
        says: 'Links, or the dashboard for clients that prefer HTML',
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
    return toJsonResponse(links, { headers })
  },
}

/** Whether a client prefers HTML to JSON, by its `Accept` (RFC 9110, 12.5.1). JSON is the default. */
export function prefersHtml(accept: string): boolean {
  const ranges = accept.split(',').map(parseRange)
  return weigh('text/html', ranges) > weigh('application/json', ranges)
}

interface Range {
  readonly name: string
  readonly weight: number
}

function parseRange(text: string): Range {
  const [name = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  const quality = parameters.find(parameter => parameter.startsWith('q='))
  const weight = quality === undefined ? 1 : Number(quality.slice(2))
  return { name, weight: weight >= 0 && weight <= 1 ? weight : 0 }
}

// The most exact range that fits counts.
function weigh(type: string, ranges: readonly Range[]): number {
  const fitting = [type, type.replace(/\/.*/, '/*'), '*/*']
  const best = fitting.flatMap(name => ranges.find(range => range.name === name) ?? [])
  return best[0]?.weight ?? 0
}
