import { chmod, mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { RegistryStatus } from '../../../src/detection/report.ts'
import { NexusError } from '../../../src/lib/errors.ts'
import { loadSnapshot } from '../../../src/registry/load/load-snapshot.ts'
import type { RegistryName } from '../../../src/registry/schema/names.ts'
import { byRegistry } from '../../../src/registry/snapshot.ts'
import { createSyncState, saveSyncState } from '../../../src/registry/sync-state.ts'
import { type AlertSettings, alert, alertFailure } from '../../../src/sync/alert/alert.ts'
import { loadAlertMemory } from '../../../src/sync/alert/alert-memory.ts'
import { writeHome } from '../../support/homes/valid-home.ts'
import {
  type AlertServer,
  startAlertServer,
  type WebhookBehaviour,
} from '../../support/servers/alert-server.ts'
import { createTestHost, type TestHost } from '../../support/test-host.ts'

const noon = Date.UTC(2026, 10, 24, 12)

let host: TestHost
let home: string
let now: number

beforeEach(async () => {
  now = noon
  host = await createTestHost({ clock: { now: () => now } })
  home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  await writeHome(home)
})

type Statuses = Partial<Record<RegistryName, RegistryStatus['status']>>

/** What is alerted after a sync that came to this. */
async function tellAfter(
  statuses: Statuses,
  settings: Partial<AlertSettings>,
  changes: Partial<TestHost> = {},
  isWhole = true,
) {
  const registries = byRegistry((name): RegistryStatus => {
    return { status: statuses[name] ?? 'ok', source: 'file', entries: 0, duration_ms: 0, warnings: [] }
  })
  const snapshot = await loadSnapshot(home, host)
  const all = { ...nobody, ...settings }
  return alert({ report: { home, registries }, snapshot, isWhole }, all, { ...host, ...changes })
}

const nobody = { webhook: undefined, command: undefined, allowPrivate: ['localhost'] }

/** What is alerted after a sync that has thrown this. */
function tellFailure(
  error: unknown,
  settings: Partial<AlertSettings>,
  { isFirst = false, ...changes }: Partial<TestHost> & { readonly isFirst?: boolean } = {},
) {
  return alertFailure({ home, error, isFirst }, { ...nobody, ...settings }, { ...host, ...changes })
}

/** A disk that takes names, but nothing that is in them. */
function fillDisk(): { fs: TestHost['fs'] } {
  const noSpace = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  return {
    fs: {
      ...host.fs,
      createFile: async (path, data, ...rest) => {
        if (data.length > 0) throw noSpace
        return host.fs.createFile(path, data, ...rest)
      },
    },
  }
}

/** A command that writes each alert to a file, a line each. */
async function writeListener(body = '') {
  const [script, file] = [nodePath.join(host.directory, 'listen.mjs'), nodePath.join(host.directory, 'told')]
  await writeFile(
    script,
    `import { appendFileSync, readFileSync } from 'node:fs'
appendFileSync(process.argv[2], readFileSync(0))
${body}`,
  )
  const told = async () => {
    const text = await readFile(file, 'utf8').catch(() => '')
    return text.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line)]))
  }
  return { command: [process.execPath, script, file], told }
}

const failure = (registry: string) => ({
  event: 'failed',
  registry,
  home,
  status: 'failed',
  reason: 'it could not be kept fresh',
  since: new Date(noon).toISOString(),
})

describe('a webhook and a command', () => {
  test('receive a failure of a registry once and its recovery once', async () => {
    const server = await startAlertServer()
    const { command, told } = await writeListener()
    const settings = { webhook: server.url, command }
    expect(await tellAfter({ models: 'failed' }, settings)).toEqual([])
    expect(server.posted).toEqual([failure('models')])
    expect(server.requests).toEqual(['POST /hooks/hidden?key=hidden application/json'])
    expect(await told()).toEqual(server.posted)

    now += 60_000
    for (const status of ['failed', 'missing', 'stale', 'failed'] as const)
      await tellAfter({ models: status }, settings)
    expect(server.posted).toHaveLength(1)

    await tellAfter({}, settings)
    await tellAfter({}, settings)
    const recovery = { ...failure('models'), event: 'recovered', status: 'ok', reason: null }
    expect(server.posted.slice(1)).toEqual([{ ...recovery, since: new Date(now).toISOString() }])
    expect(await told()).toEqual(server.posted)
    expect((await loadAlertMemory(home, host)).records).toEqual({})
  })

  test('receive each registry by itself', async () => {
    const server = await startAlertServer()
    await tellAfter({ models: 'failed', tools: 'failed' }, { webhook: server.url })
    await tellAfter({ tools: 'failed' }, { webhook: server.url })
    expect(server.posted).toHaveLength(3)
    expect(server.posted).toEqual(expect.arrayContaining([failure('models'), failure('tools')]))
    expect(server.posted[2]).toMatchObject({ event: 'recovered', registry: 'models' })
  })

  test('that are configured later receive current failures, and no others do', async () => {
    const server = await startAlertServer()
    const { command, told } = await writeListener()
    await tellAfter({ models: 'failed' }, { command })
    await tellAfter({ models: 'failed' }, { command, webhook: server.url })
    expect(server.posted).toEqual([failure('models')])
    expect(await told()).toEqual([failure('models')])
  })

  test('receive the alert of one process of two', async () => {
    // A claim that was just made has the time of this machine.
    now = Date.now()
    const server = await startAlertServer()
    const both = [0, 1].map(() => tellAfter({ models: 'failed' }, { webhook: server.url }))
    expect(await Promise.all(both)).toEqual([[], []])
    expect(server.posted).toHaveLength(1)
  })

  test('receive the alert again after a process was killed while sending', async () => {
    const server = await startAlertServer()
    await tellAfter({ models: 'failed' }, { webhook: server.url })
    const directory = nodePath.join(host.directory, 'state/nexus-registry/alerts')
    const claim = nodePath.join(directory, `${host.sha256(home).slice(0, 32)}.json.telling`)
    await writeFile(claim, '')
    await utimes(claim, noon / 1000 - 50, noon / 1000 - 50)
    await tellAfter({}, { webhook: server.url })
    expect(server.posted).toHaveLength(1)
    await utimes(claim, noon / 1000 - 61, noon / 1000 - 61)
    await tellAfter({}, { webhook: server.url })
    expect(server.posted).toHaveLength(2)
  })
})

const webhookTroubles: [behaviour: WebhookBehaviour, trouble: RegExp][] = [
  ['fails', /^the webhook at 127\.0\.0\.1:\d+ responds with 500$/],
  ['leads elsewhere', /^the webhook at 127\.0\.0\.1:\d+ redirects \(302\), which is not followed$/],
  ['hangs', /^the webhook at 127\.0\.0\.1:\d+ did not respond within 5 s$/],
]

describe.each(webhookTroubles)('a webhook that %s', (behaviour, trouble) => {
  test('is a note, and is reported with the next sync', async () => {
    const server = await startAlertServer(behaviour)
    // Nobody waits for the real deadline.
    const sendRequest: TestHost['sendRequest'] = request => host.sendRequest({ ...request, timeoutMs: 300 })
    const settings = { webhook: server.url }
    const notes = await tellAfter({ models: 'failed' }, settings, { sendRequest })
    expect(notes).toEqual([expect.stringMatching(trouble)])
    expect(notes.join()).not.toContain('hidden')
    expect(await loadAlertMemory(home, host)).toMatchObject({
      records: { models: { told: [] } },
      deliveries: { webhook: { trouble: notes[0] } },
    })
    server.behaviour = 'takes it'
    expect(await tellAfter({ models: 'failed' }, settings)).toEqual([])
    expect(server.posted).toEqual([failure('models'), failure('models')])
    expect(server.requests.filter(request => request.includes('elsewhere'))).toEqual([])
    expect((await loadAlertMemory(home, host)).deliveries.webhook?.trouble).toBeNull()
  })
})

test('a webhook on this machine is not asked unless the configuration lists it', async () => {
  const server = await startAlertServer()
  const notes = await tellAfter({ models: 'failed' }, { webhook: server.url, allowPrivate: [] })
  expect(notes).toEqual([
    `the webhook at ${server.host} is on this machine or near it: name it in allow_private of your configuration`,
  ])
  expect(server.requests).toEqual([])
})

test('a webhook that does not listen is a note', async () => {
  const server: AlertServer = await startAlertServer()
  const sendRequest: TestHost['sendRequest'] = async () => ({ outcome: 'refused' })
  expect(await tellAfter({ models: 'failed' }, { webhook: server.url }, { sendRequest })).toEqual([
    `the webhook at ${server.host} does not listen`,
  ])
})

describe('a command', () => {
  test('that fails is a note without what it printed, and is run again with the next sync', async () => {
    const { command, told } = await writeListener("console.error('secret'); process.exit(3)")
    expect(await tellAfter({ models: 'failed' }, { command })).toEqual([
      `the command ${process.execPath} ended with 3`,
    ])
    await tellAfter({ models: 'failed' }, { command })
    expect(await told()).toHaveLength(2)
  })

  test('that is not there is a note', async () => {
    expect(await tellAfter({ models: 'failed' }, { command: ['no-such-program'] })).toEqual([
      'the command no-such-program was not found',
    ])
  })

  test('that hangs is ended at its deadline', async () => {
    const { command } = await writeListener('setInterval(() => undefined, 1000)')
    const processes: TestHost['processes'] = {
      ...host.processes,
      run: request => host.processes.run({ ...request, timeoutMs: 500 }),
    }
    expect(await tellAfter({ models: 'failed' }, { command }, { processes })).toEqual([
      `the command ${process.execPath} did not end within 10 s`,
    ])
  })

  test('gets its arguments as they are, and no shell sees them', async () => {
    const { command } = await writeListener()
    const canary = nodePath.join(host.directory, 'canary')
    await tellAfter(
      { models: 'failed' },
      { command: [...command, `$(touch ${canary})`, `; touch ${canary}`] },
    )
    await expect(readFile(canary)).rejects.toThrow('ENOENT')
  })
})

describe('a sync that fails', () => {
  const full = new NexusError('write', '/data could not be written: no space is left on the disk')
  const outage = () => ({ ...failure('models'), registry: null, reason: full.message })
  const end = () => ({ ...outage(), event: 'recovered', status: 'ok', reason: null })

  test('is reported once, and its recovery once', async () => {
    const server = await startAlertServer()
    const { command, told } = await writeListener()
    const settings = { webhook: server.url, command }
    expect(await tellFailure(full, settings)).toEqual([])
    await tellFailure(new TypeError('another one'), settings)
    expect(server.posted).toEqual([outage()])
    await tellAfter({}, settings)
    await tellAfter({}, settings)
    expect(server.posted).toEqual([outage(), end()])
    expect(await told()).toEqual(server.posted)
  })

  test('is not over when a part of it is synced', async () => {
    const server = await startAlertServer()
    await tellFailure(full, { webhook: server.url })
    await tellAfter({}, { webhook: server.url }, {}, false)
    expect(server.posted).toEqual([outage()])
  })

  test('keeps the records of registries', async () => {
    const server = await startAlertServer()
    await tellAfter({ models: 'failed' }, { webhook: server.url })
    await tellFailure(full, { webhook: server.url })
    await tellAfter({ models: 'failed' }, { webhook: server.url })
    expect(server.posted).toEqual([failure('models'), outage(), end()])
  })

  test('is reported once on a full disk, without room to remember it', async () => {
    const server = await startAlertServer()
    const settings = { webhook: server.url }
    const disk = fillDisk()
    expect(await tellFailure(full, settings, disk)).toEqual([])
    expect(await tellFailure(full, settings, disk)).toEqual([])
    expect(server.posted).toEqual([outage()])
    await tellAfter({}, settings)
    await tellAfter({}, settings)
    expect(server.posted).toEqual([outage(), end()])
    await tellFailure(full, settings, disk)
    expect(server.posted).toHaveLength(3)
  })

  test('is reported again on a full disk when it did not arrive', async () => {
    const server = await startAlertServer('fails')
    const settings = { webhook: server.url }
    expect(await tellFailure(full, settings, fillDisk())).toHaveLength(1)
    server.behaviour = 'takes it'
    expect(await tellFailure(full, settings, fillDisk())).toEqual([])
    expect(server.posted).toEqual([outage(), outage()])
  })

  test('is reported as a first failure even when nothing can be remembered', async () => {
    const server = await startAlertServer()
    const state = nodePath.join(host.directory, 'state/nexus-registry/alerts')
    await mkdir(state, { recursive: true })
    await chmod(state, 0o777)
    const settings = { webhook: server.url }
    expect(await tellFailure(full, settings, { isFirst: true })).toEqual([
      expect.stringMatching(/^the alert could not be remembered: /),
    ])
    expect(await tellFailure(full, settings)).toEqual([expect.stringMatching(/^no alert could be sent: /)])
    expect(server.posted).toEqual([outage()])
  })
})

describe('a registry that fails while the disk is full', () => {
  test('is reported once', async () => {
    const server = await startAlertServer()
    for (const _ of [1, 2]) await tellAfter({ models: 'failed' }, { webhook: server.url }, fillDisk())
    expect(server.posted).toEqual([failure('models')])
    await tellAfter({}, { webhook: server.url })
    expect(server.posted).toHaveLength(2)
  })
})

test('nobody is alerted by who finds no place to say that it does', async () => {
  const server = await startAlertServer()
  const fs: TestHost['fs'] = {
    ...host.fs,
    createFile: async () => {
      throw Object.assign(new Error('EROFS'), { code: 'EROFS' })
    },
  }
  expect(await tellAfter({ models: 'failed' }, { webhook: server.url }, { fs })).toEqual([
    expect.stringMatching(/^no alert could be sent: .*\.telling could not be written$/),
  ])
  expect(server.posted).toEqual([])
})

describe('a reason', () => {
  const secret = 'sk-secret'

  async function reasonOf(registry: RegistryName, status: RegistryStatus['status']): Promise<string> {
    const { command, told } = await writeListener()
    await tellAfter({ [registry]: status }, { command })
    return (await told())[0].reason
  }

  const faults: [what: string, text: string | Uint8Array, reason: RegExp][] = [
    ['is no JSON', `{"a": ${secret}}`, /tool_registry\.json:1:7: it is not JSON that can be read$/],
    ['is a text', `"${secret}"`, /tool_registry\.json:1:1: it is not what its schema says$/],
    ['is no UTF-8', Buffer.from([0xff, ...Buffer.from(secret)]), /tool_registry\.json:1:1: it is not UTF-8$/],
  ]
  test.each(faults)('says where a file %s, and quotes nothing of it', async (_, text, reason) => {
    await writeFile(nodePath.join(home, 'tool_registry.json'), text)
    const said = await reasonOf('tools', 'failed')
    expect(said).toMatch(reason)
    expect(said).not.toContain(secret)
  })

  test('is what the last attempt has met, without what addresses may carry, in one clean line', async () => {
    const moment = new Date(noon).toISOString()
    const url = `https://user:${secret}@example.com/models?key=${secret}#${secret}`
    await saveSyncState(
      home,
      'models',
      {
        ...createSyncState(moment),
        url,
        consecutive_failures: 4,
        error: `${url} answers\nwith \u001b[31m503`,
      },
      host,
    )
    expect(await reasonOf('models', 'failed')).toBe('https://example.com/models answers with 503')
  })
})

test('no alert is sent when nothing can be remembered', async () => {
  const server = await startAlertServer()
  const state = nodePath.join(host.directory, 'state/nexus-registry/alerts')
  await mkdir(state, { recursive: true })
  await chmod(state, 0o777)
  expect(await tellAfter({ models: 'failed' }, { webhook: server.url })).toEqual([
    expect.stringMatching(/^no alert could be sent: .* can be written by other users/),
  ])
  expect(server.posted).toEqual([])
})
