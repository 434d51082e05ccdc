import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { program } from '../../src/core/program.ts'
import type { LocatedFile } from '../../src/store/answer-script.ts'
import { renderZshAnswer, renderZshHome } from '../../src/store/zsh-script.ts'
import { findShell } from '../support/shells.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const zsh = findShell('zsh')
const state = { inode: 7, size: 4096, modifiedMs: 1_700_000_000_500 }
const files: readonly LocatedFile[] = [
  { path: '/bin', state, realPath: '/usr/bin' },
  { path: '/usr/bin', state: { ...state, inode: 8, modifiedMs: 0 }, realPath: '/usr/bin' },
  { path: '/profile/bin', state: { ...state, inode: 9 }, realPath: '/store/bin' },
  { path: "/it's $(missing)", state: undefined, realPath: undefined },
]
const look = {
  startedAt: 0,
  definitions: { id: 'd1', files: [], directory: { path: '/home', state } },
  surroundings: [],
}
const answer = { question: '', checkedAt: 1_800_000_000_000, ttlSeconds: 300, variables: [] }
const env = { HOME: '/home/ada', PATH: "/bin:/o'clock\\ *", KUBECONFIG: '~/a b' }
const script = renderZshAnswer(
  answer,
  { home: '/home', look, texts: { zsh: "export A=$'\\047';\n" } },
  { env, homeName: 'h1', files },
)

describe.skipIf(zsh === undefined)('the script of an answer for zsh', () => {
  it('sets what there is to compare: first what prompts look at, each file under one name', async () => {
    expect(await source(script, 'print -rN -- "$home" "$definitions" $checked $expires $prompts')).toEqual([
      ...['h1', 'd1', '1800000000000', '1800000300000', '2'],
    ])
    expect(await source(script, 'print -rN -- $watched')).toEqual(['/usr/bin', '/profile/bin', '/bin'])
    expect(await source(script, 'print -rN -- $inodes $times')).toEqual([
      ...['8', '9', '7'],
      ...['0000', '1700000000500', '1700000000500'],
    ])
    expect(await source(script, 'print -rN -- $absent "$text"')).toEqual([
      "/it's $(missing)",
      "export A=$'\\047';\n",
    ])
  })

  const others = [
    ['another PATH', 'PATH=/elsewhere'],
    ['a variable that was unset', 'VIRTUAL_ENV=/venv'],
    ['a variable that is unset now', 'unset KUBECONFIG'],
    ['another version', '_nexus_registry_version=0.0.0'],
  ] as const
  it.each(others)('is left at once with %s', async (_, change) => {
    expect(await source(script, 'print -rN -- "$text"', change)).toEqual([''])
  })
})

describe.skipIf(zsh === undefined)('the script of a home for zsh', () => {
  const home = renderZshHome(look, files.slice(0, 1))

  it('adds its files when it asks what it asked', async () => {
    expect(await source(home, 'print -rN -- $watched', 'definitions=d1 watched=(/first)')).toEqual([
      '/first',
      '/bin',
    ])
  })

  it('adds nothing when it asks something else', async () => {
    expect(await source(home, 'print -rN -- $watched', 'definitions=d2 watched=(/first)')).toEqual(['/first'])
  })
})

async function source(text: string, print: string, before = ''): Promise<string[]> {
  const file = nodePath.join(await temporaryDirectory(), 'script')
  await writeFile(file, text)
  const code = `emulate zsh; text= _nexus_registry_version=${program.version}; ${before}; source "$FILE"; ${print}`
  const { stdout } = await promisify(execFile)(zsh ?? '', ['-f', '-c', code], { env: { ...env, FILE: file } })
  return stdout.split('\0').slice(0, -1)
}
