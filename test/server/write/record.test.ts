import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { limits } from '../../../src/lib/limits.ts'
import { storedName } from '../../../src/registry/home/directories.ts'
import { type AuditLine, openAuditLog } from '../../../src/security/audit-log.ts'
import { serveWritableHome, type WritableHome, writableTexts } from '../../support/homes/writable-home.ts'
import { createTestHost, type TestHost } from '../../support/test-host.ts'

const there = { 'if-match': '*' }
const docker = '/registries/tools/docker'

function auditDirectory({ host, home }: Pick<WritableHome, 'host' | 'home'>): string {
  return nodePath.join(host.directory, 'state/nexus-registry/audit', storedName(home.directory, host))
}

test('each write is recorded: who, what, when, and the file before and after', async () => {
  const served = await serveWritableHome()
  const { ask, host, read, record } = served
  const before = host.sha256(writableTexts.tools)
  await ask('PATCH', docker, { role: 'tool-detection', headers: there, body: { description: 'x' } })
  const after = host.sha256(await read('tools'))
  await ask('PATCH', docker, { role: 'tool-detection', headers: there, body: {} })
  await ask('PATCH', docker, { role: 'tool-detection', headers: { 'if-match': '"a"' }, body: {} })
  await ask('PATCH', docker, { role: 'tool-detection', body: {} })
  await ask('PATCH', docker, { role: 'tool-detection', headers: there, body: { wrong: 1 } })
  await ask('PATCH', docker, { role: 'tool-detection', headers: there, body: '{' })
  await ask('PATCH', docker, { role: 'adapter', headers: there, body: {} })
  await ask('GET', '/registries/hyper', { role: 'adapter' })
  const lines = await record()
  const common = {
    token: expect.stringMatching(/^[0-9a-f]{8}$/),
    method: 'PATCH',
    registry: 'tools',
    id: 'docker',
    address: '127.0.0.1',
  }
  const expected = [
    { role: 'tool-detection', status: 200, outcome: 'updated', before, after, reason: null },
    { role: 'tool-detection', status: 200, outcome: 'unchanged', before: after, after },
    { role: 'tool-detection', status: 412, outcome: 'refused', before: after, after: null },
    { role: 'tool-detection', status: 428, outcome: 'refused', before: null },
    {
      role: 'tool-detection',
      status: 422,
      outcome: 'refused',
      before: after,
      reason: expect.stringContaining('wrong'),
    },
    { role: 'tool-detection', status: 400, outcome: 'refused' },
    { role: 'adapter', status: 403, outcome: 'denied', before: null, after: null },
  ]
  expect(lines).toEqual(expected.map(line => expect.objectContaining({ ...common, ...line })))
  expect(lines.every(({ time }) => Math.abs(Date.parse(time) - Date.now()) < 60_000)).toBe(true)
  // The log of the server tells the same.
  expect(served.events.filter(({ event }) => event === 'written')).toEqual(
    lines.map(line => ({ event: 'written', ...line })),
  )
})

test('an anonymous client is recorded separately, without its token', async () => {
  const { ask, record, url } = await serveWritableHome()
  await ask('DELETE', docker, { headers: there })
  const secret = `nxr_${'a'.repeat(43)}`
  await ask('PUT', docker, { headers: { ...there, authorization: `Bearer ${secret}` }, body: {} })
  await ask('PUT', docker, { headers: { ...there, origin: 'https://evil.example' }, body: {} })
  await fetch(`${url}${docker}`)
  // The last one is refused before anybody is asked to wait for it.
  await expect.poll(() => record('strangers')).toHaveLength(3)
  const lines = await record('strangers')
  expect(lines).toEqual([
    expect.objectContaining({ method: 'DELETE', status: 401, outcome: 'denied', token: null, id: 'docker' }),
    expect.objectContaining({ method: 'PUT', status: 401, outcome: 'denied', token: null, id: 'docker' }),
    expect.objectContaining({
      method: 'PUT',
      status: 403,
      outcome: 'denied',
      token: null,
      registry: 'tools',
    }),
  ])
  expect(JSON.stringify(lines)).not.toContain(secret)
  expect(await record()).toEqual([])
})

test('the record is this user’s alone', async () => {
  const served = await serveWritableHome()
  await served.ask('PATCH', docker, { role: 'admin', headers: there, body: {} })
  const directory = auditDirectory(served)
  expect((await stat(directory)).mode & 0o777).toBe(0o700)
  expect((await stat(nodePath.join(directory, 'writes.ndjson'))).mode & 0o777).toBe(0o600)
})

test.each<[string, (directory: string) => Promise<unknown>]>([
  ['its file is a directory', directory => mkdir(nodePath.join(directory, 'writes.ndjson'))],
  ['its file is a link', directory => symlink('/dev/null', nodePath.join(directory, 'writes.ndjson'))],
])('a write that cannot be recorded is not made: %s', async (_, spoil) => {
  const served = await serveWritableHome()
  const directory = auditDirectory(served)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await spoil(directory)
  const answer = await served.ask('PATCH', docker, {
    role: 'admin',
    headers: there,
    body: { description: 'x' },
  })
  expect([answer.status, answer.json.detail]).toEqual([503, expect.stringContaining('cannot be recorded')])
  expect(answer.text).not.toContain(served.host.directory)
  expect(await served.read('tools')).toBe(writableTexts.tools)
  expect(served.events).toContainEqual(expect.objectContaining({ event: 'unrecorded' }))
  // What is refused anyway is told all the same.
  expect(
    (await served.ask('PATCH', docker, { role: 'admin', headers: { 'if-match': '"a"' }, body: {} })).status,
  ).toBe(412)
})

const line: AuditLine = {
  time: '2026-11-23T08:42:55.000Z',
  request: 'r',
  token: 't',
  role: 'admin',
  address: null,
  method: 'PUT',
  registry: 'tools',
  id: 'a',
  status: 200,
  outcome: 'updated',
  reason: null,
  before: null,
  after: null,
}

async function createFullRecord(host: TestHost) {
  const directory = nodePath.join(
    host.directory,
    'state/nexus-registry/audit',
    storedName(host.directory, host),
  )
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await writeFile(nodePath.join(directory, 'writes.ndjson'), `${'x'.repeat(limits.auditBytes)}\n`, {
    mode: 0o600,
  })
  return directory
}

test('a record that is full is put aside once, and two who write lose nothing', async () => {
  const host = await createTestHost()
  const directory = await createFullRecord(host)
  const logs = [openAuditLog(host.directory, host), openAuditLog(host.directory, host)]
  await Promise.all(
    Array.from({ length: 40 }, (_, index) => logs[index % 2]?.add({ ...line, id: `${index}` })),
  )
  expect((await readdir(directory)).toSorted()).toEqual(['writes.ndjson', 'writes.ndjson.1'])
  const texts = await Promise.all(
    ['writes.ndjson.1', 'writes.ndjson'].map(name => host.fs.readText(nodePath.join(directory, name))),
  )
  expect(texts.join('').match(/"id":"\d+"/g)?.length).toBe(40)
  expect((await stat(nodePath.join(directory, 'writes.ndjson'))).mode & 0o777).toBe(0o600)
})

test('strangers push nobody out of the record', async () => {
  const host = await createTestHost()
  const directory = await createFullRecord(host)
  await openAuditLog(host.directory, host).add({ ...line, token: null, role: null })
  expect((await readdir(directory)).toSorted()).toEqual(['strangers.ndjson', 'writes.ndjson'])
})
