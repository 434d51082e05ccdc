import { access } from 'node:fs/promises'
import http from 'node:http'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { reviewHome } from '../../../src/detection/review-home.ts'
import { toWrittenEntry } from '../../../src/registry/entries.ts'
import { evaluateTrust, grantTrust } from '../../../src/security/trust.ts'
import { sync } from '../../../src/sync/sync.ts'
import { serveWritableHome, writableTexts } from '../../support/homes/writable-home.ts'
import { writeScript } from '../../support/processes/script.ts'
import { listenOnLoopback } from '../../support/servers/listen-on-loopback.ts'

const mark = { 'x-upstream': 'http-api' }
const found = { detected: { status: 'present' } }
const own = { detection: 'which a', env_var: 'NEXUS_HAS_A' }

describe('an entry that comes over HTTP', () => {
  test.each<[string, entry: object, here: Record<string, unknown> | undefined, object]>([
    ['is marked when it is new', own, undefined, { ...own, ...mark }],
    [
      'is marked when it runs something else',
      { ...own, detection: 'b' },
      own,
      { ...own, detection: 'b', ...mark },
    ],
    [
      'is marked when it asks for a version',
      { ...own, version_check: 'b' },
      own,
      { ...own, version_check: 'b', ...mark },
    ],
    [
      'is marked when it imports something else',
      { import_name: 'b' },
      { import_name: 'a' },
      { import_name: 'b', ...mark },
    ],
    [
      'is marked when it leads elsewhere',
      { url: 'http://b' },
      { url: 'http://a' },
      { url: 'http://b', ...mark },
    ],
    [
      'is marked when its health is elsewhere',
      { health_endpoint: '/b' },
      { health_endpoint: '/a' },
      { health_endpoint: '/b', ...mark },
    ],
    [
      'is marked when its address is another',
      { endpoint: 'b', base_url: 'c' },
      { endpoint: 'b' },
      { endpoint: 'b', base_url: 'c', ...mark },
    ],
    ['is marked when it asks less', { env_var: 'A' }, own, { env_var: 'A', ...mark }],
    [
      'is not when only words change',
      { ...own, description: 'b' },
      { ...own, ...found },
      { ...own, ...found, description: 'b' },
    ],
    [
      'loses what was found of something else',
      { ...own, detection: 'b' },
      { ...own, ...found },
      { ...own, detection: 'b', ...mark },
    ],
    ['cannot say what was found', { ...own, ...found }, own, own],
    ['cannot say what was found of a new one', { ...own, ...found }, undefined, { ...own, ...mark }],
    ['cannot say that it is of this home', { ...own, 'x-local': true }, own, own],
    [
      'cannot say that it is not',
      { ...own, 'x-local': false },
      { ...own, 'x-local': true },
      { ...own, 'x-local': true },
    ],
    ['cannot take the mark away', own, { ...own, ...mark }, { ...own, ...mark }],
    [
      'cannot take the mark of an upstream away',
      { ...own, 'x-upstream': 'https://b' },
      { ...own, 'x-upstream': 'https://a' },
      { ...own, 'x-upstream': 'https://a' },
    ],
    ['cannot choose its mark', { ...own, 'x-upstream': 'https://a' }, undefined, { ...own, ...mark }],
    ['keeps keys of its own', { ...own, 'x-mine': 1 }, own, { ...own, 'x-mine': 1 }],
  ])('%s', (_, entry, here, expected) => {
    expect(toWrittenEntry({ ...entry }, here)).toEqual(expected)
  })
})

/** A served home on a machine where the programs of its tools leave traces when they run. */
async function createMachine() {
  const served = await serveWritableHome()
  const { host, home } = served
  const traces = nodePath.join(host.directory, 'traces')
  const bin = nodePath.join(host.directory, 'bin')
  for (const name of ['docker', 'podman', 'nvidia-smi', 'leave-trace'])
    await writeScript(nodePath.join(bin, name), `echo "$0" >> ${traces}; echo version 20.10`)
  Object.assign(host.env, { PATH: `${bin}:/usr/bin:/bin` })
  const manner = {
    mode: 'normal',
    isForced: true,
    isDryRun: false,
    network: undefined,
    only: undefined,
  } as const
  return {
    ...served,
    traces,
    syncHome: () => sync(home, manner, host),
    hasRun: () =>
      access(traces).then(
        () => true,
        () => false,
      ),
  }
}

const evil = (file: string) => ({
  detection: `touch ${file}`,
  env_var: 'NEXUS_HAS_EVIL',
  version_check: `touch ${file}`,
})
const there = { 'if-match': '*' }

test.each<
  [string, (machine: Awaited<ReturnType<typeof createMachine>>, entry: object) => Promise<{ status: number }>]
>([
  [
    'a new entry',
    ({ ask }, body) =>
      ask('PUT', '/registries/tools/evil', {
        role: 'tool-detection',
        headers: { 'if-none-match': '*' },
        body,
      }),
  ],
  [
    'an entry that was there',
    ({ ask }, { ...body }) =>
      ask('PATCH', '/registries/tools/podman', {
        role: 'tool-detection',
        headers: there,
        body: { ...body, env_var: 'NEXUS_HAS_PODMAN' },
      }),
  ],
  [
    'a whole registry',
    ({ ask }, body) =>
      ask('PUT', '/registries/tools', {
        role: 'tool-detection',
        headers: there,
        body: {
          ...JSON.parse(writableTexts.tools),
          evil: { ...body, 'x-upstream': undefined, 'x-local': true, detected: null },
        },
      }),
  ],
  [
    'an entry that was taken away and put back',
    async ({ ask }, body) => {
      const path = '/registries/tools/evil'
      await ask('PUT', path, { role: 'admin', headers: { 'if-none-match': '*' }, body })
      await ask('DELETE', path, { role: 'admin', headers: there })
      return ask('PUT', path, { role: 'admin', headers: { 'if-none-match': '*' }, body })
    },
  ],
])('a command that came in with %s is not run by a sync, though the home is trusted', async (_, write) => {
  const machine = await createMachine()
  const file = nodePath.join(machine.host.directory, 'evil')
  await grantTrust(machine.home.directory, machine.host)
  expect((await write(machine, evil(file))).status).toBeLessThan(300)
  const report = await machine.syncHome()
  await machine.syncHome()
  await expect(access(file)).rejects.toThrow('ENOENT')
  // What was there runs as before: trust has followed.
  expect(await machine.hasRun()).toBe(true)
  expect(JSON.stringify(report)).toContain('its command came over the network, and none of those is run')
  const { commands, hashes } = await reviewHome(machine.home.directory, machine.host)
  expect(JSON.stringify(commands)).not.toContain(file)
  const judged = await evaluateTrust(
    { directory: machine.home.directory, origin: 'flag' },
    hashes,
    machine.host,
  )
  expect(judged.isTrusted).toBe(true)
})

test('a broken entry that a writer mends is as good as new', async () => {
  const broken = writableTexts.tools.replace(
    '"detection": "which podman",',
    '"detection": "touch it", "wrong": 1,',
  )
  const { ask, read } = await serveWritableHome({ texts: { tools: broken } })
  const body = { detection: 'touch it', env_var: 'NEXUS_HAS_PODMAN', provides: ['container_runtime'] }
  const headers = { 'if-match': '*' }
  const answer = await ask('PUT', '/registries/tools/podman', { role: 'tool-detection', headers, body })
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)])
  expect(JSON.parse(await read('tools')).podman).toMatchObject(mark)
})

test('a service whose address came over HTTP is not asked', async () => {
  let asked = 0
  const port = await listenOnLoopback(
    http.createServer((_, response) => {
      asked += 1
      response.end('ok')
    }),
  )
  const { ask, home, host, read } = await serveWritableHome()
  const answer = await ask('PATCH', '/registries/microservices/metrics', {
    role: 'service-registry',
    headers: there,
    body: { url: `http://127.0.0.1:${port}` },
  })
  expect(answer.status).toBe(200)
  const manner = {
    mode: 'deep',
    isForced: true,
    isDryRun: false,
    network: undefined,
    only: undefined,
  } as const
  await sync(home, manner, host)
  expect(asked).toBe(0)
  expect(JSON.parse(await read('microservices')).metrics.detected.reason).toContain(
    'came over the network (http-api)',
  )
})
