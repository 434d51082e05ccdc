import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { registryNames } from '../../../src/registry/schema/names.ts'
import { toAccessMatrix } from '../../../src/security/access.ts'
import { parseHyper, toMatrix, toMatrixOf } from './support.ts'

const closed = { read: 'admin', write: 'admin', admin: 'admin' }
const open = '{ "read": "public", "write": "tool-detection", "admin": "admin" }'

const rows: [what: string, accessControl: string, read: string, write: string][] = [
  ['a row of the matrix', `{ "tool_registry": ${open} }`, 'public', 'tool-detection'],
  ['a registry by its short name', `{ "tools": ${open} }`, 'public', 'tool-detection'],
  ['a registry by its file', `{ "tool_registry.json": ${open} }`, 'public', 'tool-detection'],
  ['public_read: nobody but admin writes', '{ "tools": "public_read" }', 'public', 'admin'],
  ['auth_read: nobody but admin writes', '{ "tools": "auth_read" }', 'auth', 'admin'],
  ['admin_only', '{ "tools": "admin_only" }', 'admin', 'admin'],
  ['what is not listed', `{ "models": ${open} }`, 'admin', 'admin'],
  ['an empty list', '{}', 'admin', 'admin'],
  ['a name of no registry', `{ "tooling": ${open} }`, 'admin', 'admin'],
  [
    'one that is listed twice alike',
    `{ "tools": ${open}, "tool_registry": ${open} }`,
    'public',
    'tool-detection',
  ],
  [
    'one that two words list alike',
    '{ "tools": "public_read", "tool_registry": { "read": "public", "write": "admin", "admin": "admin" } }',
    'public',
    'admin',
  ],
  [
    'one that is listed twice, and read by others',
    `{ "tools": ${open}, "tool": "auth_read" }`,
    'admin',
    'admin',
  ],
  [
    'one that is listed twice, and written by others',
    `{ "tools": ${open}, "tool": { "read": "public", "write": "adapter", "admin": "admin" } }`,
    'admin',
    'admin',
  ],
  ['a key that stands there twice', `{ "tools": "admin_only", "tools": ${open} }`, 'admin', 'admin'],
  [
    'a field that stands there twice',
    '{ "tools": { "read": "admin", "read": "public", "write": "adapter", "admin": "admin" } }',
    'admin',
    'admin',
  ],
  [
    'a role that does not exist',
    '{ "tools": { "read": "all", "write": "adapter", "admin": "admin" } }',
    'admin',
    'admin',
  ],
  [
    'one that is sound in one place and broken in another',
    `{ "tools": ${open}, "tool_registry": "everybody" }`,
    'admin',
    'admin',
  ],
  [
    'one beside a broken one',
    `{ "tools": ${open}, "model_registry": "everybody" }`,
    'public',
    'tool-detection',
  ],
]

test.each(rows)('%s', (_, accessControl, read, write) => {
  expect(toMatrix(accessControl).tools).toEqual({ read, write, admin: 'admin' })
})

test.each([
  ['a hyper registry that is no JSON', '{'],
  ['an empty one', '{}'],
  ['one whose whole list stands there twice', `${twice()}`],
])('%s opens nothing', (_, text) => {
  const matrix = toMatrixOf(text)
  for (const name of registryNames) expect(matrix[name], name).toEqual(closed)
})

test('a registry in quarantine is closed, even without further diagnostics', () => {
  const hyper = parseHyper(`{ "tools": ${open}, "tool_registry": "everybody" }`)
  expect(toAccessMatrix({ ...hyper, diagnostics: [] }).tools).toEqual(closed)
})

test('a backup counts where the file cannot be read, and no content is no access', () => {
  const hyper = parseHyper(`{ "tools": ${open} }`)
  expect(toAccessMatrix({ ...hyper, state: 'failed' }).tools.read).toBe('public')
  expect(toAccessMatrix({ ...hyper, content: undefined }).tools).toEqual(closed)
})

test('what is shipped is the matrix of the specification', async () => {
  const matrix = toMatrixOf(await readFile('registries/hyper_registry.json', 'utf8'))
  expect(registryNames.map(name => [name, matrix[name].read, matrix[name].write])).toEqual([
    ['hyper', 'admin', 'orchestrator'],
    ['dashboard', 'public', 'dashboard-service'],
    ['tools', 'public', 'tool-detection'],
    ['providers', 'public', 'adapter'],
    ['models', 'public', 'update-service'],
    ['plugins', 'public', 'plugin-loader'],
    ['microservices', 'auth', 'service-registry'],
    ['adapters', 'auth', 'adapter-deploy'],
    ['ml_frameworks', 'public', 'tool-detection'],
  ])
})

function twice(): string {
  const sound = JSON.stringify({
    version: '2.0.0',
    registry_type: 'hyper',
    metadata: { sync_interval_seconds: 60, cache_ttl_seconds: 300 },
    sub_registries: {},
    dependency_graph: { edges: [] },
    sync_protocol: { type: 'polling', interval_seconds: 60, retry_attempts: 3, timeout_seconds: 30 },
    access_control: { tools: 'admin_only' },
  })
  return `${sound.slice(0, -1)}, "access_control": { "tools": "public_read" } }`
}
