import { mkdir, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { renewWords, wordCachePath } from '../../src/completion/words.ts'
import { type WatchedFile, watchFiles } from '../../src/registry/home/watched-file.ts'
import { registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

/** Registries were written at 1000 s, their words at 2000 s, and a sync writes at 3000 s. */
const [written, kept, synced] = [1000, 2000, 3000]

interface Machine {
  readonly host: TestHost
  readonly home: string
  /** Writes a file of the home at a time, in seconds. */
  write(file: string, seconds: number): Promise<void>
}

type Step = (machine: Machine) => unknown

const sync: Step = async ({ write }) => {
  await write('tool_registry.json', synced)
  await write('ml_framework_registry.json', synced - 500)
}

const fresh: readonly (readonly [string, Step, Step])[] = [
  ['a sync writes', () => undefined, sync],
  ['a sync writes nothing', () => undefined, () => undefined],
  [
    'a sync writes a registry that was not there',
    ({ home }) => unlink(nodePath.join(home, 'tool_registry.json')),
    sync,
  ],
  [
    'a sync writes within the fraction of a millisecond',
    () => undefined,
    ({ write }) => write('tool_registry.json', synced + 0.0009),
  ],
]

const stale: readonly (readonly [string, Step, Step])[] = [
  ['another process has written before the sync', ({ write }) => write('tool_registry.json', kept + 1), sync],
  [
    'another process has written into another registry before',
    ({ write }) => write('model_registry.json', kept + 1),
    sync,
  ],
  [
    'another process writes into another registry meanwhile',
    () => undefined,
    async machine => {
      await sync(machine)
      await machine.write('model_registry.json', synced)
    },
  ],
]

describe('cached words of a home', () => {
  it.each(fresh)('stay fresh when %s', async (_, before, after) => {
    expect(await areFreshAfter(before, after)).toBe(true)
  })

  it.each(stale)('become stale when %s', async (_, before, after) => {
    expect(await areFreshAfter(before, after)).toBe(false)
  })

  it('are stale for what is written after the sync', async () => {
    const machine = await createMachine()
    const before = await lookAt(machine)
    await sync(machine)
    await renewWords(machine.home, before, machine.host)
    await machine.write('model_registry.json', synced + 0.002)
    expect(await areFresh(machine)).toBe(false)
  })

  it('never grow older', async () => {
    const machine = await createMachine()
    await renewWords(machine.home, await lookAt(machine), machine.host)
    expect((await stat(wordsOf(machine))).mtimeMs).toBe(kept * 1000)
  })

  it('need not be there, and need no cache directory', async () => {
    const machine = await createMachine()
    const { home, host } = machine
    await unlink(wordsOf(machine))
    await renewWords(home, await lookAt(machine), host)
    await renewWords(home, [], { ...host, env: {}, userHome: undefined })
    await expect(stat(wordsOf(machine))).rejects.toThrow('ENOENT')
  })

  it('become stale when their time cannot be set', async () => {
    const machine = await createMachine()
    const before = await lookAt(machine)
    await sync(machine)
    const { host, home } = machine
    const setModified = () => Promise.reject(new Error('EROFS'))
    await renewWords(home, before, { ...host, fs: { ...host.fs, setModified } })
    expect(await areFresh(machine)).toBe(false)
  })
})

async function areFreshAfter(before: Step, after: Step): Promise<boolean> {
  const machine = await createMachine()
  await before(machine)
  const files = await lookAt(machine)
  await after(machine)
  await renewWords(machine.home, files, machine.host)
  return areFresh(machine)
}

async function createMachine(): Promise<Machine> {
  const host = await createTestHost()
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  const machine: Machine = {
    host,
    home,
    write: async (file, seconds) => {
      await writeFile(nodePath.join(home, file), '{}')
      await utimes(nodePath.join(home, file), seconds, seconds)
    },
  }
  for (const name of registryNames) await machine.write(registryFiles[name], written)
  await mkdir(nodePath.dirname(wordsOf(machine)), { recursive: true })
  await writeFile(wordsOf(machine), 'tool\tdocker\n')
  await utimes(wordsOf(machine), kept, kept)
  return machine
}

function wordsOf({ home, host }: Machine): string {
  return wordCachePath(home, host) ?? ''
}

/** The files that a sync writes into, as it finds them. */
async function lookAt({ home, host }: Machine): Promise<WatchedFile[]> {
  const names = ['tool_registry.json', 'ml_framework_registry.json', 'hyper_registry.json']
  return watchFiles(
    names.map(name => nodePath.join(home, name)),
    host,
  )
}

/** As shells decide: no registry is newer. */
async function areFresh(machine: Machine): Promise<boolean> {
  const words = await stat(wordsOf(machine), { bigint: true })
  const files = registryNames.map(name => nodePath.join(machine.home, registryFiles[name]))
  const times = await Promise.all(files.map(file => stat(file, { bigint: true }).catch(() => undefined)))
  return times.every(info => info === undefined || info.mtimeNs <= words.mtimeNs)
}
