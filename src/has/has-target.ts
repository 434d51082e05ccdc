import type { Detectable } from '../detection/detectables.ts'
import type { NexusError } from '../lib/errors.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { type Ref, toRef } from '../registry/refs.ts'
import type { Provider } from '../registry/schema/provider.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { type HasName, whyNoRange } from './has-names.ts'

export interface HasRequest {
  readonly home: RegistryHome
  readonly names: readonly HasName[]
  readonly python?: string | undefined
  readonly timeoutMs?: number | undefined
  /** File of `--config`, which is part of the cache key. */
  readonly configFile?: string | undefined
}

/** Whether something can be used here. */
export interface HasResult {
  /** As it was typed, without its range. */
  readonly name: string
  readonly ref: Ref
  /** Whether it is ready, and its version satisfies the range. */
  readonly isReady: boolean
  /** Of its detection, of its credential, or its readiness. */
  readonly status: string
  /** Why it is not ready, a sentence; null when it is. */
  readonly reason: string | null
  /** Facts for a line of text, like a version and a path. */
  readonly shown: readonly (string | null)[]
  /** Fields for JSON, besides `id`. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Further sentences for `--verbose`. */
  readonly notes: readonly string[]
}

/** A name without a result: nothing has it, or its range is none. */
export interface HasFailure {
  readonly name: string
  readonly error: NexusError
}

export interface HasReport {
  /** In the order of the names. */
  readonly items: readonly (HasResult | HasFailure)[]
  /** Sentences about the registry files that were read. */
  readonly warnings: readonly string[]
}

/** What a name means, and the range that its version has to satisfy. */
export type HasTarget = { readonly name: string; readonly range: string | undefined } & (
  | { readonly kind: 'entry'; readonly ref: Ref; readonly detectable: Detectable }
  | {
      readonly kind: 'catalog'
      readonly ref: Ref
      /** What is probed: a tool may have several executables. */
      readonly detectables: readonly [Detectable, ...Detectable[]]
      /** Why no command is run for its version, a clause. */
      readonly noVersion: string | undefined
      readonly notes: readonly string[]
    }
  /** A provider that no registry has. */
  | {
      readonly kind: 'provider'
      readonly ref: Ref
      readonly provider: Provider
      readonly notes: readonly string[]
    }
  | { readonly kind: 'other'; readonly ref: Ref; readonly version: string | undefined }
  | { readonly kind: 'failure'; readonly error: NexusError }
)

export type TargetOf<Kind extends HasTarget['kind']> = Extract<HasTarget, { kind: Kind }>

/** The registries whose entries are probed. */
export type DetectableRegistries = Pick<Snapshot['registries'], 'tools' | 'ml_frameworks' | 'hyper'>

/** A tool or framework of a registry as a target, or why its range is none. */
export async function toEntryTarget(
  detectable: Detectable,
  { name, range }: Pick<HasTarget, 'name' | 'range'>,
): Promise<HasTarget> {
  const error = range === undefined ? undefined : await whyNoRange(range)
  if (error) return { kind: 'failure', name, range, error }
  const { registry, id, entry } = detectable
  const wanted = range ?? (entry.min_version && `>=${entry.min_version}`)
  return { kind: 'entry', name, range: wanted, ref: toRef(registry, id), detectable }
}
