import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/home.ts'
import { type LoadHost, loadRegistry } from '../registry/load/load-registry.ts'
import { toRef } from '../registry/refs.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import { detectedRegistryNames } from '../registry/schema/names.ts'
import type { Tool } from '../registry/schema/tool.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { judgeTrust } from '../security/trust.ts'
import { loadedHashes } from '../security/trust-hashes.ts'

export type EntryPackages = NonNullable<Tool['install']>
type Entry = Pick<Tool | MlFramework, 'install' | 'x-upstream'>

/** The package names that may stand in a fix for an entry. */
export type PackagesOf = (ref: string, entry: Entry) => EntryPackages

/**
 * Finds the package names that may stand in a fix. An entry of a trusted home names its own; for one of another home, or
 * one that came over the network, only the table that this program ships counts.
 */
export async function loadPackages(
  home: RegistryHome,
  { registries }: Snapshot,
  host: Host,
): Promise<PackagesOf> {
  const { isTrusted } = await judgeTrust(home, loadedHashes(registries, detectedRegistryNames), host)
  const isOwn = (entry: Entry) => isTrusted && entry['x-upstream'] === undefined
  const entries = detectedRegistryNames.flatMap((name): Entry[] =>
    Object.values(entriesOf({ registries }, name)),
  )
  const shipped = entries.every(isOwn) ? new Map<string, EntryPackages>() : await loadShipped(host)
  return (ref, entry) => (isOwn(entry) ? entry.install : shipped.get(ref)) ?? {}
}

async function loadShipped(host: LoadHost & Pick<Host, 'programRoot'>): Promise<Map<string, EntryPackages>> {
  const directory = host.path.join(host.programRoot, 'registries')
  const [tools, frameworks] = await Promise.all([
    loadRegistry('tools', directory, host, { isStrict: true }),
    loadRegistry('ml_frameworks', directory, host, { isStrict: true }),
  ])
  const toPairs = (name: 'tools' | 'ml_frameworks', entries: Readonly<Record<string, Entry>>) =>
    Object.entries(entries).map(([id, { install = {} }]): [string, EntryPackages] => [
      toRef(name, id),
      install,
    ])
  return new Map([
    ...toPairs('tools', tools.content ?? {}),
    ...toPairs('ml_frameworks', frameworks.content ?? {}),
  ])
}
