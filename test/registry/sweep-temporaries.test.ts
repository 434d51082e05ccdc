import { lutimes, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { placeTimeMarks, timeMarksDirectory } from '../../src/env/cache/export-scripts.ts'
import { placeHome } from '../../src/registry/home/create-home.ts'
import { replaceFile, writePrivateFile } from '../../src/registry/home/files.ts'
import { claimHome } from '../../src/sync/daemon-claim.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const random = '0123456789abcdef'

interface Writer {
  /** Writes, and answers with the path of a temporary file or directory of such a write. */
  readonly write: (host: TestHost) => Promise<string>
  readonly kind: 'file' | 'directory'
  readonly isBackdated?: boolean
}

const writers: Readonly<Record<string, Writer>> = {
  'a private file': {
    kind: 'file',
    write: async host => {
      await writePrivateFile(nodePath.join(host.directory, 'private/file'), 'new', host)
      return nodePath.join(host.directory, `private/.file-${random}`)
    },
  },
  'a file that is replaced': {
    kind: 'file',
    write: async host => {
      const path = nodePath.join(host.directory, 'file')
      await writeFile(path, 'old')
      await replaceFile(path, { before: 'old', after: 'new' }, host)
      return nodePath.join(host.directory, `.file-${random}`)
    },
  },
  'a time mark': {
    kind: 'file',
    isBackdated: true,
    write: async host => {
      await placeTimeMarks([3], host)
      return nodePath.join(timeMarksDirectory(host) ?? '', `.${random}`)
    },
  },
  'a new home': {
    kind: 'directory',
    write: async host => {
      const home = nodePath.join(host.directory, 'home')
      await host.fs.removeTree(home)
      await placeHome(home, 0o755, host)
      return nodePath.join(host.directory, `.home-new-${random}`)
    },
  },
  'the claim of a daemon': {
    kind: 'directory',
    write: async host => {
      await claimHome(host.directory, host)
      const directory = nodePath.join(host.directory, 'state/nexus-registry/daemons')
      const [name = ''] = (await readdir(directory)).filter(name => !name.includes('-'))
      return nodePath.join(directory, `${name}-${random}`)
    },
  },
}

const cases = Object.entries(writers).flatMap(([what, writer]) => [
  { what, ...writer, left: 'two minutes ago', ageMs: 120_000, isLink: false, isSwept: true },
  { what, ...writer, left: 'a moment ago', ageMs: 0, isLink: false, isSwept: false },
  { what, ...writer, left: 'as a link', ageMs: 120_000, isLink: true, isSwept: false },
])

test.each(cases)('what a killed writer of $what left $left is swept: $isSwept', async row => {
  const host = await createTestHost()
  const left = await row.write(host)
  if (row.isLink) await symlink(host.directory, left)
  else await (row.kind === 'file' ? writeFile(left, '') : mkdir(left))
  // A time mark has any time from the start.
  if (row.isBackdated) await lutimes(left, 1, 1)
  await row.write({ ...host, clock: { ...host.clock, now: () => Date.now() + row.ageMs } })
  expect((await readdir(nodePath.dirname(left))).includes(nodePath.basename(left))).toBe(!row.isSwept)
})
