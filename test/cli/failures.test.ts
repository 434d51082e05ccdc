import { mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { NexusError } from '../../src/lib/errors.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { createTestHost, temporaryDirectory } from '../support/test-host.ts'

describe('a wrong call ends with 2, says what is wrong and what would be right', () => {
  test.each([
    [['snyc'], "unknown command 'snyc'", 'Did you mean sync? See nexus-registry --help'],
    [['frobnicate'], "unknown command 'frobnicate'", 'See nexus-registry --help'],
    [['list', '--jsno'], "unknown option '--jsno'", 'Did you mean --json? See nexus-registry list --help'],
    [['--jsno'], "unknown option '--jsno'", 'Did you mean --json? See nexus-registry --help'],
    [['init', '--xyzzy'], "unknown option '--xyzzy'", 'See nexus-registry init --help'],
    [['has'], "missing required argument 'name'", 'See nexus-registry has --help'],
    [['--home'], "option '--home <dir>' argument missing", 'See nexus-registry --help'],
    [
      ['init', 'a', 'b'],
      "too many arguments for 'init'. Expected 1 argument but got 2.",
      'See nexus-registry init --help',
    ],
    [
      ['trust', '--list', 'x'],
      '--list cannot be combined with a path, --show or --revoke',
      'Remove one of them',
    ],
    [['list', 'tolls'], 'nothing is called "tolls"', 'Did you mean tools?'],
  ])('%j', async (args, message, hint) => {
    const run = await runInProcess(args, { directory: await temporaryDirectory() })
    expect(run).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\nhint: ${hint}\n` })
  })
})

test('a home that is not there ends with 2 and says how to make it', async () => {
  const directory = await temporaryDirectory()
  const run = await runInProcess(['list', '--home', 'nowhere', '--json'], { directory })
  expect(run).toMatchObject({ code: 2, stdout: '' })
  expect(run.stderr).toContain(`${directory}/nowhere`)
  expect(run.stderr).toContain(`nexus-registry init ${directory}/nowhere`)
})

test('a broken configuration ends with 2, file and line', async () => {
  const directory = await temporaryDirectory()
  await writeFile(nodePath.join(directory, '.nexus-registryrc'), 'validate:\n  stric: true\n')
  expect(await runInProcess(['list'], { directory })).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: ${directory}/.nexus-registryrc:2:3: validate: the key "stric" is not known\nhint: Did you mean "strict"?\n`,
  })
})

test('what a message takes from outside cannot steer the terminal', async () => {
  const { stderr } = await runInProcess(['\u001b[2Jlist'], { directory: await temporaryDirectory() })
  expect(stderr).toContain("unknown command '\\x1b[2Jlist'")
})

describe('in the process', () => {
  test('a defect ends with 3, its stack, and how to report it', async () => {
    const host = await createTestHost()
    const stat = () => Promise.reject(new TypeError('this is a defect'))
    expect(await run(['list', '--config', 'x'], { ...host, fs: { ...host.fs, stat } })).toBe(3)
    expect(host.written.stderr).toMatch(/^TypeError: this is a defect\n +at /)
    expect(host.written.stderr).toContain('Please report it')
    expect(host.written.stderr).toContain('  call:     nexus-registry list --config x\n')
  })

  test('--verbose names the cause', async () => {
    const error = new NexusError('home', 'no home', { hint: 'Make one', cause: new Error('EACCES: closed') })
    const host = await createTestHost()
    const broken = { ...host, fs: { ...host.fs, stat: () => Promise.reject(error) } }
    const args = ['list', '--config', 'x']
    expect(await run(args, broken)).toBe(2)
    expect(host.written.stderr).toBe('error: no home\nhint: Make one\n')
    host.written.stderr = ''
    expect(await run([...args, '-v'], broken)).toBe(2)
    expect(host.written.stderr).toBe('error: no home\ncause: EACCES: closed\nhint: Make one\n')
  })

  test('an interruption ends with 130, whatever came of it', async () => {
    const reason = new NexusError('interrupted', 'Interrupted by SIGINT')
    const host = await createTestHost({ overrides: { interrupted: AbortSignal.abort(reason) } })
    expect(await run(['list'], host)).toBe(130)
    expect(host.written.stderr).toBe('Interrupted by SIGINT\n')
  })
})

test('a configuration of cosmiconfig in the working directory is not executed', async () => {
  const directory = await temporaryDirectory()
  const evil = `require('node:fs').writeFileSync(${JSON.stringify(nodePath.join(directory, 'executed'))}, '')`
  await mkdir(nodePath.join(directory, '.config'))
  const files = {
    '.config/config.js': evil,
    '.config/config.cjs': evil,
    'evil.cjs': evil,
    'package.json': '{"cosmiconfig": {"searchPlaces": ["evil.cjs"]}}',
    '.nexus-registryrc': '$import: ./evil.cjs\nvalidate: {}\n',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(nodePath.join(directory, name), text)
  const { code, stderr } = await runProgram(['list'], { directory })
  expect(stderr).toContain('the key "$import" is not known')
  expect(code).toBe(2)
  await expect(
    import('node:fs/promises').then(fs => fs.stat(nodePath.join(directory, 'executed'))),
  ).rejects.toThrow('ENOENT')
})
