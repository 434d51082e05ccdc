import { cp, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { codeBlocks, readDocument } from '../support/documents.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

/** The output that a guide shows: its first block without a language. */
function shownIn(guide: string): string {
  return codeBlocks(readDocument(guide)).find(({ language }) => language === '')?.body ?? ''
}

test('docs/graph.md shows what graph prints', async () => {
  const { stdout } = await runProgram(['graph', 'nexus_llm_router'], {
    directory: await temporaryDirectory(),
  })
  expect(stdout).toBe(shownIn('docs/graph.md'))
})

test('docs/explain.md shows what explain prints where nothing is set up', async () => {
  const { stdout, code } = await runProgram(['explain', 'models/claude-opus-4-6'], {
    directory: await temporaryDirectory(),
  })
  expect(stdout).toBe(shownIn('docs/explain.md'))
  expect(code).toBe(1)
})

test('docs/validate.md shows what validate prints of a mistyped key', async () => {
  const directory = await temporaryDirectory()
  await cp('registries', nodePath.join(directory, 'broken'), { recursive: true })
  const file = nodePath.join(directory, 'broken/tool_registry.json')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('"version_check": "jq --version"', '"verion_check": "jq --version"'))
  const { stdout, code } = await runProgram(['validate', 'broken'], { directory })
  expect(stdout).toBe(shownIn('docs/validate.md'))
  expect(code).toBe(1)
})
