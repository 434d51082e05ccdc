import { mkdtemp, rm } from 'node:fs/promises'
import nodePath from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type UpdateHost, updateHome } from '../../src/registry/home/update-home.ts'
import { type Choice, createInterleaver, type Interleaver, withoutSync } from '../support/homes/interleave.ts'
import { addMark, leftoversIn, readMarks, writeMarkedHome } from '../support/homes/marked-home.ts'
import { rounds } from '../support/stress.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const names = ['tools', 'ml_frameworks'] as const

type Outcome = 'done' | 'begun' | 'undone' | 'killed'

interface Race {
  readonly actors: readonly number[]
  readonly order: readonly Choice[]
  /** Whether everybody takes everybody else for dead: then the lock is taken from those who are only slow. */
  readonly doubtsEverybody: boolean
}

const fates: fc.Arbitrary<Choice['fate']> = fc.oneof(
  { weight: 10, arbitrary: fc.constant('go' as const) },
  { weight: 1, arbitrary: fc.constant('fail' as const) },
  { weight: 1, arbitrary: fc.constant('kill' as const) },
)

// Long stretches of one actor between two steps of another are what finds faults.
const steps = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 25 }))

const orders = fc.array(fc.record({ actor: fc.constantFrom(1, 2, 3), steps, fate: fates }), {
  maxLength: 24,
  size: 'max',
})

const inTime = { timeout: 120_000 }

test.each([
  { holders: 'holders that have ended', doubtsEverybody: false },
  { holders: 'every holder, also one that is only slow', doubtsEverybody: true },
])(
  'however steps fall between each other, with the lock taken from $holders, both files agree and nothing is lost',
  inTime,
  async ({ doubtsEverybody }) => {
    const host = await createTestHost()
    await fc.assert(
      fc.asyncProperty(orders, order => expectSoundRace({ actors: [1, 2, 3], order, doubtsEverybody }, host)),
      { numRuns: rounds(120), endOnFailure: true },
    )
  },
)

const stops = Array.from({ length: 16 }, (_, index) => index + 1)

test.each(stops)(
  'a holder that is stopped after step %i, and resumed at any step of the next one, overwrites nothing',
  inTime,
  async stop => {
    const host = await createTestHost()
    for (const otherStop of stops) {
      const order: Choice[] = [
        { actor: 1, steps: stop, fate: 'go' },
        { actor: 2, steps: otherStop, fate: 'go' },
        { actor: 1, steps: 4, fate: 'go' },
        { actor: 2, steps: 30, fate: 'go' },
      ]
      await expectSoundRace({ actors: [1, 2], order, doubtsEverybody: true }, host)
    }
  },
)

async function expectSoundRace(race: Race, host: TestHost): Promise<void> {
  const home = await writeMarkedHome(await mkdtemp(nodePath.join(host.directory, 'home-')))
  const outcomes = await run(home, race, host)
  // Two more updates: the first finishes what was begun, the second finds nothing to clear up.
  await updateHome(
    home,
    names,
    addMark('last'),
    withPid(99, host, () => undefined),
  )
  await updateHome(
    home,
    names,
    addMark('last'),
    withPid(99, host, () => undefined),
  )

  const { tools, frameworks } = await readMarks(home)
  expect(tools).toEqual(frameworks)
  for (const [actor, outcome] of outcomes) {
    const times = tools.filter(mark => mark === `mark ${actor}`).length
    expect({ outcome, times }).toSatisfy(isSound)
  }
  expect(await leftoversIn(home)).toEqual([])
  await rm(home, { recursive: true })
}

function isSound({ outcome, times }: { outcome: Outcome; times: number }): boolean {
  if (outcome === 'done') return times === 1
  return outcome === 'undone' ? times === 0 : times <= 1
}

async function run(
  home: string,
  { actors, order, doubtsEverybody }: Race,
  host: TestHost,
): Promise<Map<number, Outcome>> {
  const interleaver = createInterleaver()
  const outcomes = new Map<number, Outcome>(actors.map(actor => [actor, 'killed']))
  for (const actor of actors) {
    const isRunning = (pid: number) => !doubtsEverybody && !interleaver.isDead(pid)
    const actorHost = interleavedHost(actor, interleaver, host, isRunning)
    updateHome(home, names, addMark(`mark ${actor}`), actorHost).then(
      () => outcomes.set(actor, 'done'),
      error => outcomes.set(actor, String(error).includes('only in part') ? 'begun' : 'undone'),
    )
  }
  await interleaver.play(order)
  return outcomes
}

function interleavedHost(
  actor: number,
  interleaver: Interleaver,
  host: TestHost,
  isRunning: (pid: number) => boolean,
): UpdateHost {
  return {
    ...withPid(actor, host, pid => (isRunning(pid) ? 'now' : undefined)),
    fs: interleaver.filesOf(actor, withoutSync(host.fs)),
    clock: { ...host.clock, sleep: () => interleaver.turn(actor) },
  }
}

function withPid(
  pid: number,
  host: TestHost,
  startTimeOfOthers: (pid: number) => string | undefined,
): UpdateHost {
  const startTime = async (of: number) => (of === pid ? 'now' : startTimeOfOthers(of))
  return { ...host, fs: withoutSync(host.fs), processes: { ...host.processes, pid, startTime } }
}
