import { rm, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { checkState, syncCheck } from '../../src/doctor/checks/sync.ts'
import { keepBackups } from '../../src/registry/backup/restore.ts'
import { locateHome } from '../../src/registry/home/locate-home.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { createSyncState, type SyncState, saveSyncState } from '../../src/registry/sync-state.ts'
import { saveAlertMemory } from '../../src/sync/alert/alert-memory.ts'
import type { HealthFinding } from '../../src/sync/health.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const noon = Date.UTC(2026, 10, 24, 12)
const nobody = { webhook: undefined, command: undefined }

let host: TestHost
let home: string
let now: number

beforeEach(async () => {
  now = noon
  host = await createTestHost({ clock: { now: () => now } })
  home = (await locateHome({ flag: undefined, configured: undefined }, host)).directory
  await loadSnapshot(home, host)
})

function look(alerts: Parameters<typeof syncCheck.run>[0]['alerts'] = nobody) {
  const findHome = () => locateHome({ flag: undefined, configured: undefined }, host)
  const config = { files: [], notes: [] }
  return syncCheck.run({ host, findHome, requireHome: findHome, python: undefined, config, alerts })
}

const at = (file: string) => nodePath.join(home, file)
const ok = (message: string): HealthFinding => ({ status: 'ok', message, hint: null })
const unheard: HealthFinding = {
  status: 'note',
  message: 'no alerts are configured for unusable registries',
  hint: 'Add a webhook or a command to alerts in your configuration',
}

test('a valid home has no warning, only a note that no alerts are configured', async () => {
  expect(await look()).toEqual([ok('every registry is read from its own file: no backup is in use'), unheard])
})

test('backups that replace files are reported, with their age and a hint', async () => {
  await keepBackups(home, host)
  await rm(at('model_registry.json'))
  await writeFile(at('tool_registry.json'), '{')
  now += 120_000
  expect(await look()).toEqual([
    {
      status: 'warning',
      message: `${at('tool_registry.json')}:1:2: it is not JSON that can be read: a backup from 2 minutes ago replaces it`,
      hint: `nexus-registry validate ${at('tool_registry.json')}`,
    },
    {
      status: 'warning',
      message: `${at('model_registry.json')} is missing: a backup from 2 minutes ago replaces it`,
      hint: 'nexus-registry sync restores it',
    },
    unheard,
  ])
})

test('a registry without a backup is an error', async () => {
  await rm(at('model_registry.json'))
  expect((await look())[0]).toEqual({
    status: 'error',
    message: `${at('model_registry.json')} is missing, and it has no backup: it is treated as empty`,
    hint: 'Fix it, or copy it from a new home: nexus-registry init DIR',
  })
})

const moment = (secondsAgo: number) => new Date(noon - secondsAgo * 1000).toISOString()

function toState(changes: Partial<SyncState>): SyncState {
  return {
    ...createSyncState(moment(0)),
    url: 'https://example.com/models',
    last_success: moment(60),
    ...changes,
  }
}

const states: [what: string, state: Partial<SyncState>, status: HealthFinding['status'], message: string][] =
  [
    ['fresh', {}, 'ok', 'models was synced 1 minute ago'],
    [
      'stale after a failure',
      { consecutive_failures: 1, error: 'it answers with 503' },
      'warning',
      'models is stale, last synced 1 minute ago: it answers with 503',
    ],
    [
      'stale for want of a sync',
      { last_success: moment(7200) },
      'note',
      'models is stale, last synced 2 hours ago',
    ],
    [
      'too old',
      { last_success: moment(301), consecutive_failures: 5, error: 'nothing listens there' },
      'error',
      'models is outdated, last synced 5 minutes ago: nothing listens there',
    ],
    ['never there', { last_success: null, consecutive_failures: 1 }, 'error', 'models has never been synced'],
    [
      'refused',
      { is_refused: true, consecutive_failures: 1, error: 'it answers with 401' },
      'error',
      'the upstream of models refuses access: it answers with 401',
    ],
  ]

test.each(states)('a registry that is %s', (_, state, status, message) => {
  const finding = checkState('models', toState(state), { now: noon, ttlSeconds: 300 })
  expect(finding).toMatchObject({ status, message })
  expect(finding.hint === null).toBe(status === 'ok')
})

test('states are read from where syncs leave them', async () => {
  await saveSyncState(home, 'models', toState({}), host)
  expect(await look()).toContainEqual(ok('models was synced 1 minute ago'))
})

describe('alerts', () => {
  const alerts = { webhook: 'https://hooks.example.com/hidden', command: ['notify-send', 'hidden'] }

  test('that are configured and were not needed', async () => {
    expect((await look(alerts)).slice(1)).toEqual([
      ok('the webhook at hooks.example.com receives alerts; none was needed yet'),
      ok('the command notify-send receives alerts; none was needed yet'),
    ])
  })

  test('of which one did not arrive', async () => {
    const trouble = 'the webhook at hooks.example.com answers with 500'
    const deliveries = { webhook: { at: moment(60), trouble }, command: { at: moment(60), trouble: null } }
    await saveAlertMemory(home, { records: {}, deliveries }, host)
    expect((await look(alerts)).slice(1)).toEqual([
      {
        status: 'warning',
        message: `the last alert, 1 minute ago, did not arrive: ${trouble}`,
        hint: 'The next sync tries again: nexus-registry sync',
      },
      ok('the command notify-send received the last alert 1 minute ago'),
    ])
  })
})
