import { readFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { writeScript } from '../support/processes/script.ts'
import { openFullTerminal } from '../support/terminal/full-terminal.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const main = nodePath.resolve('dist/main.cjs')

/** A user at a terminal, with a home that is there. */
async function openUser(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const directory = await temporaryDirectory()
  await runInProcess(['init'], { directory })
  const terminal = await openFullTerminal([process.execPath, main, ...args], { directory, env, rows: 60 })
  const readTools = async () =>
    JSON.parse(
      await readFile(nodePath.join(directory, '.local/share/nexus-registry/tool_registry.json'), 'utf8'),
    )
  const answer = async (prompt: string, keys: string) => {
    await terminal.until(() => terminal.written().includes(prompt))
    terminal.type(keys)
  }
  return { directory, terminal, readTools, answer }
}

test('add asks for what is missing, proposes, refuses what is not valid, and adds after a yes', async () => {
  const { terminal, readTools, answer } = await openUser(['add', 'tool'])
  await answer('Id of the tool', 'a b\r')
  await terminal.until(() => terminal.written().includes('An id begins with'))
  terminal.type('\x7f\x7f\x7fbun\r')
  await answer('How to detect it', '\r')
  await answer('Group on the dashboard', '\r')
  await answer('Command that prints the version', '\r')
  await answer('Add this? [y/N]', 'y\r')
  expect(await terminal.ended()).toBe(0)
  expect((await readTools()).bun).toMatchObject({ detection: 'which bun', category: 'runtime' })
})

test.each([
  ['Ctrl-C', '\x03'],
  ['Escape', '\x1b'],
])('%s in a prompt changes nothing', async (_, key) => {
  const { terminal, readTools, answer } = await openUser(['add', 'tool'])
  await answer('Id of the tool', key)
  expect(await terminal.ended()).toBe(1)
  expect(terminal.written()).toContain('Nothing was changed')
  expect(Object.keys(await readTools())).not.toContain('bun')
})

test('Ctrl-C in an editor is for the editor alone', async () => {
  const directory = await temporaryDirectory()
  const editor = nodePath.join(directory, 'editor')
  const lines = ["trap 'echo caught' INT", 'echo open; sleep 1 & wait; sed -i s/Distributed/Spread/ "$1"']
  await writeScript(editor, lines.join('\n'))
  const { terminal, readTools, answer } = await openUser(['edit', 'git'], { EDITOR: editor })
  await answer('open', '\x03')
  await terminal.until(() => terminal.written().includes('caught'))
  await answer('Change this? [y/N]', 'y\r')
  expect(await terminal.ended()).toBe(0)
  expect((await readTools()).git.description).toMatch(/^Spread/)
})
