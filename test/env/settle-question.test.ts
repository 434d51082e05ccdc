import { mkdir, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeCacheKey } from '../../src/env/cache/cache-key.ts'
import { stabilizeCacheKey } from '../../src/env/pending-exports.ts'
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

describe('a question', () => {
  it('of old files is settled at once', async () => {
    const machine = await createMachine()
    expect(await settle(machine)).toBe('settled')
    expect(machine.slept).toEqual([])
  })

  const recent = [
    ['a directory of PATH was changed just now', 'bin', false, [stableAfterMs]],
    ['somebody has changed the home just now', 'home', false, [stableAfterMs]],
    ['a directory of PATH was changed just now, as the home was by itself', 'bin', true, [stableAfterMs]],
    ['it has changed the home itself', 'home', true, []],
  ] as const
  it.each(recent)('is settled after a moment when %s', async (_, what, isWritten, slept) => {
    const machine = await createMachine()
    await machine.touch(what, noon)
    expect(await settle(machine, { isWritten })).toBe('settled')
    expect(machine.slept).toEqual(slept)
  })

  it('is told as it stands when it is settled', async () => {
    const machine = await createMachine()
    await machine.touch('bin', noon)
    const options = { home: machine.host.directory }
    const asked = await describeCacheKey(options, machine.host)
    const settled = await stabilizeCacheKey(asked, { options, isWritten: false }, machine.host)
    expect(settled).toMatchObject({ text: asked.text, look: { startedAt: noon + stableAfterMs } })
  })
})

describe('there is no question', () => {
  it('when it has become another one', async () => {
    const machine = await createMachine()
    expect(await settle(machine, { before: () => machine.install('tool') })).toBe('none')
    expect(machine.slept).toEqual([])
  })

  it('when it becomes another one in that moment', async () => {
    const machine = await createMachine()
    await machine.touch('bin', noon)
    machine.meanwhile = () => machine.install('tool')
    expect(await settle(machine)).toBe('none')
  })

  it('when it does not come to rest', async () => {
    const machine = await createMachine()
    await machine.touch('bin', noon)
    machine.meanwhile = () => {
      machine.now = noon
    }
    expect(await settle(machine)).toBe('none')
    expect(machine.slept).toEqual([stableAfterMs])
  })
})

async function settle(
  { host }: Machine,
  { isWritten = false, before = () => undefined }: { isWritten?: boolean; before?: () => unknown } = {},
): Promise<'settled' | 'none'> {
  const options = { home: host.path.join(host.directory, 'home') }
  const asked = await describeCacheKey(options, host)
  await before()
  return (await stabilizeCacheKey(asked, { options, isWritten }, host)) === undefined ? 'none' : 'settled'
}

async function createMachine(): Promise<Machine> {
  const clock = {
    now: () => machine.now,
    sleep: async (ms: number, signal?: AbortSignal) => {
      // The deadline of a look, which never comes.
      if (signal) return new Promise<void>(() => undefined)
      machine.slept.push(ms)
      machine.now += ms
      await machine.meanwhile()
    },
  }
  const host = await createTestHost({ clock })
  const at = (...parts: string[]) => nodePath.join(host.directory, ...parts)
  const places = { bin: at('bin'), home: at('home/tool_registry.json') }
  const machine: Machine = {
    host: { ...host, env: { ...host.env, PATH: places.bin } },
    slept: [],
    now: noon,
    meanwhile: () => undefined,
    touch: (what, ms) => utimes(places[what], ms / 1000, ms / 1000),
    install: async name => {
      await writeFile(at('bin', name), '')
      await utimes(places.bin, long / 1000 + 1, long / 1000 + 1)
    },
  }
  await mkdir(at('bin'))
  await mkdir(at('home'))
  await writeFile(places.home, '{}')
  for (const what of ['bin', 'home'] as const) await machine.touch(what, long)
  return machine
}
