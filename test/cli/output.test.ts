import { spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { collect, runProgram, startProgram } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const sequence = '\u001b['

describe('colours', () => {
  test.each<[string, string[], Record<string, string>, boolean]>([
    ['a pipe has none', ['list'], {}, false],
    ['FORCE_COLOR has them', ['list'], { FORCE_COLOR: '1' }, true],
    ['--no-color is the last word', ['list', '--no-color'], { FORCE_COLOR: '1' }, false],
    ['JSON never has them', ['list', '--json'], { FORCE_COLOR: '1' }, false],
  ])('%s', async (_, args, env, isPainted) => {
    const { code, stdout } = await runInProcess(args, { directory: await temporaryDirectory(), env })
    expect(code).toBe(0)
    expect(stdout.includes(sequence)).toBe(isPainted)
  })

  test('errors have them too', async () => {
    const env = { FORCE_COLOR: '1' }
    const { stderr } = await runInProcess(['snyc'], { directory: await temporaryDirectory(), env })
    expect(stderr).toContain(`${sequence}31m`)
  })
})

test.each([
  ['before the subcommand', ['--quiet', '--json', 'init', 'new']],
  ['after it', ['init', 'new', '--json', '--quiet']],
])('global options count %s', async (_, args) => {
  const directory = await temporaryDirectory()
  const run = await runInProcess(args, { directory })
  expect(run).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(run.stdout)).toEqual({ home: `${directory}/new`, created: true })
})

test.each<[string[]]>([
  [['sync', '--quick']],
  [['sync', '--quick', '--timings']],
  [['list']],
  [['list', 'tools']],
  [['list', 'models']],
  [['validate']],
  [['doctor']],
  [['has', 'nothing']],
  [['has', 'git', '-v']],
  [['trust']],
  [['trust', '--revoke']],
  [['init']],
  [['env', '--unset']],
])('what steers a terminal does not reach it from a home: %j', async args => {
  const directory = await temporaryDirectory()
  const home = `${directory}/home\u001b]0;title\u0007\u202e`
  await runInProcess(['init', home], { directory })
  const file = `${home}/tool_registry.json`
  const hostile = { '\u001b[2J': {}, git: { detection: 'which git', env_var: 'NEXUS_HAS_GIT', '\u009b': 1 } }
  await writeFile(file, JSON.stringify(hostile))
  const { code, stdout, stderr } = await runInProcess([...args, '--home', home], { directory })
  expect(code).not.toBe(3)
  expect(stdout + stderr).not.toMatch(/[\u001b\u0007\u009b\u202e]/)
  expect(stdout + stderr).not.toBe('')
})

test('a reader that closes the pipe early is no fault', async () => {
  const directory = await temporaryDirectory()
  const child = startProgram(['list', 'models', '--json'], { directory })
  child.stdout?.destroy()
  const { code, stderr } = await collect(Object.assign(child, { stdout: null }))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

test('an answer that could not be written is one', async () => {
  const directory = await temporaryDirectory()
  const child = spawn(process.execPath, ['dist/main.cjs', 'list'], {
    env: { PATH: process.env.PATH, HOME: directory },
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
  })
  const { code, stderr } = await collect(child)
  expect(stderr).toContain('error: the output could not be written')
  expect(code).toBe(2)
})

test('a long answer arrives whole', async () => {
  const directory = await temporaryDirectory()
  await runInProcess(['init', 'home'], { directory })
  const file = `${directory}/home/model_registry.json`
  const models = JSON.parse(readFileSync(file, 'utf8'))
  const [first] = Object.values<object>(models)
  const many = Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => [`m${index}`, { ...first, description: 'x'.repeat(500) }]),
  )
  await import('node:fs/promises').then(fs => fs.writeFile(file, JSON.stringify(many)))
  const { code, stdout } = await runProgram(['list', 'models', '--home', 'home', '--json'], { directory })
  expect(JSON.parse(stdout)).toHaveLength(2000)
  expect(code).toBe(0)
})
