import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { renderZshHome, renderZshScript } from '../../src/env/cache/export-scripts.ts'
import type { LocatedFile } from '../../src/env/cache/posix-script.ts'
import { program } from '../../src/lib/program.ts'
import { findShell } from '../support/shells/shells.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const zsh = findShell('zsh')
const state = {
  device: 5,
  inode: 7,
  size: 4096,
  modifiedMs: 1_700_000_000_500,
  changedMs: 1_700_000_001_600,
  isDirectory: true,
}
const elements: readonly LocatedFile[] = [
  { path: '/bin', state, realPath: '/usr/bin' },
  { path: '/usr/bin', state, realPath: '/usr/bin' },
  { path: '/profile/bin', state: { ...state, inode: 8, modifiedMs: 0 }, realPath: '/store/bin' },
  { path: '/missing', state: undefined, realPath: undefined },
]
const files: readonly LocatedFile[] = [
  { path: '/config', state: { ...state, inode: 9, isDirectory: false }, realPath: '/config' },
  { path: "/it's $(missing)", state: undefined, realPath: undefined },
]
const directories = '5:7:1700000000500:1700000001600 5:8:0000:1700000001600'
const checked = {
  startedAt: 0,
  definitions: { id: 'd1', providers: '', files: [], directory: { path: '/home', state } },
  pathElements: [],
  configFiles: [],
  providerVariables: {
    set: ['B_KEY', 'C_FILE'],
    unset: ['A_KEY'],
    files: { existing: [], missing: ['C_FILE'] },
  },
}
const cached = { cacheKey: '', checkedAt: 1_800_000_000_000, ttlSeconds: 300, variables: [] }
const env = { HOME: '/home/ada', PATH: "/bin:/o'clock\\ *", KUBECONFIG: '~/a b' }
const script = renderZshScript(
  cached,
  { home: '/home', checked, outputs: { zsh: "export A=$'\\047';\n" } },
  {
    env,
    homeName: 'h1',
    pathElements: elements,
    configFiles: files,
  },
)

describe.skipIf(zsh === undefined)('the export script for zsh', () => {
  it('sets what to compare, and how much of it prompts check', async () => {
    const print = 'print -rN -- "$home" "$definitions" $checked $expires $prompts $absentAtPrompts'
    expect(await source(script, print)).toEqual([...['h1', 'd1', '1800000000000', '1800000300000', '1', '1']])
    expect(await source(script, 'print -rN -- $watched $devices $inodes $times $changes')).toEqual([
      ...['/config', '5', '9', '1700000000500', '1700000001600'],
    ])
    expect(await source(script, 'print -rN -- $provided - $unprovided - $existing - $missing')).toEqual([
      ...['B_KEY', 'C_FILE', '-', 'A_KEY', '-', '-', 'C_FILE'],
    ])
    expect(await source(script, 'print -rN -- $absent "$text"')).toEqual([
      "/it's $(missing)",
      "export A=$'\\047'",
    ])
  })

  it.each([
    ["unset A;\nexport B=$'1';\nunset C;\nexport D=$'a\\040b';\n", "unset A C;export B=1 D=$'a\\040b'"],
    ["export B=$'';\n", "export B=$''"],
    ["export B=$'it\\047s';\necho no;\n", "export B=$'it\\047s';\necho no;\n"],
    ['', ''],
  ])('joins %j into %j', async (zshText, expected) => {
    const options = { env, homeName: 'h1', pathElements: elements, configFiles: files }
    const joined = renderZshScript(cached, { home: '/home', checked, outputs: { zsh: zshText } }, options)
    expect(await source(joined, 'print -rN -- "$text"')).toEqual([expected])
  })

  const others = [
    ['other directories on PATH', 'directories=5:7:1700000000500:1700000001600'],
    ['a variable that was unset', 'VIRTUAL_ENV=/venv'],
    ['a variable that is unset now', 'unset KUBECONFIG'],
    ['another version', '_nexus_registry_version=0.0.0'],
  ] as const
  it.each(others)('is left at once with %s', async (_, change) => {
    expect(await source(script, 'print -rN -- "$text"', change)).toEqual([''])
  })
})

describe.skipIf(zsh === undefined)('the home script for zsh', () => {
  const home = renderZshHome(checked, files.slice(0, 1))

  it('adds its files when the definitions are the same', async () => {
    expect(await source(home, 'print -rN -- $watched', 'definitions=d1 watched=(/first)')).toEqual([
      '/first',
      '/config',
    ])
  })

  it('adds nothing when the definitions differ', async () => {
    expect(await source(home, 'print -rN -- $watched', 'definitions=d2 watched=(/first)')).toEqual(['/first'])
  })
})

async function source(text: string, print: string, before = ''): Promise<string[]> {
  const file = nodePath.join(await temporaryDirectory(), 'script')
  await writeFile(file, text)
  const code = `emulate zsh; text= directories='${directories}' _nexus_registry_version=${program.version}; ${before}; source "$FILE"; ${print}`
  const { stdout } = await promisify(execFile)(zsh ?? '', ['-f', '-c', code], { env: { ...env, FILE: file } })
  return stdout.split('\0').slice(0, -1)
}
