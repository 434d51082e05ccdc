import { cp, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { codeBlocks, readDocument } from '../support/documents.ts'
import { soundDay } from '../support/homes/valid-home.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

/** The output that a guide shows: its first block without a language. */
function shownIn(guide: string): string {
  return codeBlocks(readDocument(guide)).find(({ language }) => language === '')?.body ?? ''
}

/** A user without a home on the day of the guides: with time, shipped data grows old and models retire. */
const createUser = () => createTestHost({ clock: { now: () => Date.parse(soundDay) } })

async function print(args: readonly string[], user: TestHost) {
  const code = await run(args, user)
  return { code, stdout: user.written.stdout }
}

test('docs/graph.md shows what graph prints', async () => {
  const { stdout } = await print(['graph', 'nexus_llm_router'], await createUser())
  expect(stdout).toBe(shownIn('docs/graph.md'))
})

test('docs/explain.md shows what explain prints where nothing is set up', async () => {
  const { stdout, code } = await print(['explain', 'models/claude-opus-5-5'], await createUser())
  expect(stdout).toBe(shownIn('docs/explain.md'))
  expect(code).toBe(1)
})

test('docs/validate.md shows what validate prints of a mistyped key', async () => {
  const user = await createUser()
  await cp('registries', nodePath.join(user.directory, 'broken'), { recursive: true })
  const file = nodePath.join(user.directory, 'broken/tool_registry.json')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('"version_check": "jq --version"', '"verion_check": "jq --version"'))
  const { stdout, code } = await print(['validate', 'broken'], user)
  expect(stdout).toBe(shownIn('docs/validate.md'))
  expect(code).toBe(1)
})
