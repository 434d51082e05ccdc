import { expect, test } from 'vitest'
import { parseRegistry } from '../../src/registry/load/parse-registry.ts'

const tool = { detection: 'which jq', env_var: 'NEXUS_HAS_JQ' }

test.each([
  ['a package name that is an option', { install: { apt: '-oDir::Bin::dpkg=/tmp/evil' } }, { install: {} }],
  ['one of several', { install: { apt: '-y', brew: 'jq' } }, { install: { brew: 'jq' } }],
  ['a manager that nobody knows', { install: { snap: 'jq', brew: 'jq' } }, { install: { brew: 'jq' } }],
  ['something that is no list of packages', { install: 'jq' }, {}],
])('%s costs a tool that name, and nothing else', (_, fields, kept) => {
  const text = JSON.stringify({ jq: { ...tool, ...fields }, curl: { ...tool, install: { apt: 'curl' } } })
  const read = parseRegistry('tools', 'tool_registry.json', new TextEncoder().encode(text))
  expect(read).toMatchObject({ state: 'ok', quarantined: [] })
  expect(read.content?.jq).toEqual({ ...tool, ...kept })
  expect(read.content?.curl).toEqual({ ...tool, install: { apt: 'curl' } })
  expect(read.diagnostics.map(({ pointer }) => pointer.split('/').slice(0, 3).join('/'))).toEqual([
    '/jq/install',
  ])
})

test('an entry that is broken elsewhere too is left out', () => {
  const text = JSON.stringify({ jq: { ...tool, env_var: 'PATH', install: { apt: '-y' } } })
  const read = parseRegistry('tools', 'tool_registry.json', new TextEncoder().encode(text))
  expect(read).toMatchObject({ state: 'ok', content: {}, quarantined: ['jq'] })
})
