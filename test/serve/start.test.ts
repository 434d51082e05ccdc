import { expect, test } from 'vitest'
import { prefersHtml } from '../../src/features/serve/prefers-html.ts'
import { startServedHome } from '../support/served-home.ts'

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

test('the start leads browsers to the page', async () => {
  const { url } = await startServedHome()
  const answer = await fetch(url, { headers: { accept: browser }, redirect: 'manual' })
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe('/docs')
  expect(answer.headers.get('vary')).toContain('Accept')
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
