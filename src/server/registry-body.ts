import type { Host } from '../platform/host.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'
import type { Edition } from './edition.ts'
import { type PreparedBody, prepareBody } from './prepared-body.ts'

type BodyHost = Pick<Host, 'sha256' | 'compress'>

const bodies = new WeakMap<LoadedRegistry, { readonly audience: string; readonly body: PreparedBody }>()

/** The document of a registry, ready to be sent; undefined when there is none to be had. */
export function toRegistryBody(
  name: RegistryName,
  { snapshot, matrix }: Edition,
  host: BodyHost,
): PreparedBody | undefined {
  const registry = snapshot.registries[name]
  const audience = matrix[name].read === 'public' ? 'public' : 'private'
  const known = bodies.get(registry)
  if (known?.audience === audience) return known.body
  const text = toServedText(registry)
  if (text === undefined) return undefined
  // The text of a file encodes to the very bytes that were read.
  const sha256 = text === registry.text && registry.copy === undefined ? registry.sha256 : undefined
  const body = prepareBody({ body: text, type: 'application/json', audience, sha256 }, host)
  bodies.set(registry, { audience, body })
  return body
}

// A client that gets the file as it is sees numbers and the order of keys as they stand in it. Of a file in which
// something is broken, and of the copy that stands in for one, it gets what is sound.
export function toServedText({
  state,
  text,
  content,
  quarantined,
}: Pick<LoadedRegistry, 'state' | 'text' | 'content' | 'quarantined'>): string | undefined {
  if (state === 'ok' && text !== undefined && quarantined.length === 0) return text
  return content === undefined ? undefined : `${JSON.stringify(content, null, 2)}\n`
}
