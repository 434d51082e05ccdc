import { mkdir, readdir, rename, rm, stat, symlink } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import type { Host } from '../../src/platform/host.ts'
import { type Claim, claimHome, findDaemon } from '../../src/sync/daemon-claim.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

/** This machine as a process sees it that has this id, among others with these start times. */
function asProcess(host: TestHost, pid: number, startTimes: Readonly<Record<number, string>>): TestHost {
  const startTime: Host['processes']['startTime'] = async id => startTimes[id]
  return { ...host, processes: { ...host.processes, pid, startTime } }
}

async function openHome() {
  const host = await createTestHost()
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  const claims = nodePath.join(host.directory, 'state/nexus-registry/daemons')
  return { host, home, claims }
}

function claimed(claim: Claim): Extract<Claim, { outcome: 'claimed' }> {
  if (claim.outcome !== 'claimed') throw new Error(`it is held by ${claim.by.pid}`)
  return claim
}

test.each([
  ['runs', { 1: 'a' }, 'held'],
  ['has ended', {}, 'claimed'],
  ['has ended, and another one has its id', { 1: 'b' }, 'claimed'],
])('a home whose daemon %s is %3$s', async (_, later, outcome) => {
  const { host, home } = await openHome()
  await claimHome(home, asProcess(host, 1, { 1: 'a' }))
  const second = asProcess(host, 2, { 2: 'c', ...later })
  expect(await findDaemon(home, second)).toEqual(
    outcome === 'held' ? { pid: 1, since: expect.any(Number) } : undefined,
  )
  expect(await claimHome(home, second)).toMatchObject({ outcome })
  expect(await findDaemon(home, second)).toMatchObject({ pid: outcome === 'held' ? 1 : 2 })
})

test.each([
  { what: 'renews its claim', isRenewed: true, outcome: 'held' },
  { what: 'does not renew its claim', isRenewed: false, outcome: 'claimed' },
])('a home whose daemon in another container $what is $outcome', async ({ isRenewed, outcome }) => {
  const { host, home } = await openHome()
  const clock = createFakeClock()
  const first = claimed(await claimHome(home, { ...asProcess(host, 1, { 1: 'a~1' }), clock }))
  // The same process id, and one that is free, mean nothing here.
  const sleep: Host['clock']['sleep'] = async (ms, signal) => {
    await clock.sleep(ms, signal)
    if (isRenewed) await first.renew()
  }
  const second = { ...asProcess(host, 2, { 2: 'c~2' }), clock: { ...clock, sleep } }
  // A look that does not wait takes it for running.
  expect(await findDaemon(home, second)).toMatchObject({ pid: 1 })
  expect(await claimHome(home, second)).toMatchObject({ outcome })
  expect(await first.isDisplaced()).toBe(outcome === 'claimed')
})

test('a claim that was given back can be had, and leaves nothing', async () => {
  const { host, home, claims } = await openHome()
  const first = asProcess(host, 1, { 1: 'a', 2: 'b' })
  await claimed(await claimHome(home, first)).release()
  expect(await readdir(claims)).toEqual([])
  expect(await findDaemon(home, first)).toBeUndefined()
  claimed(await claimHome(home, asProcess(host, 2, { 1: 'a', 2: 'b' })))
})

test('who was taken for gone learns that it is displaced, and its end leaves the other’s claim', async () => {
  const { host, home } = await openHome()
  const first = claimed(await claimHome(home, asProcess(host, 1, { 1: 'a' })))
  expect(await first.isDisplaced()).toBe(false)
  const second = claimed(await claimHome(home, asProcess(host, 2, { 2: 'b' })))
  expect(await first.isDisplaced()).toBe(true)
  await first.release()
  expect(await second.isDisplaced()).toBe(false)
})

test.each([
  ['of a home that nobody has', false],
  ['from one that is gone', true],
])('of fifty that claim it at once, %s, one gets it', async (_, isLeft) => {
  const { host, home } = await openHome()
  const startTimes = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [index + 1, 'a']))
  if (isLeft) await claimHome(home, asProcess(host, 99, { 99: 'gone' }))
  const claims = await Promise.all(
    Object.keys(startTimes).map(pid => claimHome(home, asProcess(host, Number(pid), startTimes))),
  )
  expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1)
})

test('a home is one, by whichever path, and another one is another', async () => {
  const { host, home } = await openHome()
  const link = nodePath.join(host.directory, 'link')
  await symlink(home, link)
  const first = asProcess(host, 1, { 1: 'a' })
  await claimHome(home, first)
  expect(await claimHome(link, first)).toMatchObject({ outcome: 'held' })
  expect(await claimHome(host.directory, first)).toMatchObject({ outcome: 'claimed' })
})

test('claims are closed to other users', async () => {
  const { host, home, claims } = await openHome()
  await mkdir(claims, { recursive: true, mode: 0o755 })
  await claimHome(home, host)
  const modes = [claims, ...(await readdir(claims)).map(name => nodePath.join(claims, name))]
  expect(await Promise.all(modes.map(async path => (await stat(path)).mode & 0o777))).toEqual([0o700, 0o700])
})

test('something else in the place of a claim is said, with what to do', async () => {
  const { host, home, claims } = await openHome()
  claimed(await claimHome(home, host))
  const [name = ''] = await readdir(claims)
  const [state = ''] = await readdir(nodePath.join(claims, name))
  await mkdir(nodePath.join(claims, name, 'something'))
  await host.fs.removeTree(nodePath.join(claims, name, state))
  await expect(claimHome(home, host)).rejects.toMatchObject({
    code: 'write',
    hint: `Remove ${nodePath.join(claims, name)}`,
  })
})

/** This host under another name, with processes of its own and nothing in common but the home. */
function asHost(host: TestHost, name: string, pid: number): TestHost {
  const own = asProcess(host, pid, { [pid]: `${pid}~${name}` })
  const env = { ...host.env, XDG_STATE_HOME: nodePath.join(host.directory, `state-${name}`) }
  return { ...own, env, processes: { ...own.processes, hostName: () => `${name}.example` } }
}

test('hosts that share the home alone never have two daemons, and the holder is named', async () => {
  const { host, home } = await openHome()
  const clock = createFakeClock()
  const first = claimed(await claimHome(home, { ...asHost(host, 'one', 7), clock }))
  const sleep: Host['clock']['sleep'] = async (ms, signal) => {
    await clock.sleep(ms, signal)
    await first.renew()
  }
  // The same id is another process there.
  const second = { ...asHost(host, 'two', 7), clock: { ...clock, sleep } }
  const by = { pid: 7, host: 'one.example', since: expect.any(Number), renewedAt: expect.any(Number) }
  expect(await claimHome(home, second)).toMatchObject({ outcome: 'held', by })
  expect(await findDaemon(home, second)).toEqual(by)
  expect(await readdir(nodePath.join(host.directory, 'state-two/nexus-registry/daemons'))).toEqual([])
  await first.release()
  expect(await readdir(home)).toEqual([])
  expect(claimed(await claimHome(home, second))).toBeDefined()
})

test('a daemon on another host that ended without giving its claim back is replaced, and learns it', async () => {
  const { host, home } = await openHome()
  const clock = createFakeClock()
  const first = claimed(await claimHome(home, { ...asHost(host, 'one', 7), clock }))
  claimed(await claimHome(home, { ...asHost(host, 'two', 8), clock }))
  expect(await first.isDisplaced()).toBe(true)
})

test('a host that was renamed still sees its own daemon', async () => {
  const { host, home } = await openHome()
  const old = asHost(host, 'one', 7)
  await claimHome(home, old)
  const renamed = { ...old, processes: { ...old.processes, hostName: () => 'other' } }
  expect(await claimHome(home, renamed)).toMatchObject({ outcome: 'held', by: { pid: 7 } })
  const noState = { ...renamed, env: { ...renamed.env, XDG_STATE_HOME: nodePath.join(host.directory, 's') } }
  expect(await claimHome(home, noState)).toMatchObject({ outcome: 'held', by: { pid: 7 } })
})

test('a claim of an earlier version, in the state directory alone, is respected', async () => {
  const { host, home } = await openHome()
  const first = asProcess(host, 1, { 1: 'a' })
  await claimHome(home, first)
  await rm(nodePath.join(home, '.nexus-registry.daemon'), { recursive: true })
  expect(await claimHome(home, asProcess(host, 2, { 1: 'a', 2: 'b' }))).toMatchObject({ outcome: 'held' })
  expect(await readdir(home)).toEqual([])
})

test.each([
  ['cannot be written to', 'EROFS'],
  ['belongs to another user', 'EACCES'],
])('a home that %s is claimed in the state directory', async (_, code) => {
  const { host, home, claims } = await openHome()
  const refuse: Host['fs']['makeChildDirectory'] = async (path, mode) => {
    if (path.startsWith(home)) throw Object.assign(new Error(code), { code })
    await host.fs.makeChildDirectory(path, mode)
  }
  const readOnly = { ...host, fs: { ...host.fs, makeChildDirectory: refuse } }
  const claim = claimed(await claimHome(home, readOnly))
  expect(await readdir(claims)).toHaveLength(1)
  expect(await claim.isDisplaced()).toBe(false)
})

test('a home that goes away while it is claimed is not made again', async () => {
  const { host, home, claims } = await openHome()
  const away: Host['fs']['makeChildDirectory'] = async (path, mode) => {
    if (path.startsWith(home)) await rename(home, `${home}.away`).catch(() => undefined)
    await host.fs.makeChildDirectory(path, mode)
  }
  claimed(await claimHome(home, { ...host, fs: { ...host.fs, makeChildDirectory: away } }))
  expect(await readdir(claims)).toHaveLength(1)
  await expect(readdir(home)).rejects.toThrow('ENOENT')
})

test.each([
  ['a process that cannot be seen for want of /proc', { 7: '7~one' }, {}],
  ['a process that could not see itself', {}, { 8: '8~two' }],
])('%s has a lease', async (_, theirs, ours) => {
  const { host, home } = await openHome()
  const clock = createFakeClock()
  const first = claimed(await claimHome(home, { ...asProcess(host, 7, theirs), clock }))
  const sleep: Host['clock']['sleep'] = async (ms, signal) => {
    await clock.sleep(ms, signal)
    await first.renew()
  }
  const second = { ...asProcess(host, 8, ours), clock: { ...clock, sleep } }
  expect(await claimHome(home, second)).toMatchObject({ outcome: 'held' })
  expect(await claimHome(home, { ...second, clock })).toMatchObject({ outcome: 'claimed' })
})
