import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, test } from 'vitest'
import {
  locateFiles,
  renderHomeScript,
  renderPosixScript,
  timesOf,
  timesOfFiles,
} from '../../src/env/cache/posix-script.ts'
import { program } from '../../src/lib/program.ts'
import type { WatchedFile } from '../../src/registry/home/watched-file.ts'
import { createTestHost, temporaryDirectory } from '../support/test-host.ts'

const state = {
  device: 5,
  inode: 7,
  size: 4096,
  modifiedMs: 1_700_000_000_500,
  changedMs: 1_700_000_001_600,
  isDirectory: true,
}
const missing: WatchedFile = { path: "/it's missing", state: undefined }
const cached = { cacheKey: '', checkedAt: 1_800_000_000_000, ttlSeconds: 0.0015, variables: [] }
const checked = {
  startedAt: 1_800_000_000_000,
  definitions: { id: 'd1', providers: '', files: [], directory: { path: '/home', state } },
  pathElements: [],
  configFiles: [],
  providerVariables: {
    set: ['B_KEY', 'C_FILE'],
    unset: ['A_KEY', 'D_KEY'],
    files: { existing: ['C_FILE'], missing: [] },
  },
}
const pathElements = [
  { path: '/fnm/1/bin', state, realPath: '/node/bin' },
  { path: '/bin', state: { ...state, inode: 8 }, realPath: '/usr/bin' },
  { path: '/usr/bin', state: { ...state, inode: 8 }, realPath: '/usr/bin' },
  { path: '/usr/bin/file', state: { ...state, inode: 9, isDirectory: false }, realPath: '/usr/bin/file' },
  { ...missing, realPath: undefined },
]
const configFiles = [
  { path: '/kube', state: { ...state, inode: 10, isDirectory: false }, realPath: '/store/kube' },
  { path: '/config', state: undefined, realPath: undefined },
]
const env = { PATH: '/bin:\n$(x)', KUBECONFIG: '', NEXUS_REGISTRY_TIMEOUT: '9' }
const outputs = { sh: "export A='1';\n", fish: 'set -gx A 1;\n' }
const script = renderPosixScript(
  cached,
  { home: '/home', checked, outputs },
  { env, homeName: 'h1', pathElements, configFiles },
)

describe('the export script', () => {
  it('has every condition, and then the outputs', () => {
    const values = [program.version, ...Array(10).fill(''), '9'].map(value => `'${value}'`).join(' ')
    expect(script).toBe(
      [
        `_nexus_registry_asked ${values} || return 1`,
        `[ "\${B_KEY:+1}\${C_FILE:+1}" = 11 ] && _nexus_registry_exported 'B_KEY' 'C_FILE' || return 1`,
        `[ -z "\${A_KEY:+1}\${D_KEY:+1}" ] || _nexus_registry_unexported 'A_KEY' 'D_KEY' || return 1`,
        '[ -e "${C_FILE-}" ] && [ ! -d "${C_FILE-}" ] || return 1',
        "_nexus_registry_path '/bin:\n$(x)' '/node/bin' '/usr/bin' || return 1",
        "_nexus_registry_home 'h1' 'd1' || return 1",
        "_nexus_registry_verified '1800000000000' || return 1",
        "_nexus_registry_leads '/fnm/1/bin' '/node/bin' || return 1",
        "_nexus_registry_leads '/bin' '/usr/bin' || return 1",
        "_nexus_registry_missing '/usr/bin/file' || return 1",
        "_nexus_registry_missing '/it'\\''s missing' || return 1",
        "_nexus_registry_same '1700000000500' '/node/bin' '/node/bin' || return 1",
        "_nexus_registry_same '1700000000500' '/usr/bin' '/usr/bin' || return 1",
        "_nexus_registry_same '1700000000500' '/kube' '/store/kube' || return 1",
        "_nexus_registry_absent '/config' || return 1",
        "_nexus_registry_within '1799999999980' '/node' '/usr' '/store'",
        "_nexus_registry_identified '5 7 1700000001\n5 8 1700000001\n5 10 1700000001' '/node/bin' '/usr/bin' '/store/kube' || return 1",
        "_nexus_registry_aged '1800000000000' '1800000000002' || return 1",
        "_nexus_registry_text 'sh' 'export A='\\''1'\\'';\n'",
        "_nexus_registry_text 'fish' 'set -gx A 1;\n'",
        '',
      ].join('\n'),
    )
  })

  const credentials = 'B_KEY=x C_FILE=/etc/passwd'
  const conditions = [
    'exported',
    ...(['asked', 'path', 'home', 'verified', 'leads', 'missing'] as const),
    ...(['same', 'absent', 'identified', 'aged'] as const),
  ] as const
  const silent = ['_nexus_registry_within() { :; }']
  it.each([...conditions, undefined])('gives its outputs unless a condition is false: %s', async broken => {
    const stubs = conditions.map(
      name => `_nexus_registry_${name}() { ${name === broken ? 'false' : 'true'}; }`,
    )
    const reached = await source(script, [
      ...[credentials, ...stubs, ...silent],
      '_nexus_registry_text() { printf "<%s>" "$2"; }',
    ])
    expect(reached).toBe(broken === undefined ? `<${outputs.sh}><${outputs.fish}>` : '')
  })

  const credentialRows = [
    ['a variable is unset', 'B_KEY= C_FILE=/etc/passwd', ''],
    ['a file is gone', 'B_KEY=x C_FILE=/nowhere', ''],
    ['a file is a directory', 'B_KEY=x C_FILE=/etc', ''],
    ['another variable is set and exported', `${credentials} A_KEY=x; unexported() { false; }`, ''],
    ['another variable is set, and not exported', `${credentials} D_KEY=x; unexported() { true; }`, '<1>'],
    ['all are as they were', `set -u; ${credentials}`, '<1>'],
  ] as const
  it.each(credentialRows)('checks credentials: %s', async (_, assignments, expected) => {
    const stubs = conditions.map(name => `_nexus_registry_${name}() { :; }`)
    const own = '_nexus_registry_unexported() { unexported "$@"; }'
    const text = '_nexus_registry_text() { [ "$1" != sh ] || printf "<1>"; }'
    expect(await source(script, [...stubs, ...silent, own, text, assignments])).toBe(expected)
  })

  it('passes its arguments byte for byte', async () => {
    const stubs = conditions.map(name => `_nexus_registry_${name}() { printf '<%s>' "$@"; }`)
    const printed = await source(script, [credentials, ...stubs, ...silent, '_nexus_registry_text() { :; }'])
    expect(printed).toContain(`<${env.PATH}></node/bin>`)
    expect(printed).toContain(`<${missing.path}>`)
  })
})

test('the home script names the definitions and the conditions of its files', () => {
  const files = [{ path: '/home', state, realPath: '/real/home' }]
  expect(renderHomeScript(checked, files)).toBe(
    [
      "_nexus_registry_defines 'd1' || return 1",
      "_nexus_registry_verified '1800000000000' || return 1",
      "_nexus_registry_same '1700000000500' '/home' '/real/home' || return 1",
      "_nexus_registry_within '1799999999980' '/real'",
      "_nexus_registry_identified '5 7 1700000001' '/real/home' || return 1",
      '',
    ].join('\n'),
  )
})

describe('times', () => {
  it.each([
    [
      'a time within a second',
      1_700_000_000_500,
      [1_700_000_000_499, 1_700_000_000_502, 1_699_999_999_000, 1_700_000_001_000],
    ],
    ['the begin of a second', 5000, [4999, 5002, 4000, 6000]],
    ['the end of one', 5999, [5998, 6001, 4000, 6000]],
    ['the begin of 1970', 0, [2, 1000]],
    ['its second second', 1000, [999, 1002, 2000]],
    ['the year before', -5000, []],
  ])('enclose %s', (_, modifiedMs, expected) => {
    expect(timesOfFiles([{ path: '/bin', state: { ...state, modifiedMs } }])).toEqual(expected)
  })

  it('enclose each of many files, and none that is missing', () => {
    expect(
      timesOfFiles([missing, { path: '/bin', state: { ...state, modifiedMs: 5000 } }, missing]),
    ).toHaveLength(4)
  })

  it.each([
    [300, 1_800_000_300_000],
    [0, 1_800_000_000_000],
    [0.0015, 1_800_000_000_002],
  ])('of exports with a TTL of %d seconds end with it', (ttlSeconds, expected) => {
    expect(timesOf({ ...cached, ttlSeconds })).toEqual([1_800_000_000_000, expected])
  })
})

test('files are located by their real paths; removed files and dangling links are missing', async () => {
  const host = await createTestHost()
  const at = (name: string) => nodePath.join(host.directory, name)
  await mkdir(at('real'))
  await symlink(at('real'), at('link'))
  await symlink(at('nowhere'), at('dangling'))
  const named = ['real', 'link', 'dangling', 'gone'].map(name => ({ path: at(name), state }))
  expect(await locateFiles([...named, missing], host)).toEqual([
    { path: at('real'), state, realPath: at('real') },
    { path: at('link'), state, realPath: at('real') },
    { path: at('dangling'), state: undefined, realPath: undefined },
    { path: at('gone'), state: undefined, realPath: undefined },
    { ...missing, realPath: undefined },
  ])
})

/** Sources the text in a real shell that defines the functions, and returns the output. */
async function source(text: string, functions: readonly string[]): Promise<string> {
  const file = nodePath.join(await temporaryDirectory(), 'answer.sh')
  await writeFile(file, text)
  const { stdout } = await promisify(execFile)('sh', ['-c', `${functions.join('\n')}\n. "$0" || :`, file])
  return stdout
}
