import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { CheckContext } from '../../src/doctor/check.ts'
import { examine, renderHealth } from '../../src/doctor/doctor.ts'
import { clearRefreshFailure, saveRefreshFailure } from '../../src/env/cache/refresh.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { locateHome } from '../../src/registry/home/locate-home.ts'
import { formatLockState, lockPath } from '../../src/registry/lock/lock-state.ts'
import type { CheckName, HealthFinding } from '../../src/sync/health.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

let host: TestHost

beforeEach(async () => {
  host = await createTestHost({ env: { PATH: '/nowhere' } })
  await mkdir(at('bin'))
  host = { ...host, env: { ...host.env, PATH: at('bin') } }
})

function at(...names: string[]): string {
  return nodePath.join(host.directory, ...names)
}

async function addProgram(path: string): Promise<void> {
  await mkdir(nodePath.dirname(path), { recursive: true })
  await writeFile(path, '#!/bin/sh\n')
  await chmod(path, 0o755)
}

/** What one check says. */
async function look(
  check: CheckName,
  changes: Partial<CheckContext> = {},
  env: Record<string, string> = {},
  clock = host.clock,
) {
  const changed = { ...host, clock, env: { ...host.env, ...env } }
  const requireHome = () => locateHome({ flag: undefined, configured: undefined }, changed)
  const report = await examine({
    host: changed,
    requireHome,
    findHome: () => requireHome().catch(() => undefined),
    python: undefined,
    config: { files: [], notes: [] },
    alerts: { webhook: undefined, command: undefined },
    ...changes,
  })
  const own = report.findings.filter(finding => finding.check === check)
  return own.map(({ status, message, hint }): HealthFinding => ({ status, message, hint }))
}

// How old shipped figures are depends on the day of the test.
const aboutFigures = (registry: string) =>
  expect.objectContaining({ message: expect.stringMatching(`\\b${registry}\\b.* figures of `) })

const ok = (message: string) => ({ status: 'ok', message, hint: null })

test('a new home is valid, and no process writes to it', async () => {
  const [files, ...figures] = await look('home')
  expect(files).toEqual(ok(`${at('data/nexus-registry')} has all 9 registries, and they are valid`))
  expect(figures).toEqual(['providers', 'models'].map(name => aboutFigures(name)))
  expect(await look('lock')).toEqual([ok('no process is writing to the home')])
})

test('a home that is not there is one error, and the others go on', async () => {
  const env = { NEXUS_REGISTRY_HOME: at('nowhere') }
  const [finding, ...others] = await look('home', {}, env)
  expect(others).toEqual([])
  expect(finding).toMatchObject({ status: 'error', hint: expect.stringContaining('nexus-registry init') })
  expect(await look('lock', {}, env)).toEqual([])
  expect(await look('path', {}, env)).toEqual([ok('all 1 directories of PATH can be searched')])
})

test('faults in registries are an error that says how to see them', async () => {
  await look('home')
  await writeFile(at('data/nexus-registry/tool_registry.json'), '{"docker": {')
  expect(await look('home')).toEqual([
    {
      status: 'error',
      message: `${at('data/nexus-registry')} has errors in tools`,
      hint: `nexus-registry validate ${at('data/nexus-registry')}`,
    },
    aboutFigures('providers'),
    aboutFigures('models'),
  ])
})

test('old figures are a warning that says how to take newer ones', async () => {
  await look('home')
  const old = { ...host.clock, now: () => Date.parse('2100-01-01') }
  const findings = await look('home', {}, {}, old)
  expect(findings.filter(({ status }) => status === 'warning')).toEqual(
    ['providers', 'models'].map(name => ({
      status: 'warning',
      message: expect.stringMatching(
        new RegExp(`^(\\d+) of \\1 ${name} have figures of 90 days ago or older`),
      ),
      hint: expect.stringContaining('nexus-registry upgrade'),
    })),
  )
})

test('a home of your own that is not trusted is a warning', async () => {
  await look('home')
  const findings = await look('home', {}, { NEXUS_REGISTRY_HOME: at('data/nexus-registry') })
  expect(findings.at(-1)).toMatchObject({
    status: 'warning',
    hint: `nexus-registry trust ${at('data/nexus-registry')}`,
  })
})

describe('lock', () => {
  test.each([
    ['of a process that is gone', 999_999_999, '1', 'which ended without releasing it'],
    ['that is held for too long', process.pid, '', 'which has held it for too long'],
  ])('%s', async (_, pid, startTime, what) => {
    await look('home')
    const lock = lockPath(at('data/nexus-registry'), host)
    const nonce = '0123456789abcdef'
    await mkdir(
      nodePath.join(lock, formatLockState({ phase: 'held', pid, startTime, acquiredAt: 1, nonce })),
      {
        recursive: true,
      },
    )
    expect(await look('lock')).toEqual([
      {
        status: 'warning',
        message: `the lock of the home is held by process ${pid}, ${what}`,
        hint: 'The next sync takes it over: nexus-registry sync',
      },
    ])
  })
})

test('a cache that others can write is an error', async () => {
  await mkdir(at('cache/nexus-registry'), { recursive: true })
  await chmod(at('cache/nexus-registry'), 0o777)
  const [cache] = await look('directories')
  expect(cache).toMatchObject({
    status: 'error',
    message: expect.stringContaining('can be written by other users'),
  })
})

test('without HOME no directory for caches and trust', async () => {
  const homeless = { ...host, userHome: undefined, env: { PATH: at('bin') } }
  expect(await look('directories', { host: homeless })).toEqual([
    { status: 'warning', message: 'no directory for caches', hint: 'Set HOME or XDG_CACHE_HOME' },
    { status: 'warning', message: 'no directory for trust', hint: 'Set HOME or XDG_STATE_HOME' },
  ])
})

describe('python', () => {
  test('the one on PATH', async () => {
    await addProgram(at('bin/python3'))
    expect(await look('python')).toEqual([ok(`${at('bin/python3')} is queried for ML frameworks`)])
  })

  test('none is worth a note, one that was named and is not there is an error', async () => {
    expect(await look('python')).toMatchObject([{ status: 'note' }])
    expect(await look('python', { python: '/nowhere/python' })).toMatchObject([{ status: 'error' }])
  })
})

describe('path', () => {
  const warning = (message: string, hint: string | null) => ({ status: 'warning', message, hint })

  test('elements that are not searched', async () => {
    await writeFile(at('file'), '')
    expect(await look('path', {}, { PATH: `${at('bin')}:.::${at('file')}` })).toEqual([
      warning(
        '. on PATH is relative to the working directory, so it is never searched',
        'Remove it from PATH',
      ),
      warning(
        'an empty element of PATH is relative to the working directory, so it is never searched',
        'Remove it from PATH',
      ),
      warning(`${at('file')} on PATH is not a directory`, 'Remove it from PATH'),
    ])
  })

  test('a directory that everybody can write', async () => {
    await chmod(at('bin'), 0o777)
    expect(await look('path')).toEqual([
      warning(
        `${at('bin')} on PATH is writable by all users: nothing in it is executed`,
        `chmod o-w ${at('bin')}`,
      ),
    ])
  })

  test('what is passed over, and what is hidden', async () => {
    await symlink('/nowhere', at('bin/docker'))
    await addProgram(at('first/docker'))
    await addProgram(at('second/docker'))
    const PATH = [at('bin'), at('first'), at('second')].join(':')
    expect(await look('path', {}, { PATH })).toEqual([
      warning(`${at('bin/docker')} is skipped: it is a link that leads nowhere`, null),
      { status: 'note', message: `${at('second/docker')} is hidden by ${at('first/docker')}`, hint: null },
    ])
  })
})

test('the shell', async () => {
  expect(await look('shell')).toMatchObject([{ status: 'note' }])
  expect(await look('shell', {}, { NEXUS_ENV_STATUS: 'ok' })).toEqual([
    ok('this shell has its variables (ok)'),
  ])
})

test('a background refresh that failed, until one succeeds', async () => {
  const host = await createTestHost()
  await saveRefreshFailure({ failedAt: Date.UTC(2026, 10, 24), reason: 'the disk is full' }, host)
  const env = { XDG_CACHE_HOME: host.env.XDG_CACHE_HOME ?? '' }
  expect(await look('shell', {}, env)).toContainEqual({
    status: 'warning',
    message: 'the last background refresh, at 2026-11-24T00:00:00.000Z, failed: the disk is full',
    hint: 'Try it here: nexus-registry sync',
  })
  await clearRefreshFailure(host)
  expect(await look('shell', {}, env)).toHaveLength(1)
})

test('the configuration: what is read, and what does not count in it', async () => {
  expect(await look('config', { config: { files: ['/c.yaml'], notes: ['/c.yaml:1:1: no'] } })).toEqual([
    ok('using /c.yaml'),
    { status: 'warning', message: '/c.yaml:1:1: no', hint: null },
  ])
})

test('it is shown a line each, with nothing that steers the terminal', async () => {
  const style = await createStyle({ stream: { isTerminal: false }, env: {}, color: false })
  const findings = [
    { check: 'home', status: 'ok', message: 'fine', hint: null },
    { check: 'path', status: 'warning', message: 'odd \u001b[2J', hint: 'Mend it' },
    { check: 'path', status: 'error', message: 'broken', hint: null },
  ] as const
  expect(renderHealth({ healthy: false, findings }, { style, width: undefined })).toBe(
    'home\n  ✓ fine\n\npath\n  ! odd \\x1b[2J\n    Mend it\n  ✗ broken',
  )
})
