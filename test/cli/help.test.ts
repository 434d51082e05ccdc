import { describe, expect, test } from 'vitest'
import { createProgram } from '../../src/cli/run.ts'
import { program as self } from '../../src/lib/program.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { createTestHost, temporaryDirectory } from '../support/test-host.ts'

const stdout = { write: () => undefined, isTerminal: false, columns: undefined }
const program = createProgram({ stdout }, () => () => () => Promise.resolve())
const commands = program
  .createHelp()
  .visibleCommands(program)
  .filter(({ parent }) => parent === program)

test.each([
  ['--help', ['--help']],
  ['-h', ['-h']],
  ['help', ['help']],
  ['nothing at all', []],
  ['only a global option', ['--no-color']],
])('%s prints the help on stdout', async (_, args) => {
  const { code, stdout, stderr } = await runProgram(args, { directory: await temporaryDirectory() })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const command of commands) expect(stdout).toContain(`\n  ${command.name()}`)
})

test('--version prints the version', async () => {
  const run = await runProgram(['--version'], { directory: await temporaryDirectory() })
  expect(run).toEqual({ code: 0, stdout: `${self.version}\n`, stderr: '' })
})

describe.each(commands.map(command => [command.name(), command] as const))('%s', (name, command) => {
  test('says what it does, in one line', () => {
    expect(command.description()).toMatch(/^[A-Z].{10,79}[^.]$/)
  })

  test('shows examples of itself and the global options', async () => {
    const host = await createTestHost()
    const { run } = await import('../../src/cli/run.ts')
    expect(await run([name, '--help'], host)).toBe(0)
    expect(host.written.stdout).toMatch(new RegExp(`\\nExamples:\\n(?: .*\\n)*? .*nexus-registry ${name}`))
    expect(host.written.stdout).toContain('--no-color')
  })
})
