import { mkdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { withoutDetected } from '../../src/registry/load/load-snapshot.ts'
import { loadSyncStates } from '../../src/registry/sync-state.ts'
import { loadStatus } from '../../src/sync/status.ts'
import { leftoversIn } from '../support/homes/marked-home.ts'
import { mountSmallDisk } from '../support/homes/small-disk.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { collect, startProgram } from '../support/processes/run-program.ts'
import { startAlertServer } from '../support/servers/alert-server.ts'
import { document, hanging, startUpstream, type Upstream } from '../support/servers/upstream.ts'
import { rounds } from '../support/stress.ts'
import { createTestHost, temporaryDirectory } from '../support/test-host.ts'

const models = JSON.parse(soundTexts.models)
const versioned = (version: number) =>
  Object.fromEntries(
    Object.entries(models).map(([id, entry]) => [id, { ...Object(entry), context_tokens: version }]),
  )

/** A user whose home has an upstream, and whose configuration allows it. */
async function createUser(
  upstream: Upstream,
  place?: string,
  config: object = { allow_private: ['127.0.0.1'] },
) {
  const directory = await temporaryDirectory()
  const home = place ?? nodePath.join(directory, 'home')
  await mkdir(home, { recursive: true })
  const hyper = JSON.parse(soundTexts.hyper)
  hyper.sub_registries.models.url = upstream.url
  await writeHome(home, { ...soundTexts, hyper: JSON.stringify(hyper, null, 2) })
  await mkdir(nodePath.join(directory, '.config/nexus-registry'), { recursive: true })
  await writeFile(nodePath.join(directory, '.config/nexus-registry/config.json'), JSON.stringify(config))
  const file = nodePath.join(home, 'model_registry.json')
  const host = { ...(await createTestHost()), env: { HOME: directory }, userHome: directory }
  return {
    directory,
    home,
    read: () => readFile(file, 'utf8'),
    versions: async () => {
      const entries: Record<string, { context_tokens: number }> = JSON.parse(await readFile(file, 'utf8'))
      return [...new Set(Object.values(entries).map(({ context_tokens }) => context_tokens))]
    },
    /** What `status` says of it. */
    status: async () => (await loadStatus(home, host)).registries.find(each => each.registry === 'models'),
    /** SHA-256 of the file as a success leaves it, and the one that the last success is remembered by. */
    prints: async () => ({
      file: host.sha256(withoutDetected(await readFile(file, 'utf8'))),
      told: (await loadSyncStates(home, host)).get('models')?.file_sha256,
    }),
    sync: (...args: string[]) => runInProcess(['sync', 'models', '--home', home, ...args], { directory }),
  }
}

test('a sync of one registry shows what came, and says so with its exit code', async () => {
  const upstream = await startUpstream(document({ ...versioned(1), bad: {} }), document(versioned(2)))
  const user = await createUser(upstream)
  const first = await user.sync()
  expect(first.stdout).toMatch(/^upstream +status.*\nmodels +ok +5 +5 changed, 1 broken +http:/)
  expect(first.stderr).toMatch(/^warning: http:.*: models\/bad\.\w+: expected .*; the entry is left out\n/)
  expect(first.code).toBe(1)
  const second = await user.sync('--json')
  expect(JSON.parse(second.stdout).registries.models.upstream.updated).toHaveLength(5)
  expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: '' })
})

test('seven upstreams are asked without a word on stderr', async () => {
  const upstream = await startUpstream(document({}))
  const user = await createUser(upstream)
  const file = nodePath.join(user.home, 'hyper_registry.json')
  const hyper = JSON.parse(await readFile(file, 'utf8'))
  for (const listed of Object.values<Record<string, unknown>>(hyper.sub_registries)) {
    listed.url = upstream.url
    await writeFile(nodePath.join(user.home, nodePath.basename(String(listed.path))), '{}')
  }
  await writeFile(file, JSON.stringify(hyper))
  const { code, stderr } = await runInProcess(['sync', '--home', user.home], user)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(upstream.calls).toHaveLength(7)
})

test('shells ask no upstream', async () => {
  const upstream = await startUpstream(document(versioned(1)))
  const user = await createUser(upstream)
  for (const args of [
    ['env'],
    ['env', '--fresh'],
    ['sync', '--quick'],
    ['has', 'docker'],
    ['list', 'models'],
  ])
    await runInProcess([...args, '--home', user.home], user)
  expect([...upstream.calls, ...upstream.others]).toEqual([])
})

test('a poll that is interrupted ends at once, and leaves everything as it was', async () => {
  const upstream = await startUpstream(hanging)
  const user = await createUser(upstream)
  const before = await user.read()
  const child = startProgram(['sync', 'models', '--home', user.home], user)
  const ended = collect(child)
  while (upstream.calls.length === 0) await delay(10)
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  expect(await user.read()).toBe(before)
})

test('killed at random moments it leaves the old file or the new one', { timeout: 240_000 }, async () => {
  const upstream = await startUpstream()
  const user = await createUser(upstream)
  upstream.answer(document(versioned(1)))
  await user.sync()
  let last = 1
  let { told } = await user.prints()
  const newest = 1 + rounds(200)
  for (let round = 2; round <= newest; round++) {
    upstream.answer(document(versioned(round)))
    const child = startProgram(['sync', 'models', '--home', user.home], user)
    const ended = collect(child)
    await delay(Math.random() * 250)
    child.kill('SIGKILL')
    await ended
    const versions = await user.versions()
    expect([[last], [round]]).toContainEqual(versions)
    ;[last = round] = versions
    // The file comes first: what is remembered is as it was, or true of it.
    const prints = await user.prints()
    expect([told, prints.file]).toContain(prints.told)
    told = prints.told
    expect(await user.status()).toMatchObject({ entries: 5, error: null, broken: [] })
  }
  const { code } = await user.sync()
  const prints = await user.prints()
  expect(prints.told).toBe(prints.file)
  expect({ code, versions: await user.versions() }).toEqual({ code: 0, versions: [newest] })
  expect(await leftoversIn(user.home)).toEqual([])
})

test('on a disk that is full for everything, somebody is told, once, and once that it goes again', async ({
  skip,
}) => {
  const directory = await temporaryDirectory()
  if (!mountSmallDisk(directory, '4m')) return skip('mounting is not permitted')
  const server = await startAlertServer()
  const home = nodePath.join(directory, 'home')
  await mkdir(home)
  await writeHome(home)
  const config = { allow_private: ['127.0.0.1'], alerts: { webhook: server.url } }
  await mkdir(nodePath.join(directory, '.config/nexus-registry'), { recursive: true })
  await writeFile(nodePath.join(directory, '.config/nexus-registry/config.json'), JSON.stringify(config))
  const sync = () => runInProcess(['sync', '--home', home], { directory })
  await sync()
  const before = await readFile(nodePath.join(home, 'tool_registry.json'), 'utf8')
  const filler = nodePath.join(directory, 'filler')
  await writeFile(filler, 'x'.repeat(8_000_000)).catch(() => undefined)
  for (const _ of [1, 2]) expect(await sync()).toMatchObject({ code: 2 })
  expect(server.posted).toMatchObject([
    { event: 'failed', registry: null, reason: expect.stringMatching(/no space is left on the disk/) },
  ])
  expect(await readFile(nodePath.join(home, 'tool_registry.json'), 'utf8')).toBe(before)
  await writeFile(filler, '')
  expect(await sync()).toMatchObject({ code: 0, stderr: '' })
  await sync()
  expect(server.posted.slice(1)).toMatchObject([{ event: 'recovered', registry: null }])
})

test('on a full disk the old file stands, the exit code says so, and the next poll recovers', async ({
  skip,
}) => {
  const disk = await temporaryDirectory()
  if (!mountSmallDisk(disk, '96k')) return skip('mounting is not permitted')
  const upstream = await startUpstream(document(versioned(1)))
  const user = await createUser(upstream, nodePath.join(disk, 'home'))
  await user.sync()
  const before = await user.read()
  const filler = nodePath.join(disk, 'filler')
  await writeFile(filler, 'x'.repeat(200_000)).catch(() => undefined)
  upstream.answer(document(versioned(2)))
  const { code, stderr } = await user.sync()
  expect(stderr).toMatch(/^warning: models: .*no space is left on the disk/)
  expect(code).toBe(1)
  expect(await user.read()).toBe(before)
  expect(await user.status()).toMatchObject({
    consecutive_failures: 1,
    error: expect.stringMatching(/no space is left on the disk/),
    freshness: 'stale',
  })
  await writeFile(filler, '')
  expect((await user.sync()).code).toBe(0)
  expect(await user.versions()).toEqual([2])
  expect(await user.status()).toMatchObject({ consecutive_failures: 0, freshness: 'fresh', entries: 5 })
})
