import { expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { soundDay } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

/** What a command prints with --quiet in a home that is new to it, on a day on which its data is new. */
async function runQuietly(args: readonly string[]) {
  const host = await createTestHost({ clock: { now: () => Date.parse(soundDay) } })
  const code = await run([...args, '--quiet'], host)
  return { code, ...host.written }
}

test.each([
  [['init']],
  [['sync', '--quick']],
  [['sync', '--quick', 'tools']],
  [['validate']],
  [['trust']],
  [['trust', '--revoke']],
  [['trust', '--list']],
  [['has', 'nothing-like-this']],
  [['has', 'git']],
  [['graph', '--cycles']],
])('an action says nothing with --quiet but errors: %j', async args => {
  const { stdout, stderr } = await runQuietly(args)
  expect(stdout).toBe('')
  expect(stderr.split('\n').filter(line => line !== '' && !/^(?:error|hint): /.test(line))).toEqual([])
})

test.each([
  [['list']],
  [['list', 'tools']],
  [['env']],
  [['query', 'tools', '--limit', '1']],
  [['query', 'tools', '.git.detection']],
  [['validate', '--json']],
  [['validate', '--rules']],
  [['graph']],
  [['graph', 'tools/jq', '--dependents']],
  [['explain', 'tools/git']],
  [['status']],
  [['doctor']],
  [['sync', '--quick', '--json']],
  [['hook', 'zsh']],
  [['completion', 'bash']],
])('data is printed with --quiet, and nothing beside it: %j', async args => {
  const { stdout, stderr } = await runQuietly(args)
  expect(stderr).toBe('')
  expect(stdout).not.toBe('')
})
