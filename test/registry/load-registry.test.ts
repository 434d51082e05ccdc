import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadRegistry } from '../../src/registry/load/load-registry.ts'
import { createTestHost } from '../support/test-host.ts'

const sound = { detection: 'which git', env_var: 'NEXUS_HAS_GIT' }

async function loadTools(content: unknown) {
  const host = await createTestHost()
  const bytes =
    content instanceof Uint8Array || typeof content === 'string' ? content : JSON.stringify(content, null, 2)
  await writeFile(join(host.directory, 'tool_registry.json'), bytes)
  return loadRegistry('tools', host.directory, host)
}

describe('loadRegistry', () => {
  it('takes sound entries, and keeps keys that begin with x-', async () => {
    const loaded = await loadTools({ $schema: './s.json', git: { ...sound, 'x-mine': { a: 1 } } })
    expect(loaded.diagnostics).toEqual([])
    expect(loaded.content).toEqual({ git: { ...sound, 'x-mine': { a: 1 } } })
  })

  it('quarantines a broken entry and takes the others', async () => {
    const loaded = await loadTools({ git: sound, docker: { ...sound, env_var: 'docker' } })
    expect(loaded).toMatchObject({ state: 'ok', quarantined: ['docker'] })
    expect(Object.keys(loaded.content ?? {})).toEqual(['git'])
  })

  it.each([
    ['text', 'present'],
    ['a moment that is none', { status: 'absent', checked_at: 'yesterday' }],
    ['a key of another version', { confidence: 1 }],
  ])('tells of a broken "detected" (%s), and takes the entry without it', async (_, detected) => {
    const loaded = await loadTools({ git: { ...sound, detected } })
    expect(loaded).toMatchObject({ state: 'ok', quarantined: [], content: { git: sound } })
    expect(Object.keys(loaded.content?.git ?? {})).not.toContain('detected')
    expect(loaded.diagnostics.map(({ pointer }) => pointer.split('/', 3).join('/'))).toContain(
      '/git/detected',
    )
  })

  it('quarantines an entry that is broken in "detected" and elsewhere', async () => {
    const loaded = await loadTools({ git: { ...sound, env_var: 'git', detected: 1 }, docker: sound })
    expect(loaded).toMatchObject({ quarantined: ['git'], content: { docker: sound } })
    expect(loaded.diagnostics.map(({ hint }) => hint)).toContain('nexus-registry sync writes it anew')
  })

  const findings: [what: string, content: unknown, rule: string, message: string, at: [number, number]][] = [
    [
      'a name that is none',
      { a: { ...sound, env_var: 'docker' } },
      'schema',
      'tools/a.env_var: expected a name like NEXUS_HAS_DOCKER, found "docker"',
      [4, 16],
    ],
    [
      'a missing field, at the entry’s key',
      { a: { env_var: 'NEXUS_HAS_A' } },
      'schema',
      'tools/a.detection: expected a text, but it is missing',
      [2, 3],
    ],
    [
      'a value that is not in the list',
      { a: { ...sound, probe: 'pets' } },
      'schema',
      'tools/a.probe: expected one of "path", "command", "python", "gpu", "tpu", "kubernetes", found "pets"',
      [5, 14],
    ],
    [
      'a wrong type',
      { a: { ...sound, tags: 'x' } },
      'schema',
      'tools/a.tags: expected a list, found "x"',
      [5, 13],
    ],
    [
      'a wrong id',
      { 'a b': sound },
      'id-format',
      'tools/a b: expected an id like docker or gpt-4o as the key, found "a b"',
      [2, 3],
    ],
    [
      'an unknown key',
      { a: { ...sound, catgory: 'vcs' } },
      'unknown-field',
      'tools/a: the key "catgory" is not known',
      [5, 5],
    ],
    ['no object at all', '[1]', 'schema', 'tools: expected an object, found [1]', [1, 1]],
    ['a syntax error', '{\n  "a": }', 'json-syntax', 'expected a value, found "}"', [2, 8]],
    [
      'bytes that are not UTF-8',
      new Uint8Array([0x7b, 0x0a, 0x22, 0xff]),
      'encoding',
      'a byte here is not UTF-8',
      [2, 2],
    ],
    [
      'UTF-16',
      new Uint8Array([0xff, 0xfe, 0x7b, 0]),
      'encoding',
      'the file is written in UTF-16, not UTF-8',
      [1, 1],
    ],
  ]
  it.each(findings)('tells %s', async (_, content, rule, message, [line, column]) => {
    const { diagnostics } = await loadTools(content)
    const found = diagnostics.find(diagnostic => diagnostic.rule === rule)
    expect(found).toMatchObject({ rule, severity: 'error', line, column })
    expect(found?.message).toContain(message.split(': ').at(-1))
  })

  it('suggests the nearest known key', async () => {
    const { diagnostics } = await loadTools({ a: { ...sound, catgory: 'vcs' } })
    expect(diagnostics[0]?.hint).toBe('Did you mean "category"?')
  })

  it('tells all problems of all entries at once, unknown keys beside wrong values', async () => {
    const { diagnostics } = await loadTools({
      a: { detection: 1, env_var: 'x', nope: 1 },
      b: { ...sound, tags: 1 },
    })
    expect(diagnostics.map(({ rule }) => rule).sort()).toEqual([
      'schema',
      'schema',
      'schema',
      'unknown-field',
    ])
  })

  it('tells a missing file, and one that is too large or no file', async () => {
    const host = await createTestHost()
    expect(await loadRegistry('tools', host.directory, host)).toMatchObject({
      state: 'missing',
      diagnostics: [{ rule: 'missing-registry' }],
    })
    await writeFile(join(host.directory, 'model_registry.json'), ' '.repeat(17 * 1024 * 1024))
    expect((await loadRegistry('models', host.directory, host)).diagnostics[0]?.message).toMatch(
      /limit is 16777216/,
    )
    await mkdir(join(host.directory, 'plugin_registry.json'))
    expect((await loadRegistry('plugins', host.directory, host)).state).toBe('failed')
  })

  it('never pollutes a prototype', async () => {
    const { state } = await loadTools('{"__proto__": {"polluted": true}}')
    expect(state).toBe('failed')
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
})
