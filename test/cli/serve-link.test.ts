import { mkdir, readdir } from 'node:fs/promises'
import nodePath from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Signal } from '../../src/platform/host.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { temporaryDirectory } from '../support/test-host.ts'

/** What `serve` writes to stderr until it has stopped, which it is asked to once it listens. */
async function serveOnce(flags: readonly string[], isTerminal: boolean): Promise<string> {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, 'home')
  await mkdir(home, { mode: 0o700 })
  await writeHome(home, soundTexts)
  let written = ''
  const stderr = {
    write: (text: string) => {
      written += text
    },
    isTerminal,
    columns: isTerminal ? 40 : undefined,
  }
  const takeSignals = (listener: (signal: Signal) => void) =>
    void untilListening(directory).finally(() => listener('SIGTERM'))
  const args = ['serve', '--port', '0', '--no-sync', '--home', home, ...flags]
  const { code, stdout } = await runInProcess(args, { directory, overrides: { stderr, takeSignals } })
  expect([code, stdout]).toEqual([0, ''])
  return written
}

test('serve prints a link for its owner on a terminal, in one piece on a narrow one', async () => {
  const written = await serveOnce([], true)
  expect(written).toContain('listening')
  expect(written).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=\d{13}\.[\w-]{22}\.[\da-f]{64}$/m)
})

test.each<[string, string[], boolean]>([
  ['lines of JSON', ['--log-format', 'json'], true],
  ['--quiet', ['--quiet'], true],
  ['a log', [], false],
  ['a log for people', ['--log-format', 'pretty'], false],
])('serve prints no link to %s', async (_, flags, isTerminal) => {
  const written = await serveOnce(flags, isTerminal)
  if (!flags.includes('--quiet')) expect(written).toContain('listening')
  expect(written).not.toContain('token')
})

/** Waits until the server has its file, and for what it prints after that. */
async function untilListening(directory: string): Promise<void> {
  const servers = nodePath.join(directory, '.local/state/nexus-registry/servers')
  const listFiles = () => readdir(servers).catch(() => [])
  await expect.poll(listFiles, { timeout: 60_000 }).toEqual([expect.stringMatching(/^[\da-f]+\.json$/)])
  await sleep(200)
}
