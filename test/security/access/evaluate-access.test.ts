import { describe, expect, test } from 'vitest'
import type { Role } from '../../../src/registry/schema/access.ts'
import { registryNames } from '../../../src/registry/schema/names.ts'
import { roles } from '../../../src/registry/schema/roles.ts'
import { type Caller, evaluateAccess, readableRegistries } from '../../../src/security/access.ts'
import { toMatrix } from './support.ts'

const matrix = toMatrix(`{
  "tools": { "read": "public", "write": "tool-detection", "admin": "admin" },
  "adapters": { "read": "auth", "write": "adapter-deploy", "admin": "admin" },
  "hyper": { "read": "admin", "write": "orchestrator", "admin": "admin" }
}`)

const anonymous: Caller = { kind: 'anonymous' }
const as = (role: Role): Caller => ({ kind: 'token', tokenId: 'a1b2c3d4', role })

/** Registry, who may read it without a token, with any token, and the one role that may write it. */
const expected = [
  { registry: 'tools', isPublic: true, isForTokens: true, writer: 'tool-detection' },
  { registry: 'adapters', isPublic: false, isForTokens: true, writer: 'adapter-deploy' },
  { registry: 'hyper', isPublic: false, isForTokens: false, writer: 'orchestrator' },
  { registry: 'plugins', isPublic: false, isForTokens: false, writer: 'admin' },
] as const

describe.each(expected)('$registry', ({ registry, isPublic, isForTokens, writer }) => {
  test('without a token', () => {
    const read = isPublic ? 'allowed' : 'unauthenticated'
    expect(evaluateAccess(matrix, { registry, action: 'read' }, anonymous)).toBe(read)
    expect(evaluateAccess(matrix, { registry, action: 'write' }, anonymous)).toBe('unauthenticated')
  })

  test.each(roles)('as %s', role => {
    const mayRead = isForTokens || role === 'admin'
    const mayWrite = role === writer || role === 'admin'
    expect(evaluateAccess(matrix, { registry, action: 'read' }, as(role))).toBe(
      mayRead ? 'allowed' : 'forbidden',
    )
    expect(evaluateAccess(matrix, { registry, action: 'write' }, as(role))).toBe(
      mayWrite ? 'allowed' : 'forbidden',
    )
  })
})

test('an orchestrator writes hyper and does not read it', () => {
  const request = { registry: 'hyper' } as const
  expect(evaluateAccess(matrix, { ...request, action: 'write' }, as('orchestrator'))).toBe('allowed')
  expect(evaluateAccess(matrix, { ...request, action: 'read' }, as('orchestrator'))).toBe('forbidden')
})

test.each<[string, Caller, readonly string[]]>([
  ['nobody known', anonymous, ['tools']],
  ['any token', as('adapter'), ['tools', 'adapters']],
  ['admin', as('admin'), registryNames],
])('%s reads what the matrix says', (_, caller, readable) => {
  expect(readableRegistries(matrix, caller)).toEqual(readable)
})
