import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { program } from '../../src/lib/program.ts'
import { compareVersions } from '../../src/lib/version/versions.ts'
import { createHome } from '../../src/registry/home/create-home.ts'
import { hashShippedContent } from '../../src/registry/home/shipped-mark.ts'
import {
  mapNames,
  type RegistryName,
  registryFiles,
  registryNames,
  subRegistryNames,
} from '../../src/registry/schema/names.ts'
import { parseHistory, renderHistory, withShipped } from '../../src/upgrade/history.ts'
import { planHomeUpgrade, upgradeHome } from '../../src/upgrade/upgrade.ts'
import { readShippedText } from '../registries/shipped-files.ts'
import { writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

const root = new URL('../../', import.meta.url)
const text = readFileSync(new URL('registries/history.json', root), 'utf8')
const history = parseHistory(text) ?? { versions: [], contents: new Map() }
const shipped = mapNames(registryNames, readShippedText)

describe('the history of shipped files', () => {
  test('has every version that the changelog calls released', () => {
    const changelog = readFileSync(new URL('CHANGELOG.md', root), 'utf8')
    const released = [...changelog.matchAll(/^## \[(\d+\.\d+\.\d+)\]/gm)].map(([, version]) => version)
    expect(released).toContain('0.1.0')
    expect(history.versions.map(({ version }) => version)).toEqual(expect.arrayContaining(released))
  })

  test('has no version to come, and the files of a released version do not change', async () => {
    const { sha256 } = await createTestHost()
    for (const { version } of history.versions)
      expect(await compareVersions(version, program.version)).toBeLessThanOrEqual(0)
    const current = history.versions.find(({ version }) => version === program.version)
    const now = withShipped(history, { version: program.version, texts: shipped }, { sha256 }).versions.at(-1)
    expect(current ?? now).toEqual(now)
  })

  test('has the content of every file under its hash, and is written as it is read', async () => {
    const { sha256 } = await createTestHost()
    for (const { files } of history.versions)
      for (const name of registryNames) {
        const content = history.contents.get(files[name] ?? '')
        expect(hashShippedContent(content, { sha256 })).toBe(files[name])
      }
    expect(renderHistory(history)).toBe(text)
  })
})

/** Without entries that are not shipped any more: they stay. */
function withoutGone(document: object, old: object | undefined, now: object): unknown {
  const isWanted = ([id]: [string, unknown]) => id in now || !(id in (old ?? {}))
  return Object.fromEntries(Object.entries(document).filter(isWanted))
}

describe.each(history.versions)('a home of $version without edits', ({ files }) => {
  const contents = mapNames(registryNames, name => history.contents.get(files[name] ?? ''))

  test('holds what is shipped now after an upgrade, and a second one changes nothing', async () => {
    const host = await createTestHost()
    const directory = nodePath.join(host.directory, 'home')
    await mkdir(directory)
    await writeHome(
      directory,
      mapNames(registryNames, name => `${JSON.stringify(contents[name], null, 2)}\n`),
    )
    expect(await upgradeHome(directory, host)).toMatchObject({ base: 'compared', conflicts: [], skipped: [] })
    const read = (name: RegistryName) =>
      JSON.parse(readFileSync(nodePath.join(directory, registryFiles[name]), 'utf8'))
    const { sub_registries: listed } = read('hyper')
    for (const name of subRegistryNames) {
      const document = read(name)
      expect(withoutGone(document, contents[name], JSON.parse(shipped[name]))).toEqual(
        JSON.parse(shipped[name]),
      )
      expect(listed[name].entries_count_expected).toBe(Object.keys(document).length)
    }
    expect(await planHomeUpgrade(directory, host)).toMatchObject({ created: [], updated: [], conflicts: [] })
  })
})

test('a new home has nothing to take', async () => {
  const host = await createTestHost()
  const directory = nodePath.join(host.directory, 'home')
  await createHome(directory, host)
  const report = await planHomeUpgrade(directory, host)
  expect(report).toMatchObject({
    from: program.version,
    base: 'recorded',
    created: [],
    updated: [],
    kept: [],
  })
})
