import { mkdir, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadDefinitions } from '../../src/env/cache/cache-key.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const docker = { detection: 'which docker', env_var: 'NEXUS_HAS_DOCKER' }
const detected = { status: 'present', version: '28' }
const files = [
  'tool_registry.json',
  'ml_framework_registry.json',
  'hyper_registry.json',
  'provider_registry.json',
] as const

type Edit = (write: (file: string, content: unknown) => Promise<void>, home: string) => unknown

const same: readonly (readonly [string, Edit])[] = [
  ['nothing', () => undefined],
  ['detections', write => write('tool_registry.json', { docker: { ...docker, detected } })],
  [
    'detections, first in their entry',
    write => write('tool_registry.json', { docker: { detected, ...docker } }),
  ],
  ['white space', write => write('tool_registry.json', JSON.stringify({ docker }, null, 4))],
  ['the time of a file', (_, home) => utimes(nodePath.join(home, 'tool_registry.json'), 1, 1)],
  ['another registry', write => write('model_registry.json', {})],
  ['another file', write => write('notes.txt', '')],
]

const other: readonly (readonly [string, Edit])[] = [
  [
    'an entry with another detection',
    write => write('tool_registry.json', { docker: { ...docker, detection: 'x' } }),
  ],
  ['an entry that appears', write => write('tool_registry.json', { docker, git: docker })],
  ['an entry that is removed', write => write('tool_registry.json', {})],
  ['an entry of another name', write => write('tool_registry.json', { podman: docker })],
  ['an entry that is called detected', write => write('tool_registry.json', { docker, detected })],
  ['an entry that is no object', write => write('tool_registry.json', { docker: 1 })],
  ['frameworks', write => write('ml_framework_registry.json', { torch: docker })],
  ['providers', write => write('provider_registry.json', { one: { key_env: 'ONE_KEY' } })],
  ['settings', write => write('hyper_registry.json', { settings: { cache_ttl_seconds: 1 } })],
  ['a file that is no object', write => write('tool_registry.json', [])],
  ['a file that is broken', write => write('tool_registry.json', '{')],
  ['a file that is empty', write => write('tool_registry.json', '')],
  ['a file that is removed', (_, home) => unlink(nodePath.join(home, 'tool_registry.json'))],
  [
    'a directory in place of a file',
    async (_, home) => {
      await unlink(nodePath.join(home, 'tool_registry.json'))
      await mkdir(nodePath.join(home, 'tool_registry.json'))
    },
  ],
  ['a home that is removed', (_, home) => rm(home, { recursive: true })],
]

describe('the definitions of a home', () => {
  it.each(same)('stay the same with %s', async (_, edit) => {
    const [before, after] = await loadBeforeAndAfter(edit)
    expect(after.id).toBe(before.id)
  })

  it.each(other)('change with %s', async (_, edit) => {
    const [before, after] = await loadBeforeAndAfter(edit)
    expect(after.id).not.toBe(before.id)
  })

  it.each([
    ['cannot be parsed', '{', '{{'],
    ['is no object', '[]', '[1]'],
  ])('differ with content that %s', async (_, one, two) => {
    const [before] = await loadBeforeAndAfter(() => undefined, one)
    const [after] = await loadBeforeAndAfter(() => undefined, two)
    expect(after.id).not.toBe(before.id)
  })

  it('of two files are not mixed up', async () => {
    const [, before] = await loadBeforeAndAfter((_, home) =>
      unlink(nodePath.join(home, 'ml_framework_registry.json')),
    )
    const [, swapped] = await loadBeforeAndAfter(async (write, home) => {
      await unlink(nodePath.join(home, 'tool_registry.json'))
      await write('ml_framework_registry.json', { docker })
    })
    expect(swapped.id).not.toBe(before.id)
  })
})

describe('definitions watch', () => {
  it('the home and its files', async () => {
    const host = await createTestHost()
    const home = await writeHome(host, JSON.stringify({ docker }))
    const { directory, files: watched } = await loadDefinitions(home, host)
    expect([directory, ...watched].map(({ path }) => path)).toEqual([
      home,
      ...files.map(name => nodePath.join(home, name)),
    ])
    expect([directory, ...watched].every(({ state }) => state !== undefined)).toBe(true)
  })

  it('the home that a link leads to', async () => {
    const host = await createTestHost()
    const home = await writeHome(host, JSON.stringify({ docker }))
    const link = nodePath.join(host.directory, 'link')
    await symlink(home, link)
    const [direct, linked] = [await loadDefinitions(home, host), await loadDefinitions(link, host)]
    expect(linked.id).toBe(direct.id)
    expect(linked.directory).toEqual({ path: link, state: direct.directory.state })
  })

  it('files as they were before they were read', async () => {
    const host = await createTestHost()
    const home = await writeHome(host, JSON.stringify({ docker }))
    const path = nodePath.join(home, 'tool_registry.json')
    await utimes(path, 5, 5)
    const readText = async (file: string, maxBytes?: number) => {
      await utimes(path, 9, 9)
      return host.fs.readText(file, maxBytes)
    }
    const { files: watched } = await loadDefinitions(home, { ...host, fs: { ...host.fs, readText } })
    expect(watched[0]?.state?.modifiedMs).toBe(5000)
  })
})

async function loadBeforeAndAfter(edit: Edit, text = JSON.stringify({ docker })) {
  const host = await createTestHost()
  const home = await writeHome(host, text)
  const before = await loadDefinitions(home, host)
  const write = (file: string, content: unknown) =>
    writeFile(nodePath.join(home, file), typeof content === 'string' ? content : JSON.stringify(content))
  await edit(write, home)
  return [before, await loadDefinitions(home, host)] as const
}

async function writeHome(host: TestHost, text: string): Promise<string> {
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  for (const name of files)
    await writeFile(nodePath.join(home, name), name === 'tool_registry.json' ? text : '{}')
  return home
}
