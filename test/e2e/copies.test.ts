import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { breakFile, readWhatLies, type WholeFault } from '../support/homes/break-file.ts'
import { leftoversIn } from '../support/homes/marked-home.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { collect, type ProgramRun, startProgram } from '../support/processes/run-program.ts'
import { writeScript } from '../support/processes/script.ts'
import { thinOut } from '../support/stress.ts'
import { temporaryDirectory } from '../support/test-host.ts'

let directory: string
let tools: string

beforeEach(async () => {
  directory = await temporaryDirectory()
  const home = nodePath.join(directory, '.local/share/nexus-registry')
  tools = nodePath.join(home, 'tool_registry.json')
  await mkdir(home, { recursive: true, mode: 0o700 })
  await cp('registries', home, { recursive: true })
  await writeScript(nodePath.join(directory, 'bin/docker'), 'echo Docker version 28.2.2')
})

function run(...args: string[]): Promise<ProgramRun> {
  return runInProcess(args, { directory, env: { PATH: nodePath.join(directory, 'bin') } })
}

/** What each reader says: its exit code, and something of its output. */
const readers: [args: string[], code: number, says: RegExp][] = [
  [['env'], 0, /^export NEXUS_HAS_DOCKER='1';$/m],
  [['has', 'docker', '-v'], 0, /^$/],
  [['has', 'kubernetes'], 1, /^$/],
  [['list', 'tools'], 1, /\bterraform\b/],
  [['list', '--json'], 1, /"registry": "tools",\s+"entries": [1-9]\d*,/],
  [['query', 'tools', 'keys | length'], 1, /^16$/m],
  [['query', 'tools', '--where', 'category = container'], 1, /\bdocker\b[\s\S]*\bpodman\b/],
  [['graph', 'tools/docker'], 1, /docker/],
  [['explain', 'tools/docker'], 1, /docker/],
]

const withoutCopy: [args: string[], code: number, says: RegExp][] = [
  [['env'], 0, /^export NEXUS_HAS_PYTORCH='0';$/m],
  [['has', 'docker'], 2, /^$/],
  [['list', 'tools'], 1, /^/],
  [['list', '--json'], 1, /"registry": "tools",\s+"entries": 0,/],
  [['query', 'tools', 'keys | length'], 2, /^$/],
  [['query', 'models', 'keys | length'], 0, /^46$/m],
]

const faults: WholeFault[] = ['missing', 'half a document', 'not UTF-8', 'a directory']

describe.each(faults)('with tools that are %s', fault => {
  // All of them read in one way: each is tried with one fault, and some with each.
  const some = <Reader>(all: readonly Reader[]) => (fault === 'half a document' ? all : thinOut(all, 4))

  test('every reader goes on with the copy, and says so', async () => {
    expect((await run('sync', '--quick')).code).toBe(0)
    await breakFile(tools, fault)
    const before = await readWhatLies(tools)
    for (const [args, code, says] of some(readers)) {
      const answer = await run(...args)
      expect([args, answer.code]).toEqual([args, code])
      expect(answer.stdout).toMatch(says)
      if (args[1] === 'kubernetes') expect(answer.stderr).toBe('')
      else expect(answer.stderr).toMatch(/a backup from .* replaces it/)
    }
    const validated = await run('validate')
    expect(validated.code).toBe(1)
    expect(validated.stderr + validated.stdout).not.toContain('a copy')
    expect(await readWhatLies(tools)).toBe(before)

    const [first, second] = [await run('sync', '--quick'), await run('sync', '--quick')]
    expect([first.code, second.code]).toEqual([1, fault === 'missing' ? 0 : 1])
    expect(first.stderr).toMatch(fault === 'missing' ? /is restored as it was/ : /a backup from/)
    if (fault !== 'missing') expect(await readWhatLies(tools)).toBe(before)
  })

  test('and no copy, they are as good as empty, and the others are as they were', async () => {
    await breakFile(tools, fault)
    const before = await readWhatLies(tools)
    for (const [args, code, says] of some(withoutCopy)) {
      const answer = await run(...args)
      expect([args, answer.code]).toEqual([args, code])
      expect(answer.stdout).toMatch(says)
    }
    expect((await run('sync', '--quick')).code).toBe(1)
    expect(await readWhatLies(tools)).toBe(before)
  })
})

test('a sync that is killed while it puts files back leaves them missing or whole', async () => {
  await run('sync', '--quick')
  const models = nodePath.join(nodePath.dirname(tools), 'model_registry.json')
  const whole = await readWhatLies(models)
  const seen = new Set<string | undefined>()
  for (let round = 0; round < 20; round++) {
    await rm(models, { force: true })
    const child = startProgram(['sync', '--quick'], {
      directory,
      env: { PATH: nodePath.join(directory, 'bin') },
    })
    const ended = collect(child)
    await delay(Math.random() * 400)
    child.kill('SIGKILL')
    await ended
    seen.add(await readWhatLies(models))
  }
  expect([...seen].filter(text => text !== undefined && text !== whole)).toEqual([])
  await run('sync', '--quick')
  expect(await readWhatLies(models)).toBe(whole)
  expect(await leftoversIn(nodePath.dirname(models))).toEqual([])
})

test('validate --fix changes nothing in the place of a file that is gone', async () => {
  await run('sync', '--quick')
  await breakFile(tools, 'missing')
  expect((await run('validate', '--fix')).code).toBe(1)
  expect(await readWhatLies(tools)).toBeUndefined()
})

test('an alert goes out from the configuration of the user, and from no other', async () => {
  const told = nodePath.join(directory, 'told')
  const command = await writeScript(nodePath.join(directory, 'listen'), `/bin/cat >> '${told}'`)
  await writeFile(
    nodePath.join(directory, '.nexus-registryrc.json'),
    JSON.stringify({ alerts: { command: [command] } }),
  )
  await run('sync', '--quick')
  await breakFile(tools, 'half a document')
  await run('sync', '--quick')
  expect(await readWhatLies(told)).toBeUndefined()
  await mkdir(nodePath.join(directory, '.config/nexus-registry'), { recursive: true })
  await writeFile(
    nodePath.join(directory, '.config/nexus-registry/config.json'),
    JSON.stringify({ alerts: { command: [command] } }),
  )
  await run('sync', '--quick')
  await run('env', '--fresh')
  const lines = (await readWhatLies(told))?.trimEnd().split('\n') ?? []
  expect(lines.map(line => JSON.parse(line))).toEqual([
    expect.objectContaining({ event: 'failed', registry: 'tools', status: 'failed' }),
  ])
})
