import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { openFullTerminal } from '../support/terminal/full-terminal.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const root = nodePath.resolve('.')
const child = nodePath.join(root, 'test/support/children/hold-screen.ts')
const loader = nodePath.join(root, 'node_modules/tsx/dist/loader.mjs')

test.each([
  ['throw', 1],
  ['reject', 1],
  ['exit', 3],
])('the terminal is restored after a program that ends by %s', async (end, code) => {
  const directory = await temporaryDirectory()
  const terminal = await openFullTerminal([process.execPath, '--import', loader, child, end], { directory })
  expect(await terminal.ended()).toBe(code)
  expect(terminal.written()).toContain('held')
  expect(terminal.screen.modes.has('?1049')).toBe(false)
  expect(terminal.settings()).toMatch(/ icanon/)
})
