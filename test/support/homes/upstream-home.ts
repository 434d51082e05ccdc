import { mkdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import type { NetworkConfig } from '../../../src/config/config.ts'
import { loadRegistry } from '../../../src/registry/load/load-registry.ts'
import { registryFiles, type SubRegistryName } from '../../../src/registry/schema/names.ts'
import { loadSyncStates, type SyncState } from '../../../src/registry/sync-state.ts'
import { sync } from '../../../src/sync/sync.ts'
import type { SyncOptions } from '../../../src/sync/sync-options.ts'
import { createTestHost, type TestHost, type TestHostOptions } from '../test-host.ts'
import { soundTexts, writeHome } from './valid-home.ts'

export interface UpstreamHomeOptions extends TestHostOptions {
  /** Settings of single registries in the hyper registry. */
  readonly registries?: Partial<Record<SubRegistryName, object>>
  readonly protocol?: object
}

/** A small home some of whose registries have an upstream, and a user who allows them on this machine. */
export async function createUpstreamHome(
  urls: Partial<Record<SubRegistryName, string>>,
  { registries = {}, protocol, ...options }: UpstreamHomeOptions = {},
) {
  const host = await createTestHost(options)
  const directory = nodePath.join(host.directory, 'home')
  await mkdir(directory, { mode: 0o700 })
  await writeHome(directory, { ...soundTexts, hyper: toHyper(urls, registries, protocol) })
  const fileOf = (name: SubRegistryName) => nodePath.join(directory, registryFiles[name])
  const home = { directory, origin: 'default' } as const
  return {
    host,
    home,
    fileOf,
    sync: (only: readonly SubRegistryName[] | undefined, changes: Partial<SyncOptions> = {}) =>
      sync(home, { ...manner, network: allowed, only, ...changes }, host),
    read: (name: SubRegistryName) => readFile(fileOf(name), 'utf8'),
    entries: async (name: SubRegistryName): Promise<Record<string, Record<string, unknown>>> =>
      JSON.parse(await readFile(fileOf(name), 'utf8')),
    write: (name: SubRegistryName, text: string) => writeFile(fileOf(name), text),
    state: (name: SubRegistryName) => stateOf(directory, name, host),
    isSound: async (name: SubRegistryName) => {
      const { state, diagnostics } = await loadRegistry(name, directory, host)
      return state === 'ok' && diagnostics.length === 0
    },
  }
}

const manner = { mode: 'normal', isForced: false, isDryRun: false } as const

export const allowed: NetworkConfig = { allowPrivate: ['localhost'], upstreams: {} }

async function stateOf(
  directory: string,
  name: SubRegistryName,
  host: TestHost,
): Promise<SyncState | undefined> {
  return (await loadSyncStates(directory, host)).get(name)
}

function toHyper(
  urls: Partial<Record<SubRegistryName, string>>,
  registries: Partial<Record<SubRegistryName, object>>,
  protocol: object | undefined,
): string {
  const hyper = JSON.parse(soundTexts.hyper)
  for (const [name, url] of Object.entries(urls)) hyper.sub_registries[name].url = url
  for (const [name, settings] of Object.entries(registries))
    Object.assign(hyper.sub_registries[name], settings)
  Object.assign(hyper.sync_protocol, protocol)
  return JSON.stringify(hyper, null, 2)
}
