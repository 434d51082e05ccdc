import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import type { Host } from '../../../src/platform/host.ts'
import type { RegistryHome } from '../../../src/registry/home/directories.ts'
import { loadRegistry } from '../../../src/registry/load/load-registry.ts'
import { loadSnapshot } from '../../../src/registry/load/load-snapshot.ts'
import { type RegistryName, registryFiles } from '../../../src/registry/schema/names.ts'
import { sync } from '../../../src/sync/sync.ts'
import type { SyncOptions } from '../../../src/sync/sync-options.ts'
import { createTestHost, type TestHostOptions } from '../test-host.ts'
import { soundTexts, writeHome } from './valid-home.ts'

export interface PeerHomeOptions extends TestHostOptions {
  readonly services?: Readonly<Record<string, object>>
  readonly providers?: Readonly<Record<string, object>>
  readonly isTrusted?: boolean
}

type Entries = Record<string, Record<string, unknown>>

/** An entry of a service that listens at an address. */
export function service(url: string, more: object = {}): object {
  return { name: 'Some', type: 'metrics', url, health_endpoint: '/health', endpoints: [], ...more }
}

/** An entry of a provider at an address. */
export function provider(url: string, more: object = {}): object {
  return { endpoint: url, auth_type: 'bearer', key_env: 'SOME_KEY', models: [], ...more }
}

/** A small home with services and providers of its own, and none of the tools that it lists. */
export async function createPeerHome({
  services,
  providers,
  isTrusted = true,
  ...options
}: PeerHomeOptions = {}) {
  const place = await createTestHost(options)
  const host: Host = { ...place, env: { ...place.env, PATH: '/nowhere', ...options.env } }
  const directory = nodePath.join(place.directory, 'home')
  await mkdir(directory, { mode: 0o700 })
  const text = (entries: object | undefined) => entries && `${JSON.stringify(entries, null, 2)}\n`
  await writeHome(directory, {
    ...soundTexts,
    microservices: text(services) ?? soundTexts.microservices,
    providers: text(providers) ?? soundTexts.providers,
  })
  const home: RegistryHome = { directory, origin: isTrusted ? 'default' : 'flag' }
  const fileOf = (name: RegistryName) => nodePath.join(directory, registryFiles[name])
  return {
    host,
    home,
    sync: (changes: Partial<SyncOptions> = {}, changedHost: Partial<Host> = {}) =>
      sync(home, { ...manner, ...changes }, { ...host, ...changedHost }),
    snapshot: () => loadSnapshot(directory, host),
    read: (name: RegistryName) => readFile(fileOf(name), 'utf8'),
    write: (name: RegistryName, entries: object) => writeFile(fileOf(name), `${text(entries)}`),
    /** What stands in the file as `detected`, by id. */
    detected: async (name: RegistryName): Promise<Record<string, unknown>> => {
      const entries: Entries = JSON.parse(await readFile(fileOf(name), 'utf8'))
      return Object.fromEntries(Object.entries(entries).map(([id, { detected }]) => [id, detected]))
    },
    findings: async (name: RegistryName) => (await loadRegistry(name, directory, host)).diagnostics,
    /** Everything that lies in the directory of the user, registries, caches and states. */
    allTexts: () => readAll(place.directory),
  }
}

const manner = { mode: 'normal', isForced: false, isDryRun: false } as const

async function readAll(directory: string): Promise<string> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true })
  const texts = await Promise.all(
    files
      .filter(file => file.isFile())
      .map(file => readFile(nodePath.join(file.parentPath, file.name), 'utf8')),
  )
  return texts.join('\n')
}
