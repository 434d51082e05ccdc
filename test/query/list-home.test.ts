import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { listHome } from '../../src/query/list.ts'
import { createHome } from '../../src/registry/home/create-home.ts'
import { registryNames, subRegistryNames } from '../../src/registry/schema/names.ts'
import { loadShipped } from '../registries/shipped-files.ts'
import { createTestHost } from '../support/test-host.ts'

async function shippedHome() {
  const host = await createTestHost()
  const home = nodePath.join(host.directory, 'home')
  await createHome(home, host)
  return { host, home }
}

describe('listHome', () => {
  it('counts the entries of all nine registries beside what is expected', async () => {
    const shipped = loadShipped()
    const { host, home } = await shippedHome()
    const { rows, warnings } = await listHome({ directory: home, registry: undefined }, host)
    expect(rows.map(([name, entries, expected]) => [name, entries, expected])).toEqual([
      ['hyper', '7', '–'],
      ['dashboard', expect.any(String), '–'],
      ...subRegistryNames.map(name => {
        const count = String(Object.keys(shipped[name]).length)
        return [name, count, count]
      }),
    ])
    expect(warnings).toEqual([])
  })

  it.each(registryNames)('fills the first column of every entry of %s with its id', async name => {
    const { host, home } = await shippedHome()
    const { data, rows, columns } = await listHome({ directory: home, registry: name }, host)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.map(([id]) => id)).toEqual(data.map(entry => Object(entry).id))
    const filled = columns.filter((_, index) => rows.some(row => row[index] !== '–'))
    const detected = [
      'status',
      'version',
      'interpreter',
      'where or why not',
      'reachable',
      'ms',
      'p95',
      'checked',
      'why not',
    ]
    expect(columns.filter(column => !filled.includes(column) && !detected.includes(column.heading))).toEqual(
      [],
    )
  })

  it('lists the sound entries of a registry that is half broken, and says which are not', async () => {
    const { host, home } = await shippedHome()
    const sound = { detection: 'which git', env_var: 'NEXUS_HAS_GIT' }
    const text = JSON.stringify({ git: sound, bad: { ...sound, env_var: 'PATH' } })
    await writeFile(nodePath.join(home, 'tool_registry.json'), text)
    const { rows, warnings } = await listHome({ directory: home, registry: 'tools' }, host)
    expect(rows.map(([id]) => id)).toEqual(['git'])
    expect(warnings).toEqual([expect.stringContaining('tool_registry.json:1:')])
  })
})
