import { chmod, mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { createTestHost } from '../support/test-host.ts'

async function call(args: readonly string[], env: Record<string, string> = {}) {
  const host = await createTestHost({ env })
  const code = await run(args, host)
  return { code, ...host.written }
}

test.each([
  ...['0', '-1', '1.5', 'x', '', '1e3', '0x10', '257', '1e99', 'Infinity', 'NaN'].map(value => [
    'sync',
    '--concurrency',
    value,
  ]),
  ...['0', '-1', 'x', '', '1e99', '3601', 'NaN', '0x10'].map(value => ['sync', '--timeout', value]),
  ...['0', '-1', 'x', '', '1e3', '99999999999999999999'].map(value => ['graph', '--depth', value]),
  ...['0', '-1', 'x', '', '1.5'].map(value => ['query', 'models', '--limit', value]),
  ...['-1', '65536', 'x', '', '80.5'].map(value => ['serve', '--port', value]),
  ...['-1', 'x', ''].map(value => ['validate', '--max-warnings', value]),
  ...['-1d', 'x', ''].map(value => ['validate', '--horizon', value]),
  ['graph', '--format', ''],
  ['graph', '--type', ''],
  ['validate', '--rule', ''],
  ['env', '--shell', ''],
  ['list', '--home', ''],
])('a value that cannot be right is an error: %j', async (...args) => {
  const { code, stdout, stderr } = await call(args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^error: .+\nhint: .+\n$/)
})

/** Things that are no Python, in a directory of their own. */
async function createImpostors() {
  const { directory } = await createTestHost()
  const place = (name: string) => nodePath.join(directory, name)
  await mkdir(place('directory'))
  await writeFile(place('file'), 'not a program\n')
  await writeFile(place('program'), '#!/bin/sh\necho "$@"\n')
  await chmod(place('program'), 0o755)
  return place
}

const impostors = ['nowhere', 'directory', 'file', 'program'] as const

test.each(impostors)('sync --python with no Python is an error: %s', async name => {
  const path = (await createImpostors())(name)
  const { code, stdout, stderr } = await call(['sync', '--quick', '--python', path])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^error: --python: .+\nhint: Name a Python interpreter, .+\n$/)
  expect(stderr).toContain(path)
})

test('so is a name that is not on PATH, and an empty one', async () => {
  const missing = await call(['sync', '--quick', '--python', 'python-nowhere'])
  expect(missing.stderr).toContain('--python: python-nowhere was not found on PATH')
  const empty = await call(['sync', '--quick', '--python', ''])
  expect(empty.stderr).toContain('--python is empty')
  expect([missing.code, empty.code]).toEqual([2, 2])
})

test('so is a variable that names none; a shell starts all the same', async () => {
  const env = { NEXUS_REGISTRY_PYTHON: '/nowhere/python' }
  const { code, stderr } = await call(['sync', '--quick'], env)
  expect(code).toBe(2)
  expect(stderr).toContain('error: NEXUS_REGISTRY_PYTHON: /nowhere/python is not a program')
  const shell = await call(['env'], env)
  expect(shell.code).toBe(0)
  expect(shell.stdout).toContain('NEXUS_HAS_PYTORCH=')
})
