import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, type Story, stories } from './support/command-rows.ts'
import { createFixedMachine, type FixedMachine, startFixedServices } from './support/fixed-machine.ts'
import { goldenFile, renderRun } from './support/golden-text.ts'

/** Processes at once, on all machines together. */
const most = 3

const results = new Map<string, string>()
const machines: FixedMachine[] = []
const services = { stop: () => Promise.resolve() }

beforeAll(async () => {
  const { port, stop } = await startFixedServices()
  services.stop = stop
  const atOnce = createLimit(most)
  await Promise.all(stories.map(story => tell(story, port, atOnce)))
}, 300_000)

afterAll(async () => {
  await Promise.all(machines.map(machine => machine.remove()))
  await services.stop()
})

describe.each(stories)('$name', ({ inOrder, atOnce = [] }) => {
  test.each([...inOrder, ...atOnce])('$file', async ({ file }) => {
    await expect(results.get(file)).toMatchFileSnapshot(goldenFile(file))
  })
})

type Limit = <Value>(act: () => Promise<Value>) => Promise<Value>

async function tell({ prepare, inOrder, atOnce = [] }: Story, port: number, limit: Limit): Promise<void> {
  const machine = await createFixedMachine(port)
  machines.push(machine)
  await limit(async () => prepare?.(machine))
  await note(inOrder, machine, limit)
  const half = Math.ceil(atOnce.length / 2)
  await Promise.all([atOnce.slice(0, half), atOnce.slice(half)].map(rows => note(rows, machine, limit)))
}

async function note(rows: readonly CommandRow[], machine: FixedMachine, limit: Limit): Promise<void> {
  if (rows.length === 0) return
  const runs = await limit(() => machine.run(rows))
  for (const [index, row] of rows.entries()) {
    const run = runs[index]
    if (run) results.set(row.file, renderRun(row, run, machine))
  }
}

function createLimit(count: number): Limit {
  const waiting: (() => void)[] = []
  let running = 0
  return async act => {
    if (running >= count) await new Promise<void>(resolve => waiting.push(resolve))
    running += 1
    try {
      return await act()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}
