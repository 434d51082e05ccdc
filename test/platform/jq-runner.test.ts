import { cachedDataVersionTag } from 'node:v8'
import { expect, test } from 'vitest'
import { createHost } from '../../src/platform/node/create-host.ts'

const request = {
  args: ['.name'],
  input: new TextEncoder().encode('{"name":"jq"}'),
  files: new Map(),
  memoryBytes: 64 * 1024 * 1024,
  outputBytes: 1024,
}

test('what was compiled of the program is taken again after jq has run: V8 has the flags that it had', async () => {
  const host = createHost({ interrupted: new AbortController().signal })
  const usual = cachedDataVersionTag()
  void host.prepareJq()
  const results = await Promise.all([host.runJq(request), host.runJq(request)])
  expect(results).toMatchObject([{ stdout: '"jq"\n' }, { stdout: '"jq"\n' }])
  expect(cachedDataVersionTag()).toBe(usual)
})
