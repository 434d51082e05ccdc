import { expect, test } from 'vitest'
import { createRedactor } from '../../src/lib/text/text.ts'

test.each([
  ['a secret that is known', 'sent s3cret-token twice: s3cret-token', 'sent [hidden] twice: [hidden]'],
  ['sign-in data in an address', 'asked https://ada:pass@host/a', 'asked https://[hidden]@host/a'],
  ['a bearer token', 'Authorization: Bearer abc.DEF-1=', 'Authorization: Bearer [hidden]'],
  ['nothing else', 'asked https://host/a@b as bearer', 'asked https://host/a@b as bearer'],
  ['nothing that is too short to be one', 'a key is a key', 'a key is a key'],
])('hides %s', (_, text, expected) => {
  expect(createRedactor(['s3cret-token', 'key', ''])(text)).toBe(expected)
})
