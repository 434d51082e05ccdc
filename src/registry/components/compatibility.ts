import type { JsonPath } from '../../lib/json/json-value.ts'
import { isRange, parseRequirement, satisfies } from '../../lib/version/versions.ts'
import { type Ref, toRef } from '../refs.ts'
import type { RegistryName, SubRegistryName } from '../schema/names.ts'
import { entriesOf, type Snapshot } from '../snapshot.ts'
import { type Component, type Components, createComponents, toComponentKey } from './components.ts'

/** A range of versions in a registry that does not hold. Texts are without their full stop. */
export interface Incompatibility {
  /** Where the range stands. */
  readonly registry: 'hyper' | RequiringRegistry
  readonly path: JsonPath
  /** What cannot be used because of it, a key of the graph; undefined when the range is none, which says nothing. */
  readonly unusable: string | undefined
  /** Why, of `unusable`. */
  readonly reason: string
  /** The same, of the place. */
  readonly message: string
  readonly hint: string
}

/** What says its version and what it requires, as far as it can be read. */
interface VersionedContents extends VersionedRegistries {
  readonly hyper: VersionedRegistries['hyper'] & {
    readonly version_compatibility?: Readonly<Record<string, string | undefined>> | undefined
  }
  readonly plugins: RequiringEntries
  readonly microservices: RequiringEntries
  readonly adapters: RequiringEntries
}

type RequiringEntries = Readonly<
  Record<
    string,
    | {
        readonly version?: string | undefined
        readonly requires?: readonly (string | undefined)[] | undefined
      }
    | undefined
  >
>

const requiringRegistries = ['plugins', 'microservices', 'adapters'] as const
type RequiringRegistry = (typeof requiringRegistries)[number]

/**
 * What does not work together: versions that `version_compatibility` of the hyper registry leaves out (the
 * specification's section 5), and those that an entry which requires them leaves out. What does not say its version
 * cannot be judged, and is left alone. In the order of the files.
 */
export async function findIncompatible(
  snapshot: Pick<Snapshot, 'registries'>,
): Promise<readonly Incompatibility[]> {
  const { hyper, dashboard } = snapshot.registries
  const contents = {
    hyper: hyper.content ?? {},
    dashboard: dashboard.content ?? {},
    plugins: entriesOf(snapshot, 'plugins'),
    microservices: entriesOf(snapshot, 'microservices'),
    adapters: entriesOf(snapshot, 'adapters'),
  }
  return findIncompatibleIn(contents, () => createComponents(snapshot))
}

/** `findIncompatible` in contents of which parts may be missing. */
export async function findIncompatibleIn(
  contents: VersionedContents,
  components: () => Components,
): Promise<readonly Incompatibility[]> {
  const ranges = [...listCompatibility(contents), ...listRequirements(contents)]
  if (ranges.length === 0) return []
  const { resolve } = components()
  return (
    await Promise.all(ranges.map(range => checkCompatibility(range, resolve(range.name), contents)))
  ).flat()
}

/** A range, and the component that it is about. */
interface Range extends Pick<Incompatibility, 'registry' | 'path'> {
  readonly name: string
  readonly range: string
  /** Who wants it so; undefined for the hyper registry. */
  readonly wantedBy: { readonly ref: Ref; readonly id: string } | undefined
}

function listCompatibility({ hyper }: VersionedContents): Range[] {
  return Object.entries(hyper.version_compatibility ?? {}).flatMap(([name, range]): Range[] => {
    const path = ['version_compatibility', name]
    return range === undefined ? [] : [{ registry: 'hyper', path, name, range, wantedBy: undefined }]
  })
}

function listRequirements(contents: VersionedContents): Range[] {
  return requiringRegistries.flatMap(registry => {
    return Object.entries(contents[registry]).flatMap(([id, entry]) =>
      (entry?.requires ?? []).flatMap((text, index): Range[] => {
        const { name, range } = parseRequirement(text ?? '')
        if (range === undefined) return []
        const wantedBy = { ref: toRef(registry, id), id }
        return [{ registry, path: [id, 'requires', index], name, range, wantedBy }]
      }),
    )
  })
}

async function checkCompatibility(
  range: Range,
  component: Component | undefined,
  contents: VersionedContents,
): Promise<Incompatibility[]> {
  const { registry, path } = range
  if (!(await isRange(range.range))) {
    const reason = `${JSON.stringify(range.range)} is no version range`
    const hint = 'Write a semver range like >=1.0.0 or ^2.1.0'
    return [{ registry, path, unusable: undefined, reason, message: reason, hint }]
  }
  const version = component && componentVersion(component, contents)
  if (component === undefined || version === undefined || (await satisfies(version, range.range))) return []
  return [{ registry, path, ...describe(range, component, version) }]
}

function describe(
  { name, range, wantedBy }: Range,
  component: Component,
  version: string,
): Pick<Incompatibility, 'unusable' | 'reason' | 'message' | 'hint'> {
  if (wantedBy === undefined) {
    const where = component.kind === 'registry' ? 'the registry' : 'the entry'
    return {
      unusable: toComponentKey(component),
      reason: `it is ${version}, which ${range} leaves out`,
      message: `${name} is ${version}, which ${range} leaves out`,
      hint: `Update ${where}, or widen the range`,
    }
  }
  const what = `needs ${name} ${range}, which is ${version}`
  return {
    unusable: wantedBy.ref,
    reason: `it ${what}`,
    message: `${wantedBy.id} ${what}`,
    hint: `Update ${name}, or widen the range`,
  }
}

/** What says a version, as far as it can be read. */
interface VersionedRegistries {
  readonly hyper: Versioned & {
    readonly sub_registries?: { readonly [Name in SubRegistryName]?: Versioned | undefined } | undefined
  }
  readonly dashboard: Versioned
  readonly plugins: VersionedEntries
  readonly microservices: VersionedEntries
  readonly adapters: VersionedEntries
}

interface Versioned {
  readonly version?: string | undefined
}

type VersionedEntries = Readonly<Record<string, Versioned | undefined>>

/** Version that a registry or an entry says it has; undefined when it says none. */
function componentVersion(component: Component, contents: VersionedRegistries): string | undefined {
  if (component.kind === 'registry') return registryVersion(component.name, contents)
  if (component.kind !== 'entry') return undefined
  const { registry, id } = component
  if (registry !== 'plugins' && registry !== 'microservices' && registry !== 'adapters') return undefined
  return new Map(Object.entries(contents[registry])).get(id)?.version
}

function registryVersion(name: RegistryName, { hyper, dashboard }: VersionedRegistries): string | undefined {
  if (name === 'hyper') return hyper.version
  if (name === 'dashboard') return dashboard.version
  return hyper.sub_registries?.[name]?.version
}
