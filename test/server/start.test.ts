import { expect, test } from 'vitest'
import { prefersHtml } from '../../src/server/routes/start.ts'
import { startServedHome } from '../support/homes/served-home.ts'

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

test.each([
  ['a browser', browser, true],
  ['curl', '*/*', false],
  ['nobody in particular', '', false],
  ['a program', 'application/json', false],
  ['who takes both', 'application/json, text/html', false],
  ['who would rather have HTML', 'application/json;q=0.5, text/html', true],
  ['who would rather have JSON', 'text/html;q=0.5, application/json', false],
  ['who does not take HTML', 'text/html;q=0, image/png', false],
  ['who takes any text', 'text/*', true],
  ['who does not take JSON', 'application/json;q=0, */*', true],
  ['who writes in capitals', 'TEXT/HTML; Q=1', true],
  ['who writes nonsense', 'text/html;q=many, ;;,', false],
])('%s is understood at the start', (_, accept, isHtml) => {
  expect(prefersHtml(accept)).toBe(isHtml)
})

test('the start is the dashboard for browsers, with a policy that lets it load from this server alone', async () => {
  const { url } = await startServedHome()
  const answer = await fetch(url, { headers: { accept: browser } })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(answer.headers.get('vary')).toContain('Accept')
  expect(answer.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  const html = await answer.text()
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]*)"/g)].map(([, path = '']) => path)
  expect(files.map(path => path.replace(/-\w{8}\./, '.')).toSorted()).toEqual([
    '/assets/dashboard.svg',
    '/assets/main.js',
    '/assets/page.css',
  ])
  for (const path of files) {
    const asset = await fetch(new URL(path, url), { headers: { 'accept-encoding': 'br' } })
    expect(asset.status).toBe(200)
    expect(asset.headers.get('cache-control')).toBe(
      path.endsWith('.svg') ? 'no-cache' : 'public, max-age=31536000, immutable',
    )
    await asset.body?.cancel()
  }
})

test.each(['none.js', '..%2Findex.html', '%2e%2e%2f%2e%2e%2fmain.cjs', '%00', ''])(
  'the page has no file %j',
  async name => {
    const { url } = await startServedHome()
    const answer = await fetch(`${url}/assets/${name}`)
    expect(answer.status).toBe(404)
    await answer.body?.cancel()
  },
)

test('a program that was not built says so', async () => {
  const { ask } = await startServedHome({ host: { overrides: { programRoot: '/nowhere' } } })
  const answer = await ask('/', { headers: { accept: browser } })
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ detail: 'the dashboard was not built' })
})

test('the start has links for programs, and of the registries those that the caller may read', async () => {
  const { url, token } = await startServedHome()
  const links = async (headers: Record<string, string>) => {
    const answer: unknown = await (await fetch(url, { headers })).json()
    return answer
  }
  const open = await links({})
  expect(open).toMatchObject({
    name: 'nexus-registry',
    _links: { health: { href: '/health' }, docs: { href: '/docs' }, openapi: { href: '/openapi.json' } },
  })
  expect(JSON.stringify(open)).toContain('/registries/tool_registry.json')
  expect(JSON.stringify(open)).not.toContain('hyper')
  const admin = await links({ authorization: `Bearer ${await token('admin')}` })
  expect(JSON.stringify(admin)).toContain('/registries/hyper_registry.json')
})
