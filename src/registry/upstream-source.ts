import { type SubRegistryName, subRegistryNames } from './schema/names.ts'
import type { LoadedRegistry } from './snapshot.ts'

/** A registry that is kept in sync with an upstream. */
export interface UpstreamSource {
  readonly name: SubRegistryName
  /** Address of its document. */
  readonly url: string
}

/** Registries that have an upstream, and are to be kept fresh. */
export function upstreamSourcesOf(
  { content }: Pick<LoadedRegistry<'hyper'>, 'content'>,
  only: readonly SubRegistryName[] = subRegistryNames,
): UpstreamSource[] {
  return only.flatMap(name => {
    const listed = content?.sub_registries[name]
    return listed?.url === undefined || listed.sync_enabled === false ? [] : [{ name, url: listed.url }]
  })
}

/** Health endpoint of an upstream for its registry. */
export function upstreamHealthAddressOf({ name, url }: UpstreamSource): string {
  return `${new URL(url).origin}/health/registry/${name}`
}
