import { parsePointer } from '../lib/json/json-value.ts'
import { parseRegistryName } from '../registry/refs.ts'
import type { ReadRole, Role } from '../registry/schema/access.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import type { RegistryContents } from '../registry/schema/registries.ts'
import { byRegistry, type LoadedRegistry, mapRegistries, type Snapshot } from '../registry/snapshot.ts'

/**
 * The snapshot as one caller may read it: of a hidden registry only the name is left. Results that are computed from it
 * cannot reveal that registry, and must call it hidden rather than missing.
 */
export function toVisibleSnapshot(snapshot: Snapshot, readable: ReadonlySet<RegistryName>): Snapshot {
  const { home, registries } = snapshot
  const show = <Name extends RegistryName>(name: Name): LoadedRegistry<Name> =>
    readable.has(name) ? registries[name] : hide(name)
  return { home, registries: mapRegistries(show) }
}

function hide<Name extends RegistryName>(name: Name): LoadedRegistry<Name> {
  return {
    name,
    path: '',
    state: 'hidden',
    content: undefined,
    text: undefined,
    sha256: undefined,
    quarantined: [],
    diagnostics: [],
  }
}

export interface AccessRequest {
  readonly registry: RegistryName
  readonly action: 'read' | 'write'
}

/** `unauthenticated`: a token may help (401). `forbidden`: this one does not (403). */
type AccessResult = 'allowed' | 'unauthenticated' | 'forbidden'

/** Whether a caller may do something with a registry. A role that writes a registry does not read it by that. */
export function evaluateAccess(
  matrix: AccessMatrix,
  { registry, action }: AccessRequest,
  caller: Caller,
): AccessResult {
  const { read, write } = matrix[registry]
  if (action === 'read' && read === 'public') return 'allowed'
  if (caller.kind === 'anonymous') return 'unauthenticated'
  if (caller.kind === 'owner') return action === 'read' ? 'allowed' : 'forbidden'
  if (caller.role === 'admin') return 'allowed'
  const isAllowed = action === 'read' ? read === 'auth' : caller.role === write
  return isAllowed ? 'allowed' : 'forbidden'
}

/** The registries that a caller may read, in their order. */
export function readableRegistries(matrix: AccessMatrix, caller: Caller): readonly RegistryName[] {
  return registryNames.filter(
    registry => evaluateAccess(matrix, { registry, action: 'read' }, caller) === 'allowed',
  )
}

/** Who may do what with one registry. */
interface Access {
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
    .map(parsePointer)
    .filter(([part]) => part === 'access_control')
    .map(([, key]) => key)
}

function isDoubted(name: RegistryName, doubted: readonly (string | undefined)[]): boolean {
  return doubted.some(key => key === undefined || parseRegistryName(key) === name)
}

/** Who sends a request: an anonymous client, the owner's page, or the holder of a token. */
export type Caller =
  | { readonly kind: 'anonymous' }
  /** The user who runs the server, with a session of a tab: reads everything, and writes nothing. */
  | {
      readonly kind: 'owner'
      /** Public id of the session. */
      readonly sessionId: string
    }
  | {
      readonly kind: 'token'
      /** Public id of the token. */
      readonly tokenId: string
      readonly role: Role
    }

/** Names a group of callers with the same rights: `anonymous`, `owner`, or a role. */
export function toAudience(caller: Caller): 'anonymous' | 'owner' | Role {
  return caller.kind === 'token' ? caller.role : caller.kind
}

/** What a caller was identified by, its token or its session; undefined for an anonymous one. */
export function toCredentialId(caller: Caller): string | undefined {
  switch (caller.kind) {
    case 'anonymous':
      return undefined
    case 'owner':
      return `session ${caller.sessionId}`
    case 'token':
      return `token ${caller.tokenId}`
  }
}
