import { describe, expect, test } from 'vitest'
import { toComponentSchemas } from '../../src/server/api-schemas.ts'
import { toOpenApi } from '../../src/server/docs/open-api.ts'
import { renderPage } from '../../src/server/docs/render-page.ts'
import { stylesheet } from '../../src/server/docs/stylesheet.ts'
import { routes } from '../../src/server/routes/index.ts'
import { startServedHome } from '../support/homes/served-home.ts'
import { hazards } from '../support/hostile-strings.ts'
import { parseXml } from '../support/parse-xml.ts'

const schemas = toComponentSchemas()
const server = { base: 'http://127.0.0.1:4780', options: [] }
const document = toOpenApi({ routes, schemas, server })
const page = renderPage(document)

describe('the page', () => {
  test.each(routes.map(route => [`${route.method} ${route.path}`, route] as const))(
    'shows %s',
    (_, route) => {
      const path = route.path.replace(/:(\w+)/g, '{$1}')
      const operation = document.paths[path]?.[route.method.toLowerCase()]
      const id = operation?.operationId ?? ''
      const shown = toText(page.slice(page.indexOf(`<article id="${id}">`)).split('</article>')[0] ?? '')
      const said = [
        `${route.method} ${path}`,
        operation?.summary ?? '',
        operation?.description ?? '',
        operation?.['x-codeSamples'][0]?.source ?? '',
        ...(operation?.parameters ?? []).flatMap(({ name, description }) => [name, description]),
        ...Object.values(operation?.responses ?? {}).map(({ description }) => description),
      ]
      expect(said.filter(text => !shown.includes(text.replaceAll('`', '')))).toEqual([])
      expect(page).toContain(`<a href="#${id}">`)
    },
  )

  test('has each schema once, closed', () => {
    const shown = [...page.matchAll(/<details id="schema-(\w+)" class="schema">/g)].map(([, name]) => name)
    expect(shown).toEqual(Object.keys(schemas).filter(name => name !== 'Text'))
  })

  test('leads nowhere where there is nothing', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id)
    const anchors = [...page.matchAll(/href="#([^"]*)"/g)].map(([, anchor = '']) => anchor)
    expect(anchors.filter(anchor => !ids.includes(anchor))).toEqual([])
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted())
  })

  test('has headings in order, no script, and nothing from elsewhere', () => {
    const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level))
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([])
    expect(page).not.toMatch(/<script|<style|<img|<iframe|<form| style=| on\w+=|javascript:/i)
    expect([...page.matchAll(/(?:src|href)="(?!#|\/)([^"]*)/g)]).toEqual([])
    expect(stylesheet).not.toMatch(/url\(|@import/)
  })

  test('is as well made as XML', () => {
    const [, body = ''] = page.split(/<\/?body>/)
    expect(() =>
      parseXml(`<body>${body.replaceAll('&middot;', '-').replaceAll('<wbr>', '')}</body>`),
    ).not.toThrow()
  })
})

describe('what comes from data is text', () => {
  const markup = '</code></p><script>alert(1)</script><b onclick="x" id=\'y\'>&amp;`'

  test.each([...hazards, markup])('%j', text => {
    const [route] = routes
    if (route === undefined) throw new Error('there is a route')
    const hostile = {
      ...route,
      summary: text,
      docs: {
        ...route.docs,
        example: `/${text}`,
        parameters: [
          { name: text, in: 'query', isRequired: true, says: text, schema: 'Text', example: text } as const,
        ],
        answers: { 200: { says: text, content: { [text]: ['Health'] as const } } },
      },
    }
    const made = toOpenApi({ routes: [hostile], schemas, server: { ...server, base: text } })
    const tag = { name: 'health', description: text }
    const type = { type: 'string', description: text, enum: [text] }
    const components = { ...made.components, schemas: { Health: { properties: { [text]: type } } } }
    const shown = renderPage({
      ...made,
      tags: [tag],
      info: { ...made.info, title: text, description: text },
      components,
    })
    const innocent = shown.replaceAll(/<(\/?[a-z0-9]+)[^<>]*>/g, '<$1>')
    const tags = new Set([...innocent.matchAll(/<\/?([a-z0-9]+)>/g)].map(([, name = '']) => name))
    const own = new Set([...page.matchAll(/<\/?([a-z0-9]+)/g)].map(([, name = '']) => name))
    expect([...tags].filter(name => !own.has(name))).toEqual([])
    expect(shown).not.toMatch(/<[^>]* on\w+=/)
  })
})

describe('a server', () => {
  test('sends the page with its own address in the examples, and lets it load its stylesheet alone', async () => {
    const { url } = await startServedHome()
    const answer = await fetch(`${url}/docs`)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(await answer.text()).toContain(`curl -s ${url}/health<`)
    const byName = await (await fetch(`${url.replace('127.0.0.1', 'localhost')}/docs`)).text()
    expect(byName).toContain(`curl -s ${url.replace('127.0.0.1', 'localhost')}/health<`)
  })

  test('sends the stylesheet', async () => {
    const answer = await fetch(`${(await startServedHome()).url}/docs.css`)
    expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(await answer.text()).toBe(stylesheet)
  })

  test('sends both in 23 KB at most', async () => {
    const { url } = await startServedHome()
    const sizes = await Promise.all(
      ['/docs', '/docs.css'].map(async path => {
        const answer = await fetch(`${url}${path}`, {
          method: 'HEAD',
          headers: { 'accept-encoding': 'gzip' },
        })
        return Number(answer.headers.get('content-length'))
      }),
    )
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(23_000)
  })
})

function toText(markup: string): string {
  return markup
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
