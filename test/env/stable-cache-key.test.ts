import { mkdir, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeCacheKey, stabilizeCacheKey } from '../../src/env/cache/cache-key.ts'
import { stableAfterMs } from '../../src/registry/home/watched-file.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const noon = 1_800_000_000_000
const long = noon - 60_000

interface Machine {
  readonly host: TestHost
  /** What the program has slept so far, in milliseconds. */
  readonly slept: number[]
  now: number
  /** What happens while it sleeps. */
  meanwhile: () => unknown
  /** Gives the directory on PATH, or a file of the home, a time. */
  touch(what: 'bin' | 'home', ms: number): Promise<void>
  install(name: string): Promise<void>
}

describe('a cache key', () => {
  it('of old files is stable at once', async () => {
    const machine = await createMachine()
    expect(await stabilize(machine)).toBe('stable')
    expect(machine.slept).toEqual([])
  })

  const recent = [
    ['a directory of PATH was changed just now', 'bin', false, [stableAfterMs]],
    ['another process has changed the home just now', 'home', false, [stableAfterMs]],
    ['a directory of PATH was changed just now, and the home by the caller', 'bin', true, [stableAfterMs]],
    ['the caller has changed the home', 'home', true, []],
  ] as const
  it.each(recent)('becomes stable when %s', async (_, what, isOwnHome, slept) => {
    const machine = await createMachine()
    await machine.touch(what, noon)
    expect(await stabilize(machine, { isOwnHome })).toBe('stable')
    expect(machine.slept).toEqual(slept)
  })

  it('has the time of the last check when it is stable', async () => {
    const machine = await createMachine()
    await machine.touch('bin', noon)
    const options = { home: machine.host.directory }
    const before = await describeCacheKey(options, machine.host)
    const stable = await stabilizeCacheKey(before, { options, isOwnHome: false }, machine.host)
    expect(stable).toMatchObject({ text: before.text, checked: { startedAt: noon + stableAfterMs } })
  })
})

describe('there is no stable cache key', () => {
  it('when it has changed', async () => {
    const machine = await createMachine()
    expect(await stabilize(machine, { change: () => machine.install('tool') })).toBe('none')
    expect(machine.slept).toEqual([])
  })

  it('when it changes during the wait', async () => {
    const machine = await createMachine()
    await machine.touch('bin', noon)
    machine.meanwhile = () => machine.install('tool')
    expect(await stabilize(machine)).toBe('none')
  })

  it('when files keep changing', async () => {
    const machine = await createMachine()
    await machine.touch('bin', noon)
    machine.meanwhile = () => {
      machine.now = noon
    }
    expect(await stabilize(machine)).toBe('none')
    expect(machine.slept).toEqual([stableAfterMs])
  })
})

async function stabilize(
  { host }: Machine,
  { isOwnHome = false, change = () => undefined }: { isOwnHome?: boolean; change?: () => unknown } = {},
): Promise<'stable' | 'none'> {
  const options = { home: host.path.join(host.directory, 'home') }
  const before = await describeCacheKey(options, host)
  await change()
  return (await stabilizeCacheKey(before, { options, isOwnHome }, host)) === undefined ? 'none' : 'stable'
}

async function createMachine(): Promise<Machine> {
  const clock = {
    now: () => machine.now,
    sleep: async (ms: number, signal?: AbortSignal) => {
      // The deadline of a check, which never passes.
      if (signal) return new Promise<void>(() => undefined)
      machine.slept.push(ms)
      machine.now += ms
      await machine.meanwhile()
    },
  }
  const host = await createTestHost({ clock })
  const at = (...parts: string[]) => nodePath.join(host.directory, ...parts)
  const paths = { bin: at('bin'), home: at('home/tool_registry.json') }
  const machine: Machine = {
    host: { ...host, env: { ...host.env, PATH: paths.bin } },
    slept: [],
    now: noon,
    meanwhile: () => undefined,
    touch: (what, ms) => utimes(paths[what], ms / 1000, ms / 1000),
    install: async name => {
      await writeFile(at('bin', name), '')
      await utimes(paths.bin, long / 1000 + 1, long / 1000 + 1)
    },
  }
  await mkdir(at('bin'))
  await mkdir(at('home'))
  await writeFile(paths.home, '{}')
  for (const what of ['bin', 'home'] as const) await machine.touch(what, long)
  return machine
}
