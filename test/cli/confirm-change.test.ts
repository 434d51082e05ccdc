import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { createTestHost } from '../support/test-host.ts'

test.each([
  ['a yes', [], true, { code: 0, asked: 1, isAdded: true }],
  ['a no', [], false, { code: 1, asked: 1, isAdded: false }],
  ['nobody to ask', [], undefined, { code: 2, asked: 1, isAdded: false }],
  ['--json, which asks nobody', ['--json'], true, { code: 2, asked: 0, isAdded: false }],
  ['--yes, which asks nobody', ['--yes'], false, { code: 0, asked: 0, isAdded: true }],
  ['--dry-run, which asks nobody', ['--dry-run'], true, { code: 0, asked: 0, isAdded: false }],
])('add with %s', async (_, flags, answer, expected) => {
  let asked = 0
  const confirm = async () => {
    asked += 1
    return answer
  }
  const host = await createTestHost({ overrides: { confirm } })
  await run(['init'], host)
  const code = await run(['add', 'ripgrep', ...flags], host)
  const file = host.path.join(host.directory, 'data/nexus-registry/tool_registry.json')
  const isAdded = Object.hasOwn(JSON.parse(await readFile(file, 'utf8')), 'rg')
  expect({ code, asked, isAdded }).toEqual(expected)
})
