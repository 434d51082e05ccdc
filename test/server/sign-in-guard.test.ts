import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSignInGuard } from '../../src/server/identify-caller.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { serveExactHome } from '../support/homes/exact-home.ts'

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex')

function createGuard() {
  const clock = createFakeClock()
  return { clock, guard: createSignInGuard({ clock, sha256 }) }
}

function fail({ guard }: ReturnType<typeof createGuard>, address: string | undefined, count: number): void {
  for (let number = 0; number < count; number++) guard.note({ token: `wrong ${number}`, address }, 'wrong')
}

const here = '127.0.0.1'

describe('wrong tokens of one address', () => {
  it.each([
    ['nineteen in a minute are looked at', 19, here, here, undefined],
    ['after twenty the next one waits', 20, here, here, 60],
    ['another address does not wait', 20, '192.0.2.1', '192.0.2.2', undefined],
    ['addresses of this machine are one client', 20, here, '127.0.0.2', 60],
    ['a socket in the file system is an address as well', 20, undefined, undefined, 60],
    ['IPv4 is the same in IPv6', 20, '::ffff:192.0.2.1', '192.0.2.1', 60],
    ['a network of 64 bits is one client', 20, '2001:db8:1:2::1', '2001:db8:1:2:ffff::9', 60],
    ['the next network is another', 20, '2001:db8:1:2::1', '2001:db8:1:3::1', undefined],
    ['zeros may be left out', 20, '2001:db8::1', '2001:db8:0:0:1::', 60],
    ['neighbours on a link are told apart', 20, 'fe80::1%eth0', 'fe80::2%eth0', undefined],
  ])('%s', (_, count, from, then, wait) => {
    const one = createGuard()
    fail(one, from, count)
    expect(one.guard.waitFor({ token: 'next', address: then })).toBe(wait)
  })

  it('count once each: a program with an old token shuts nobody out', () => {
    const { guard } = createGuard()
    for (let times = 0; times < 100; times++) guard.note({ token: 'old', address: here }, 'wrong')
    expect(guard.waitFor({ token: 'next', address: here })).toBeUndefined()
  })

  it('are forgotten after a minute, and the wait gets shorter until then', () => {
    const one = createGuard()
    fail(one, here, 20)
    one.clock.pass(45_500)
    expect(one.guard.waitFor({ token: 'next', address: here })).toBe(15)
    one.clock.pass(14_500)
    expect(one.guard.waitFor({ token: 'next', address: here })).toBeUndefined()
  })

  it('do not shut out a token that has held before, until it does not hold any more', () => {
    const one = createGuard()
    one.guard.note({ token: 'right', address: here }, 'held')
    fail(one, here, 20)
    expect(one.guard.waitFor({ token: 'right', address: here })).toBeUndefined()
    one.guard.note({ token: 'right', address: here }, 'wrong')
    expect(one.guard.waitFor({ token: 'right', address: here })).toBe(60)
  })

  it('of ever more addresses are not remembered for ever', () => {
    const one = createGuard()
    fail(one, here, 20)
    for (let number = 0; number < 10_000; number++) fail(one, `10.0.${number >> 8}.${number & 255}`, 1)
    expect(one.guard.waitFor({ token: 'next', address: here })).toBeUndefined()
  })
})

it('a server answers 429 to the 21st wrong token of a minute, and goes on answering who sends none', async () => {
  const served = await serveExactHome()
  const signIn = (token: string) => served.ask('/health', { headers: { authorization: `Bearer ${token}` } })
  const known = await served.token('adapter')
  const statuses = [(await signIn(known)).status]
  for (let number = 0; number < 20; number++) statuses.push((await signIn(`guess-${number}`)).status)
  const late = await signIn('guess-20')
  expect(statuses).toEqual([200, ...Array(20).fill(401)])
  expect([late.status, Number(late.headers['retry-after'])]).toEqual([429, expect.closeTo(60, -1)])
  expect((await served.ask('/health')).status).toBe(200)
  expect((await signIn(known)).status).toBe(200)
  expect((await signIn(await served.token('adapter'))).status).toBe(429)
})
