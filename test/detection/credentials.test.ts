import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { findCredential, findInDotenv } from '../../src/detection/services/credentials.ts'
import { createTestHost } from '../support/test-host.ts'

const azure = { key_env: ['A_TOKEN', 'A_KEY'], required_env: ['A_ENDPOINT', 'A_VERSION'] }
const vertex = { key_env: 'OWN_FILE', general_env: ['CLOUD_FILE'], file_env: ['OWN_FILE', 'CLOUD_FILE'] }
const bedrock = {
  key_env: 'B_KEY',
  general_env: ['B_PROFILE', 'B_ACCESS'],
  general_files: ['~/.cloud/credentials'],
}

async function find(entry: object, env: Record<string, string>, files: readonly string[] = []) {
  const host = await createTestHost({ env })
  for (const file of files) {
    const path = nodePath.join(host.directory, file)
    await mkdir(nodePath.dirname(path), { recursive: true })
    await writeFile(path, 'a-secret-in-a-file')
  }
  return findCredential({ auth_type: 'bearer', ...entry }, host)
}

describe('the credential of a provider', () => {
  const rows: [is: string, entry: object, env: Record<string, string>, expected: object, files?: string[]][] =
    [
      ['not needed', { auth_type: 'none', key_env: 'K' }, {}, { status: 'configured', variable: null }],
      ['in the first variable that is set', { key_env: ['K', 'L'] }, { K: '', L: 'x' }, { variable: 'L' }],
      [
        'complete with all that is required',
        azure,
        { A_KEY: 'x', A_ENDPOINT: 'x', A_VERSION: 'x' },
        { status: 'configured', variable: 'A_KEY' },
      ],
      [
        'incomplete without one',
        azure,
        { A_KEY: 'x', A_VERSION: 'x' },
        { status: 'unconfigured', reason: 'A_KEY is set, but A_ENDPOINT is not set' },
      ],
      [
        'incomplete without two',
        azure,
        { A_TOKEN: 'x', A_ENDPOINT: '' },
        { status: 'unconfigured', reason: 'A_TOKEN is set, but A_ENDPOINT and A_VERSION are not set' },
      ],
      [
        'missing with all that is required',
        { key_env: 'K', required_env: ['E'] },
        {},
        {
          status: 'unconfigured',
          reason: 'K is not set; E is not set',
          hint: expect.stringContaining('K to your key, and E'),
        },
      ],
      ['in a file that is there', vertex, { OWN_FILE: 'key.json' }, { variable: 'OWN_FILE' }, ['key.json']],
      [
        'not in a file that is not there',
        vertex,
        { OWN_FILE: '/secret-place/key.json' },
        { status: 'unconfigured', reason: 'the file that OWN_FILE names does not exist' },
      ],
      ['not in a directory', vertex, { OWN_FILE: '/' }, { status: 'unconfigured' }],
      [
        'unknown with a general file alone',
        vertex,
        { CLOUD_FILE: 'key.json' },
        { status: 'unknown', source: 'CLOUD_FILE' },
        ['key.json'],
      ],
      [
        'missing when that is not there',
        vertex,
        { CLOUD_FILE: 'key.json' },
        { status: 'unconfigured', reason: 'the file that CLOUD_FILE names does not exist' },
      ],
      [
        'unknown with a general variable alone',
        bedrock,
        { B_ACCESS: 'x' },
        {
          status: 'unknown',
          source: 'B_ACCESS',
          reason: expect.stringContaining('general credentials (B_ACCESS)'),
        },
      ],
      [
        'unknown with a file of the user alone',
        bedrock,
        {},
        { status: 'unknown', source: '~/.cloud/credentials' },
        ['.cloud/credentials'],
      ],
      ['its own before a general one', bedrock, { B_KEY: 'x', B_ACCESS: 'x' }, { variable: 'B_KEY' }],
      ['missing without any', bedrock, {}, { status: 'unconfigured', reason: 'B_KEY is not set' }],
      [
        'missing without any general one',
        { general_env: ['B_PROFILE'], general_files: ['~/.cloud/x'] },
        {},
        { status: 'unconfigured', reason: 'it has no credential: none of B_PROFILE, ~/.cloud/x is here' },
      ],
      ['unknown when nothing is named', {}, { K: 'x' }, { status: 'unknown', source: null }],
      [
        'not what every object has',
        { key_env: ['constructor', '__proto__'] },
        {},
        { status: 'unconfigured' },
      ],
    ]
  test.each(rows)('is %s', async (_, entry, env, expected, files) => {
    const found = await find(entry, env, files)
    expect(found).toMatchObject(expected)
    expect(JSON.stringify(found)).not.toMatch(/secret|key\.json/)
  })

  test('is unknown when its file cannot be checked', async () => {
    const host = await createTestHost({ env: { OWN_FILE: '/x' } })
    const fs = { ...host.fs, statAnywhere: () => Promise.reject(new Error('EACCES')) }
    expect(await findCredential({ auth_type: 'bearer', ...vertex }, { ...host, fs })).toMatchObject({
      status: 'unknown',
      source: 'OWN_FILE',
      reason: 'the file that OWN_FILE names could not be checked',
    })
  })

  test('is unknown when its file takes too long', async () => {
    const host = await createTestHost({ env: { OWN_FILE: '/x' }, clock: { sleep: () => Promise.resolve() } })
    const fs = { ...host.fs, statAnywhere: () => new Promise<undefined>(() => undefined) }
    const found = await findCredential({ auth_type: 'bearer', ...vertex }, { ...host, fs })
    expect(found.status).toBe('unknown')
  })
})

describe('variables in .env', () => {
  const names = ['A', 'B', 'C']
  const rows: [text: string, found: string[]][] = [
    ['A=x', ['A']],
    ['C=1\nexport A = "x"\r\n B=\'y\'', ['A', 'B', 'C']],
    ['# A=x\nB=\nC=""', []],
    ["A=''\nB= # nothing\nAA=x\nA B=x\n=x", []],
  ]
  test.each(rows)('are those that %j sets', async (text, found) => {
    const host = await createTestHost()
    await writeFile(nodePath.join(host.directory, '.env'), text)
    expect(await findInDotenv(names, host)).toEqual(found)
  })

  test('are none of a directory, of a device, of too much, or of nothing', async () => {
    const host = await createTestHost()
    const inside = async (make: (path: string) => Promise<unknown>) => {
      const cwd = await mkdtemp(nodePath.join(host.directory, 'at-'))
      await make(nodePath.join(cwd, '.env'))
      return findInDotenv(names, { ...host, cwd })
    }
    expect(await inside(path => mkdir(path))).toEqual([])
    expect(await inside(path => symlink('/dev/zero', path))).toEqual([])
    expect(await inside(path => writeFile(path, `A=x\n${' '.repeat(70_000)}`))).toEqual([])
    expect(await inside(async () => undefined)).toEqual([])
  })
})
