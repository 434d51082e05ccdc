import { byRegistry } from '../registry/by-registry.ts'
import { parseRegistryName } from '../registry/refs.ts'
import type { ReadRole, Role } from '../registry/schema/access.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { RegistryContents } from '../registry/schema/registries.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'

/** Who may do what with one registry. */
export interface Access {
  readonly read: ReadRole
  readonly write: Role
  readonly admin: 'admin'
}

/** Who may do what, of all nine registries: the specification's section 6. */
export type AccessMatrix = Readonly<Record<RegistryName, Access>>

type AccessControl = RegistryContents['hyper']['access_control']

const closed: Access = { read: 'admin', write: 'admin', admin: 'admin' }

const readers = {
  public_read: 'public',
  auth_read: 'auth',
  admin_only: 'admin',
} as const satisfies Record<string, ReadRole>

/**
 * Reads the matrix out of the hyper registry. What it does not list, lists twice in two ways, or lists in a way that is
 * broken, is for admin alone.
 */
export function toAccessMatrix(hyper: LoadedRegistry<'hyper'>): AccessMatrix {
  const control = hyper.content?.access_control ?? {}
  const doubted = listDoubted(hyper)
  return byRegistry(name => (isDoubted(name, doubted) ? closed : findAccess(name, control)))
}

function findAccess(name: RegistryName, control: AccessControl): Access {
  const [first, ...others] = Object.entries(control)
    .filter(([key]) => parseRegistryName(key) === name)
    .map(([, access]) => toAccess(access))
  if (first === undefined) return closed
  return others.every(other => isSame(first, other)) ? first : closed
}

// The words say who reads. Who writes they do not say.
function toAccess(access: AccessControl[string]): Access {
  return typeof access === 'string' ? { ...closed, read: readers[access] } : access
}

function isSame(left: Access, right: Access): boolean {
  return left.read === right.read && left.write === right.write
}

/**
 * Keys of `access_control` in which something is wrong: the entry was left out, or stands there a second time and only
 * the last one would count. Undefined stands for all of it.
 */
function listDoubted({ diagnostics, quarantined }: LoadedRegistry<'hyper'>): (string | undefined)[] {
  const wrong = diagnostics.filter(({ severity }) => severity === 'error').map(({ pointer }) => pointer)
  return [...wrong, ...quarantined]
    .map(pointer => pointer.split('/').slice(1).map(unescapePart))
    .filter(([part]) => part === 'access_control')
    .map(([, key]) => key)
}

function isDoubted(name: RegistryName, doubted: readonly (string | undefined)[]): boolean {
  return doubted.some(key => key === undefined || parseRegistryName(key) === name)
}

// JSON Pointer, RFC 6901.
function unescapePart(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
