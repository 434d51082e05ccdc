import { chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { findTokenFile } from '../../src/security/token-file.ts'
import { createToken, listTokens, openTokenBook, revokeToken } from '../../src/security/tokens.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const never = { role: 'adapter', note: null, expiresAt: null } as const
const start = Date.parse('2026-11-23T08:42:55.000Z')

async function createHome(clock = { now: () => start }): Promise<{ host: TestHost; home: string }> {
  const host = await createTestHost({ clock })
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  return { host, home }
}

async function fileOf(home: string, host: TestHost): Promise<string> {
  return (await findTokenFile(home, host)) ?? ''
}

describe('a new token', () => {
  it('is 32 random bytes, and another one each time', async () => {
    const { host, home } = await createHome()
    const { token } = await createToken(home, never, host)
    expect(token).toMatch(/^nxr_[A-Za-z0-9_-]{43}$/)
    expect(Buffer.from(token.slice(4), 'base64url')).toHaveLength(32)
    expect((await createToken(home, never, host)).token).not.toBe(token)
  })

  it('is kept as its hash alone, in a file of this user', async () => {
    const { host, home } = await createHome()
    const { token, info } = await createToken(home, { ...never, note: 'of CI' }, host)
    const path = await fileOf(home, host)
    const text = await readFile(path, 'utf8')
    expect(text).not.toContain(token.slice(4))
    expect(JSON.parse(text)).toEqual({ tokens: [{ ...info, sha256: host.sha256(token) }] })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(nodePath.dirname(path))).mode & 0o777).toBe(0o700)
    expect(await readdir(nodePath.dirname(path))).toEqual(['tokens.json'])
  })

  it('is listed without its hash', async () => {
    const { host, home } = await createHome()
    const { info } = await createToken(home, { role: 'admin', note: 'mine', expiresAt: start + 1000 }, host)
    expect(info).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}$/),
      role: 'admin',
      created_at: '2026-11-23T08:42:55.000Z',
      expires_at: '2026-11-23T08:42:56.000Z',
      note: 'mine',
    })
    expect(await listTokens(home, host)).toEqual([info])
  })

  it('belongs to the home, by whatever name', async () => {
    const { host, home } = await createHome()
    const link = nodePath.join(host.directory, 'link')
    await symlink(home, link)
    const { info } = await createToken(link, never, host)
    expect(await listTokens(home, host)).toEqual([info])
    expect(await listTokens(host.directory, host)).toEqual([])
  })

  it('is one of all that are made at once', async () => {
    const { host, home } = await createHome()
    const made = await Promise.all(Array.from({ length: 12 }, () => createToken(home, never, host)))
    const ids = (await listTokens(home, host)).map(({ id }) => id)
    expect(ids.sort()).toEqual(made.map(({ info }) => info.id).sort())
  })

  it('is refused where no state can be kept', async () => {
    const { host, home } = await createHome()
    const homeless = { ...host, userHome: undefined, env: {} }
    await expect(createToken(home, never, homeless)).rejects.toMatchObject({ code: 'write' })
  })
})

describe('a book of tokens', () => {
  it('knows whose a token is', async () => {
    const { host, home } = await createHome()
    const { token, info } = await createToken(home, never, host)
    const book = await openTokenBook(home, host)
    expect(await book.find(token)).toEqual({ kind: 'token', tokenId: info.id, role: 'adapter' })
  })

  it.each([
    ['nothing', () => ''],
    ['one that nobody made', () => `nxr_${'A'.repeat(43)}`],
    ['one with a character more', (token: string) => `${token}A`],
    ['one that begins otherwise', (token: string) => token.replace('nxr_', 'nxs_')],
    ['one with a space', (token: string) => ` ${token}`],
    ['the hash that is kept', (token: string, host: TestHost) => host.sha256(token)],
  ])('does not know %s', async (_, change) => {
    const { host, home } = await createHome()
    const { token } = await createToken(home, never, host)
    expect(await (await openTokenBook(home, host)).find(change(token, host))).toBe('unknown')
  })

  it('does not know the token of another home', async () => {
    const { host, home } = await createHome()
    const { token } = await createToken(host.directory, never, host)
    expect(await (await openTokenBook(home, host)).find(token)).toBe('unknown')
  })

  it('sees the end of a token to the millisecond', async () => {
    let now = start
    const { host, home } = await createHome({ now: () => now })
    const { token } = await createToken(home, { ...never, expiresAt: start + 1000 }, host)
    const book = await openTokenBook(home, host)
    now = start + 999
    expect(await book.find(token)).toMatchObject({ kind: 'token' })
    now = start + 1000
    expect(await book.find(token)).toBe('expired')
  })

  it('sees at once what is made and revoked while it is open', async () => {
    const { host, home } = await createHome({ now: Date.now })
    const book = await openTokenBook(home, host)
    for (let round = 0; round < 20; round++) {
      const { token, info } = await createToken(home, never, host)
      expect(await book.find(token)).toMatchObject({ tokenId: info.id })
      expect(await revokeToken(home, info.id, host)).toEqual(info)
      expect(await book.find(token)).toBe('unknown')
    }
  })

  it('reads the file once, as long as it stays the same', async () => {
    const { host, home } = await createHome()
    const { token } = await createToken(home, never, host)
    let reads = 0
    const readText: typeof host.fs.readText = (...args) => {
      reads++
      return host.fs.readText(...args)
    }
    const book = await openTokenBook(home, { ...host, fs: { ...host.fs, readText } })
    for (let round = 0; round < 5; round++) await book.find(token)
    expect(reads).toBe(1)
  })

  it('reads it again while another change may still look the same', async () => {
    const { host, home } = await createHome()
    const { token } = await createToken(home, never, host)
    const path = await fileOf(home, host)
    const frozen = await host.fs.lstat(path)
    const clock = { ...host.clock, now: () => (frozen?.ctimeMs ?? 0) + 5 }
    const book = await openTokenBook(home, {
      ...host,
      clock,
      fs: { ...host.fs, lstat: async () => frozen },
    })
    expect(await book.find(token)).toMatchObject({ kind: 'token' })
    await writeFile(path, '{ "tokens": [] }')
    expect(await book.find(token)).toBe('unknown')
  })

  it('compares every hash by the host', async () => {
    const { host, home } = await createHome()
    const { token } = await createToken(home, never, host)
    await createToken(home, never, host)
    const compared: string[] = []
    const isSameSecret = (left: string, right: string) => {
      compared.push(right)
      return host.isSameSecret(left, right)
    }
    await (await openTokenBook(home, { ...host, isSameSecret })).find(token)
    expect(compared).toEqual([host.sha256(token), host.sha256(token)])
  })
})

describe('no token is valid', () => {
  const damages: [what: string, damage: (path: string) => Promise<unknown>][] = [
    ['when the file is no JSON', path => writeFile(path, '{')],
    ['when the file is empty', path => writeFile(path, '')],
    [
      'when one of them has a role that does not exist',
      async path => writeFile(path, (await readFile(path, 'utf8')).replace('adapter', 'king')),
    ],
    ['when others can write the file', path => chmod(path, 0o622)],
    ['when others can write its directory', path => chmod(nodePath.dirname(path), 0o777)],
    [
      'when the file is a link',
      async path => {
        await rename(path, `${path}.real`)
        await symlink(`${path}.real`, path)
      },
    ],
    [
      'when it is a directory',
      async path => {
        await rm(path)
        await mkdir(path)
      },
    ],
  ]

  it.each(damages)('%s', async (_, damage) => {
    const { host, home } = await createHome()
    const { token, info } = await createToken(home, never, host)
    const path = await fileOf(home, host)
    const book = await openTokenBook(home, host)
    expect(await book.find(token)).toMatchObject({ kind: 'token' })
    await damage(path)
    expect(await book.find(token)).toBe('unknown')
    const trouble = { code: 'input', message: expect.stringMatching(/tokens\.json .*: no token is valid$/) }
    await expect(listTokens(home, host)).rejects.toMatchObject(trouble)
    await expect(revokeToken(home, info.id, host)).rejects.toMatchObject(trouble)
  })

  it('when the file belongs to another user', async () => {
    const { host, home } = await createHome()
    const { token } = await createToken(home, never, host)
    const path = await fileOf(home, host)
    const lstat: typeof host.fs.lstat = async file => {
      const info = await host.fs.lstat(file)
      return info && file === path ? { ...info, uid: 54_321 } : info
    }
    const foreign = { ...host, uid: 1000, fs: { ...host.fs, lstat } }
    expect(await (await openTokenBook(home, foreign)).find(token)).toBe('unknown')
    await expect(listTokens(home, foreign)).rejects.toThrow('belongs to another user (uid 54321)')
  })

  it('when the file has been removed', async () => {
    const { host, home } = await createHome()
    const { token } = await createToken(home, never, host)
    const book = await openTokenBook(home, host)
    await book.find(token)
    await rm(await fileOf(home, host))
    expect(await book.find(token)).toBe('unknown')
    expect(await listTokens(home, host)).toEqual([])
  })
})

describe('an update that lost its lock', () => {
  it('is made again, of what is there by then', async () => {
    const { host, home } = await createHome()
    const other: string[] = []
    const rename: typeof host.fs.rename = async (from, to) => {
      const isCommit = nodePath.basename(to).startsWith('committing-')
      if (!isCommit || other.length > 0) return host.fs.rename(from, to)
      // Somebody took the lock over, and made a token.
      await rm(nodePath.dirname(from), { recursive: true })
      other.push((await createToken(home, never, host)).info.id)
      return host.fs.rename(from, to)
    }
    const { info } = await createToken(home, never, { ...host, fs: { ...host.fs, rename } })
    expect((await listTokens(home, host)).map(({ id }) => id)).toEqual([...other, info.id])
  })
})

describe('revoking', () => {
  it('ends one and leaves the others', async () => {
    const { host, home } = await createHome()
    const [first, second] = [await createToken(home, never, host), await createToken(home, never, host)]
    expect(await revokeToken(home, first.info.id, host)).toEqual(first.info)
    expect(await listTokens(home, host)).toEqual([second.info])
  })

  it('of what is not there changes nothing', async () => {
    const { host, home } = await createHome()
    await createToken(home, never, host)
    const before = await readFile(await fileOf(home, host), 'utf8')
    expect(await revokeToken(home, '00000000', host)).toBeUndefined()
    expect(await readFile(await fileOf(home, host), 'utf8')).toBe(before)
  })
})
