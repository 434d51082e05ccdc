import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadRegistry } from '../../src/registry/load/load-registry.ts'
import { openValidationCache } from '../../src/registry/load/validation-cache.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const sound = JSON.stringify({
  $schema: './x.json',
  git: { detection: 'which git', env_var: 'NEXUS_HAS_GIT' },
})

async function writeTools(host: TestHost, text: string) {
  await writeFile(join(host.directory, 'tool_registry.json'), text)
  return loadRegistry('tools', host.directory, host)
}

describe('a registry that was found sound', () => {
  it('reads the same the second time, without a prototype', async () => {
    const host = await createTestHost()
    const first = await writeTools(host, sound)
    const second = await loadRegistry('tools', host.directory, host)
    expect(second).toEqual(first)
    expect(second.content?.toString).toBeUndefined()
    expect(await readdir(join(host.directory, 'cache/nexus-registry/sound'))).toHaveLength(1)
  })

  it('is checked again when a byte has changed', async () => {
    const host = await createTestHost()
    await writeTools(host, sound)
    expect((await writeTools(host, sound.replace('"which git"', '1'))).diagnostics).not.toEqual([])
  })

  it('is checked again by another build of the program', async () => {
    const host = await createTestHost()
    const { sha256 } = await writeTools(host, sound)
    const isValid = async (build: string) =>
      (await openValidationCache(host.directory, { ...host, programBuild: build })).isValid(`tools ${sha256}`)
    expect([await isValid(host.programBuild), await isValid('other')]).toEqual([true, false])
  })

  it('stays remembered while it is in use, however many others come', async () => {
    const host = await createTestHost()
    const { sha256 } = await writeTools(host, sound)
    for (let count = 0; count < 60; count++) {
      const notes = await openValidationCache(host.directory, host)
      notes.isValid(`tools ${sha256}`)
      notes.add(`other ${count}`)
      await notes.save()
    }
    const notes = await openValidationCache(host.directory, host)
    expect([notes.isValid(`tools ${sha256}`), notes.isValid('other 0')]).toEqual([true, false])
  })

  it('is not remembered when something was wrong with it', async () => {
    const host = await createTestHost()
    const broken = '{"git": {"detection": "which git", "env_var": "NEXUS_HAS_GIT", "nope": 1}}'
    await writeTools(host, broken)
    expect((await writeTools(host, broken)).diagnostics).toHaveLength(1)
  })
})
