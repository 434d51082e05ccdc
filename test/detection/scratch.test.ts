import { lstat, mkdir, readdir, symlink, utimes } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { detect } from '../../src/detection/detect.ts'
import type { Host } from '../../src/platform/host.ts'
import { toReadOnlyFiles } from '../../src/platform/read-only-files.ts'
import { createMemoryCache } from '../support/probe-context.ts'
import { writeScript } from '../support/processes/script.ts'
import { createTestHost } from '../support/test-host.ts'

const hour = 3_600_000
const owner = (pid: number, startTime: string) => `held-${pid}-0-0123456789abcdef-${startTime}`
/** The processes of the machine, this one among them. */
const running: Readonly<Record<number, string>> = { 1: 'a', 2: 'b' }

interface Left {
  readonly name?: string
  readonly content: readonly string[]
  readonly ageMs?: number
  readonly uid?: number
  readonly startTimes?: Readonly<Record<number, string>>
  readonly kind?: 'directory' | 'link'
  readonly isDryRun?: boolean
}

/** Runs a command beside what is left there, and says whether that is still there. */
async function isKept(left: Left): Promise<boolean> {
  const real = await createTestHost()
  const [temporaryDirectory, bin, elsewhere] = ['temporary', 'bin', 'elsewhere'].map(name =>
    nodePath.join(real.directory, name),
  )
  if (!temporaryDirectory || !bin || !elsewhere) throw new Error('there are three of them')
  const root = nodePath.join(temporaryDirectory, left.name ?? 'nexus-registry-0123456789abcdef')
  const place = left.kind === 'link' ? elsewhere : root
  await Promise.all([temporaryDirectory, bin, place].map(path => mkdir(path, { recursive: true })))
  for (const name of left.content) await mkdir(nodePath.join(place, name), { recursive: true })
  if (left.kind === 'link') await symlink(elsewhere, root)
  const modified = new Date(Date.now() - (left.ageMs ?? 0))
  await utimes(place, modified, modified)
  await writeScript(nodePath.join(bin, 'tool'), 'echo 1')

  const fs: Host['fs'] = { ...real.fs, temporaryDirectory }
  const { startTimes = running } = left
  const host = {
    ...real,
    env: { ...real.env, PATH: `${bin}:/usr/bin:/bin` },
    uid: left.uid ?? real.uid,
    fs: left.isDryRun ? toReadOnlyFiles(fs, real.path) : fs,
    processes: { ...real.processes, pid: 1, startTime: async (pid: number) => startTimes[pid] },
  }
  const entry = { detection: 'tool', env_var: 'NEXUS_HAS_TOOL' }
  const { detections } = await detect(
    {
      entries: [{ registry: 'tools', id: 'tool', entry }],
      mode: 'normal',
      cache: createMemoryCache(),
      isTrusted: true,
    },
    host,
  )
  expect(detections.get('tools/tool')).toMatchObject({ status: 'present' })
  const names = await readdir(temporaryDirectory)
  expect(names.filter(name => name !== nodePath.basename(root))).toEqual([])
  if (left.kind === 'link') expect((await lstat(elsewhere)).isDirectory()).toBe(true)
  return names.length > 0
}

test.each<[string, Left, boolean]>([
  ['of a process that has ended', { content: ['empty', 'home/.cargo', 'tmp', 'run', owner(9, 'x')] }, false],
  ['of a process whose id another one has now', { content: ['empty', owner(2, 'x')] }, false],
  ['of a process that runs', { content: ['empty', owner(2, 'b')], ageMs: 99 * hour }, true],
  ['that says no owner yet', { content: [] }, true],
  ['that says no owner, and is old', { content: ['empty', 'home'], ageMs: 2 * hour }, false],
  ['with an owner of no start time', { content: [owner(9, '')] }, true],
  ['with an owner of no start time, and old', { content: [owner(9, '')], ageMs: 2 * hour }, false],
  ['where processes cannot be seen', { content: [owner(9, 'x')], startTimes: {} }, true],
  ['of another container', { content: [owner(9, 'x~2')], ageMs: 2 * hour, startTimes: { 1: 'a~1' } }, true],
  [
    'of another container, and old',
    { content: [owner(9, 'x~2')], ageMs: 25 * hour, startTimes: { 1: 'a~1' } },
    false,
  ],
  ['with something else in it', { content: ['thesis', owner(9, 'x')], ageMs: 99 * hour }, true],
  ['of another user', { content: [owner(9, 'x')], ageMs: 99 * hour, uid: 4711 }, true],
  ['with another name', { content: [owner(9, 'x')], ageMs: 99 * hour, name: 'nexus-registry-mine' }, true],
  ['that is a link', { content: [owner(9, 'x')], ageMs: 99 * hour, kind: 'link' }, true],
  ['in a dry run', { content: [owner(9, 'x')], ageMs: 99 * hour, isDryRun: true }, true],
])('a scratch directory %s: kept is %3$s', async (_, left, expected) => {
  expect(await isKept(left)).toBe(expected)
})
