import type { RegistryName } from '../schema/names.ts'
import type { SchemaFault } from './schema-faults.ts'

/** Rule that a fault of a registry belongs to: who may do what is checked by the schema, and is a rule of its own. */
export function ruleOf(name: RegistryName, { rule, path }: SchemaFault): string {
  const isAccess = name === 'hyper' && path[0] === 'access_control' && path.length > 1
  return isAccess && rule === 'schema' ? 'access-control' : rule
}
