import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { processesIn, until } from '../support/processes/processes.ts'
import { writeScript } from '../support/processes/script.ts'
import { ageAnswers } from '../support/shells/age-exports.ts'
import {
  type AnsweringMachine,
  createAnsweringMachine,
  editFile,
  longAgo,
  makeOld,
} from '../support/shells/exporting-machine.ts'
import { launchers, readAll, readers } from '../support/shells/freshness-readers.ts'

type Change = (machine: AnsweringMachine) => unknown

const sharp = readers.filter(({ seesSeconds }) => !seesSeconds)
const blunt = readers.filter(({ seesSeconds }) => seesSeconds)

const losses: readonly (readonly [string, Change])[] = [
  ['its marks', ({ cache }) => rm(nodePath.join(cache, 'times'), { recursive: true })],
  ['its script', async machine => unlink(nodePath.join(await answerOf(machine), 'answer.sh'))],
  ['the script of its home', ({ cache }) => rm(nodePath.join(cache, 'homes'), { recursive: true })],
  [
    'the time of a registry',
    ({ home }) => utimes(nodePath.join(home, 'tool_registry.json'), longAgo + 9, longAgo + 9),
  ],
]

describe('an answer that lost', () => {
  it.each(losses)('%s is asked for, once, and then given without Node', async (_, lose) => {
    const machine = await createAnsweringMachine()
    await machine.keep()
    await lose(machine)
    const before = await readAll(machine)
    expect(before).toMatchObject({ ...outcomeOf(launchers, 'other'), 'the program': 'fresh' })
    expect([...new Set(Object.values(before))].sort()).toEqual(['fresh', 'other'])
    await machine.mark()
    expect(await readAll(machine)).toEqual(outcomeOf(readers, 'fresh'))
  })

  const changes: readonly (readonly [string, Change])[] = [
    ['younger', ({ at }) => writeScript(at('sbin/podman'), '')],
    ['older', ({ at }) => utimes(at('sbin'), longAgo - 60, longAgo - 60)],
  ]
  it.each(changes)('any one mark is not given for a directory that is %s', async (_, change) => {
    const machine = await createAnsweringMachine()
    await machine.keep()
    await change(machine)
    const times = nodePath.join(machine.cache, 'times')
    const marks = await readdir(times)
    expect(marks.length).toBeGreaterThan(5)
    for (const mark of marks) {
      await rename(nodePath.join(times, mark), machine.at('mark'))
      expect(await readAll(machine, launchers)).toEqual(outcomeOf(launchers, 'other'))
      await rename(machine.at('mark'), nodePath.join(times, mark))
    }
  })
})

describe('a stale answer', () => {
  it('is a new one when it has been refreshed, and that is fresh', async () => {
    const machine = await createAnsweringMachine()
    await machine.keep()
    await ageAnswers(machine.cache, 301_000)
    expect(await machine.run('env')).toContain("NEXUS_HAS_DOCKER='kept'")
    // The launcher has ended before what it started can be seen among the processes.
    await expect.poll(() => machine.values(), { timeout: 60_000 }).toEqual(['1'])
    await until(() => processesIn(machine.at()).length === 0)
    await machine.mark()
    expect(await readAll(machine, sharp)).toEqual(outcomeOf(sharp, 'fresh'))
  })

  const claims = [
    ['has been started just now', 0, true],
    ['was started less than two minutes ago', 110, true],
    ['did not end within two minutes', 130, false],
    ['was started by a clock that was ahead', -3600, false],
  ] as const
  for (const [sentence, age, isHeld] of claims) {
    for (const { name, read } of launchers)
      it(`whose refresh ${sentence}: what ${name} does`, async () => {
        const machine = await createStale(age)
        // It sweeps an old claim, and leaves the refresh to whoever comes next: two of them can never both take it.
        expect(await read(machine)).toBe('fresh')
        expect(existsSync(await claimOf(machine))).toBe(isHeld)
        expect(await read(machine)).toBe(isHeld ? 'fresh' : 'stale')
        expect(existsSync(await claimOf(machine))).toBe(true)
      })

    it(`whose refresh ${sentence}: what the program does`, async () => {
      const machine = await createStale(age)
      expect(await machine.run('env', '--shell', 'json')).toContain('"NEXUS_HAS_DOCKER": "kept"')
      await until(() => processesIn(machine.at()).length === 0)
      expect(existsSync(await claimOf(machine))).toBe(isHeld)
      expect(await machine.values()).toEqual([isHeld ? 'kept' : '1'])
    })
  }
})

describe('who sees whole seconds', () => {
  it('does not give an answer for what changed within the second of the look, as nobody does', async () => {
    const machine = await createAnsweringMachine()
    await machine.keep()
    // The look came 100 ms after the last change, and 100 ms before this one.
    await editFile(nodePath.join(await answerOf(machine), 'answer.sh'), text =>
      text.replace(/^(_nexus_registry_verified) .*$/m, `$1 '${longAgo * 1000 + 100}' || return 1`),
    )
    await utimes(machine.at('sbin'), longAgo + 0.2, longAgo + 0.2)
    expect(await readAll(machine)).toEqual(outcomeOf(readers, 'other'))
  })

  it.skipIf(blunt.length === 0)('gives it when the program has looked in a later one', async () => {
    const machine = await createAnsweringMachine()
    await machine.keep()
    await machine.run('sync')
    const { mtimeMs } = await stat(nodePath.join(machine.home, 'tool_registry.json'))
    await until(() => Date.now() > mtimeMs + 1100)
    await machine.run('env', '--shell', 'json')
    await machine.mark()
    expect(await readAll(machine, blunt)).toEqual(outcomeOf(blunt, 'fresh'))
  })
})

describe('an answer that belongs to a working directory', () => {
  const relative: readonly (readonly [string, Change])[] = [
    [
      'NEXUS_REGISTRY_HOME',
      ({ at, env }) => copyHome(at('work/here')).then(() => setTo(env, 'NEXUS_REGISTRY_HOME')),
    ],
    ['KUBECONFIG', ({ at, env }) => writeFile(at('work/here'), '').then(() => setTo(env, 'KUBECONFIG'))],
    [
      'NEXUS_REGISTRY_PYTHON',
      ({ at, env }) => writeScript(at('work/here'), '').then(() => setTo(env, 'NEXUS_REGISTRY_PYTHON')),
    ],
  ]
  it.each(relative)('by a relative %s is never given by a shell', async (_, prepare) => {
    const machine = await createAnsweringMachine()
    await mkdir(machine.at('work'))
    await prepare(machine)
    await makeOld(machine.at('work'))
    machine.cwd = machine.at('work')
    await machine.keep()
    expect(await machine.values()).toEqual(['kept'])
    const shells = readers.filter(({ name }) => name !== 'the program')
    const expected = { ...outcomeOf(shells, 'other'), 'the program': 'fresh' }
    expect(await readAll(machine)).toEqual(expected)
    machine.cwd = machine.at('sbin')
    expect(await readAll(machine)).toEqual(outcomeOf(readers, 'other'))
  })
})

function outcomeOf(chosen: typeof readers, outcome: string): Record<string, string> {
  return Object.fromEntries(chosen.map(({ name }) => [name, outcome]))
}

async function answerOf(machine: AnsweringMachine): Promise<string> {
  const [answer = ''] = await machine.answers()
  return answer
}

async function claimOf(machine: AnsweringMachine): Promise<string> {
  return nodePath.join(await answerOf(machine), 'refreshing')
}

/** A machine with a stale answer, whose refresh was started so many seconds ago. */
async function createStale(seconds: number): Promise<AnsweringMachine> {
  const machine = await createAnsweringMachine()
  await machine.keep()
  await ageAnswers(machine.cache, 301_000)
  const claim = await claimOf(machine)
  await writeFile(claim, '')
  const startedAt = Date.now() / 1000 - seconds
  await utimes(claim, startedAt, startedAt)
  return machine
}

async function copyHome(directory: string): Promise<void> {
  await cp('registries', directory, { recursive: true })
}

function setTo(env: AnsweringMachine['env'], name: string): void {
  env[name] = './here'
}
