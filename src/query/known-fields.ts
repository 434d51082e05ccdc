import { NexusError } from '../lib/errors.ts'
import { suggest } from '../lib/text/nearest.ts'
import type { ValueKind } from '../registry/schema/known-keys.ts'
import type { RegistryName } from '../registry/schema/names.ts'

/** Where an entry stands in the two documents; in a flat map it is under its id. */
const entryPaths: Partial<Record<RegistryName, readonly (readonly string[])[]>> = {
  hyper: [['sub_registries', 'tools']],
  dashboard: [
    ['sections', 'tools', 'entries', 'id'],
    ['sections', 'providers', 'entries', 'id'],
    ['sections', 'metrics', 'system', 'id'],
  ],
}

/** What the values of a field of these registries may be; empty where no schema says. It loads the schemas. */
export async function loadValueKinds(
  field: string,
  registries: readonly RegistryName[],
): Promise<readonly ValueKind[]> {
  const [{ registrySchemas }, { valueKindsAt }] = await Promise.all([
    import('../registry/schema/registries.ts'),
    import('../registry/schema/known-keys.ts'),
  ])
  const path = field.split('.')
  return registries.flatMap(name =>
    (entryPaths[name] ?? [['id']]).flatMap(entry => valueKindsAt(registrySchemas[name], [...entry, ...path])),
  )
}

/**
 * Throws a NexusError('usage') for a field that no entry of these registries may have, with the nearest that there is.
 * It loads the schemas: ask only about fields that nothing has.
 */
export async function requireKnownFields(
  fields: readonly string[],
  registries: readonly RegistryName[],
): Promise<void> {
  if (fields.length === 0) return
  const [{ registrySchemas }, { knownKeysAt }] = await Promise.all([
    import('../registry/schema/registries.ts'),
    import('../registry/schema/known-keys.ts'),
  ])
  const keysAt = (path: readonly string[]) =>
    registries.flatMap(name =>
      (entryPaths[name] ?? [['id']]).flatMap(entry =>
        knownKeysAt(registrySchemas[name], [...entry, ...path]),
      ),
    )
  const known = { own: toOwnFields(registries), keysAt }
  for (const field of fields) requireKnownPath(field, known)
}

/** Fields that an entry has here, whatever its schema says. */
function toOwnFields(registries: readonly RegistryName[]): string[] {
  return [
    'id',
    ...(registries.length > 1 ? ['registry'] : []),
    ...(registries.includes('dashboard') ? ['section'] : []),
  ]
}

interface KnownFields {
  readonly own: readonly string[]
  /** Keys that may stand in what is at this path of an entry. */
  readonly keysAt: (path: readonly string[]) => readonly string[]
}

function requireKnownPath(field: string, { own, keysAt }: KnownFields): void {
  const path = field.split('.')
  for (const [index, part] of path.entries()) {
    const parents = path.slice(0, index)
    const known = [...(index === 0 ? own : []), ...keysAt(parents)]
    // Where a schema names no keys, any may stand; extensions may stand anywhere.
    if (known.length === 0 || part.startsWith('x-') || (index === 0 && own.includes(part))) return
    if (known.includes(part)) continue
    const names = [...new Set(known)].map(key => [...parents, key].join('.'))
    const hint = suggest([...parents, part].join('.'), names) ?? `Fields are ${names.sort().join(', ')}`
    throw new NexusError('usage', `there is no field ${JSON.stringify(field)}`, { hint })
  }
}
