import { describe, expect, it } from 'vitest'
import {
  createHookedMachine,
  type HookedMachine,
  hookedShells,
  hookFile,
} from '../support/shells/hooked-machine.ts'
import { findShell } from '../support/shells/shells.ts'

const hour = 3_600_000
const launcher = ['sh', `${process.cwd()}/bin/nexus-registry`, 'env'] as const

describe.each(hookedShells)('in %s a stale answer', shell => {
  const test = it.skipIf(findShell(shell) === undefined)

  test('is there at once, and the one that a silent refresh finds is there at the next prompt', async () => {
    const machine = await createHookedMachine()
    await machine.keep('kept')
    await machine.age(hour)
    const terminal = await machine.open(shell, { after: 'echo "first $NEXUS_HAS_DOCKER"' })
    expect(terminal.greeting).toMatch(/^first kept\n+READY>$/)
    // No word of a job that has begun or ended.
    expect(await terminal.type('')).toMatch(/^\n+READY>$/)
    await isRefreshed(machine)
    expect(await terminal.type('')).toMatch(/^\n+READY>$/)
    expect(await terminal.run('echo "$NEXUS_HAS_DOCKER"')).toBe('1\n')
    expect(await machine.refreshes()).toBe(1)
  })

  test('from a clock that was ahead is refreshed as well', async () => {
    const machine = await createHookedMachine()
    await machine.keep('kept')
    await machine.age(-hour)
    const terminal = await machine.open(shell, { after: 'echo "first $NEXUS_HAS_DOCKER"' })
    expect(terminal.greeting).toMatch(/^first kept\n+READY>$/)
    await isRefreshed(machine)
    await terminal.type('')
    expect(await terminal.run('echo "$NEXUS_HAS_DOCKER"')).toBe('1\n')
  })

  test('is refreshed no more for two minutes once that has failed, silently, and doctor tells', async () => {
    const machine = await createHookedMachine()
    await machine.keep('kept')
    await machine.age(hour)
    await machine.failRefresh()
    const env = { NEXUS_TEST_HOME: machine.at('nowhere') }
    for (const _ of ['the one that tries', 'another one']) {
      const terminal = await machine.open(shell, { env, after: 'echo "first $NEXUS_HAS_DOCKER"' })
      expect(terminal.greeting).toMatch(/^first kept\n+READY>$/)
      expect(await terminal.type('')).toMatch(/^\n+READY>$/)
      await machine.isAtRest()
      expect(await terminal.type('')).toMatch(/^\n+READY>$/)
      expect(await terminal.run('echo "$NEXUS_HAS_DOCKER"')).toBe('kept\n')
    }
    expect(await machine.refreshes()).toBe(1)
    const { stdout } = await machine.program('doctor')
    expect(stdout).toMatch(/the last background refresh, at [^\n]* failed: [^\n]*nowhere/)
  })
})

it('twenty shells that find a stale answer at once start one refresh, and leave nothing behind', async () => {
  const machine = await createHookedMachine()
  await machine.keep('kept')
  await machine.age(hour)
  const show = 'printf %s "$NEXUS_HAS_DOCKER"'
  const starts = [
    ['zsh', '-f', '-c', `source '${hookFile('zsh')}'; ${show}`],
    ['bash', '--norc', '-c', `source '${hookFile('bash')}'; ${show}`],
    ['sh', '-c', `eval "$('${process.cwd()}/bin/nexus-registry' env)"; ${show}`],
  ].filter(([shell = '']) => findShell(shell) !== undefined)
  const shells = Array.from({ length: 20 }, (_, index) =>
    machine.script(starts[index % starts.length] ?? launcher),
  )
  const runs = await Promise.all(shells)
  // On busy cores the last ones start when the refresh is done.
  const seen = { code: 0, stdout: expect.stringMatching(/^(?:kept|1)$/), stderr: '' }
  expect(runs).toEqual(Array(20).fill(seen))
  expect(runs.map(({ stdout }) => stdout)).toContain('kept')
  await machine.isAtRest()
  expect(await machine.isRefreshing()).toBe(false)
  expect(await machine.refreshes()).toBe(1)
  expect((await machine.script(starts[0] ?? launcher)).stdout).toBe('1')
})

/** Waits until a refresh has begun and ended. */
async function isRefreshed(machine: HookedMachine): Promise<void> {
  await expect.poll(() => machine.refreshes(), { timeout: 60_000 }).toBeGreaterThan(0)
  await expect.poll(() => machine.isRefreshing(), { timeout: 60_000 }).toBe(false)
}
