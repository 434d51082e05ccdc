import { expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'
import type { FileSystem } from '../../src/platform/host.ts'
import { shippedMarkName } from '../../src/registry/lock/lock-state.ts'
import { upgradeHome } from '../../src/upgrade/upgrade.ts'
import { withoutSync } from '../support/homes/interleave.ts'
import { createUpgradableHome, type RegistryPatches } from '../support/homes/shipped-program.ts'

const shipped: RegistryPatches = {
  tools: { docker: { min_version: '24.0' }, git: { detection: 'which git', env_var: 'NEXUS_HAS_GIT' } },
  models: { large: { context_tokens: 256_000 } },
  providers: { acme: { display_name: 'Acme' } },
  hyper: { name: 'New' },
}

/** A process that is killed before its nth write: that one and all later ones never happen, or wait for ever. */
function killedBefore(step: number, files: FileSystem): { fs: FileSystem; killed: Promise<void> } {
  let count = 0
  let kill: () => void = () => undefined
  const killed = new Promise<void>(resolve => {
    kill = resolve
  })
  const gate = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    count += 1
    if (count < step) return write()
    kill()
    return new Promise(() => undefined)
  }
  const fs: FileSystem = {
    ...files,
    makeDirectory: (...args) => gate(() => files.makeDirectory(...args)),
    makeChildDirectory: (...args) => gate(() => files.makeChildDirectory(...args)),
    createFile: (...args) => gate(() => files.createFile(...args)),
    setMode: (...args) => gate(() => files.setMode(...args)),
    rename: (...args) => gate(() => files.rename(...args)),
    remove: (...args) => gate(() => files.remove(...args)),
    removeEmptyDirectory: (...args) => gate(() => files.removeEmptyDirectory(...args)),
    removeTree: (...args) => gate(() => files.removeTree(...args)),
    syncDirectory: (...args) => gate(() => files.syncDirectory(...args)),
  }
  return { fs, killed }
}

const commands = [['list'], ['upgrade', '--dry-run'], ['validate', 'data/nexus-registry']] as const

test('killed before any of its writes, an upgrade has changed all files or none when the next command reads', async () => {
  const isNew: boolean[] = []
  for (let step = 1; ; step += 1) {
    const { host: real, directory, readTexts } = await createUpgradableHome({ shipped })
    const host = { ...real, fs: withoutSync(real.fs) }
    const before = await readTexts()
    const { fs, killed } = killedBefore(step, host.fs)
    const dying = { ...host, fs, processes: { ...host.processes, pid: 76, startTime: async () => 'now' } }
    const outcome = await Promise.race([
      upgradeHome(directory, dying).then(() => 'done'),
      killed.then(() => 'killed'),
    ])

    const survivors = {
      ...host.processes,
      pid: 78,
      startTime: async (pid: number) => (pid === 78 ? 'now' : undefined),
    }
    // The next command finishes it, also one that only reads, and a dry run.
    await run(commands[step % commands.length] ?? [], { ...host, processes: survivors })
    const texts = await readTexts()
    const changed = ['tools', 'models', 'providers', 'hyper'] as const
    const news = changed.map(name => texts[name] !== before[name])
    expect({ step, news: [...new Set(news)] }).toEqual({ step, news: [news[0]] })
    isNew.push(news[0] === true)

    expect(await upgradeHome(directory, { ...host, processes: survivors })).toMatchObject({ conflicts: [] })
    const whole = await readTexts()
    expect(changed.every(name => whole[name] !== before[name])).toBe(true)
    const left = await host.fs.list(directory)
    expect(left.filter(name => name.startsWith('.'))).toEqual([shippedMarkName])
    if (outcome === 'done') break
  }
  expect(isNew).toContain(false)
  expect(isNew.filter(Boolean).length).toBeGreaterThan(5)
})
