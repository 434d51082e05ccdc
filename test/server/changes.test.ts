import { expect, test } from 'vitest'
import { serveWritableHome } from '../support/homes/writable-home.ts'

const there = { 'if-match': '*' }

test('a write over HTTP is among the changes, for those who may read its registry', async () => {
  const { ask } = await serveWritableHome()
  const body = { description: 'Containers' }
  await ask('PATCH', '/registries/tools/docker', { role: 'admin', headers: there, body })
  const { json } = await ask('GET', '/changes?since=1d&kind=edit', { role: 'admin' })
  expect(json).toEqual([
    {
      time: expect.any(String),
      kind: 'edit',
      ref: 'tools/docker',
      change: 'changed',
      by: 'http',
      fields: ['description'],
    },
  ])
  expect((await ask('GET', '/changes?ref=tools/podman', { role: 'admin' })).json).toEqual([])
  await ask('PATCH', '/registries/adapters/universal', { role: 'admin', headers: there, body })
  const refs = async (role?: 'admin') => {
    const answer = await ask('GET', '/changes', role && { role })
    return Array.isArray(answer.json) ? answer.json.map(change => change.ref) : answer.json
  }
  expect(await refs('admin')).toEqual(['adapters/universal', 'tools/docker'])
  expect(await refs()).toEqual(['tools/docker'])
  expect((await ask('GET', '/changes?kind=detected', { role: 'admin' })).json).toEqual([])
})

test.each([
  ['since=yesterday', /since takes a time/],
  ['kind=all', /kind takes edit or detected/],
])('changes refuse %s', async (query, message) => {
  const { ask } = await serveWritableHome()
  const answer = await ask('GET', `/changes?${query}`, { role: 'admin' })
  expect(answer.status).toBe(400)
  expect(answer.text).toMatch(message)
})
