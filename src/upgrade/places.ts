import { isJsonObject, type JsonPath } from '../lib/json/json-value.ts'
import { toDashboardRef } from '../registry/dashboard-items.ts'
import { toRef } from '../registry/refs.ts'
import { isSubRegistry, type RegistryName } from '../registry/schema/names.ts'

/** A part of a registry that is merged by itself: an entry, or a part of one of the two documents. */
export interface Place {
  readonly path: JsonPath
  /** `tools/docker`, `dashboard/tools/docker`, `hyper/access_control/tool_registry`. */
  readonly ref: string
  /** Whether it is an item of a map: one that the user removed stays removed, and an upgrade removes none. */
  readonly isEntry: boolean
}

export interface PlacedValue extends Place {
  readonly value: unknown
}

/** The parts of a registry by their key (see `placeKey`), in the order of the file. `$schema` is none. */
export function listPlaces(name: RegistryName, document: unknown): ReadonlyMap<string, PlacedValue> {
  const places = membersOf(document, [])
    .filter(({ path }) => path[0] !== '$schema')
    .flatMap(member => toPlaces(name, member))
  return new Map(places.map(place => [placeKey(place.path), place]))
}

export function placeKey(path: JsonPath): string {
  return JSON.stringify(path)
}

interface Member {
  readonly path: readonly string[]
  readonly value: unknown
}

function membersOf(value: unknown, path: readonly string[]): Member[] {
  return isJsonObject(value)
    ? Object.entries(value).map(([key, item]) => ({ path: [...path, key], value: item }))
    : []
}

function toPlaces(name: RegistryName, member: Member): PlacedValue[] {
  const [key = ''] = member.path
  if (isSubRegistry(name)) return [{ ...member, ref: toRef(name, key), isEntry: true }]
  const inner = name === 'hyper' ? toHyperPlaces(member, key) : toDashboardPlaces(member, key)
  return inner ?? [{ ...member, ref: toRef(name, key), isEntry: false }]
}

const hyperMaps: readonly string[] = ['sub_registries', 'version_compatibility', 'access_control']

function toHyperPlaces({ path, value }: Member, key: string): PlacedValue[] | undefined {
  const isMap = hyperMaps.includes(key)
  if ((!isMap && key !== 'dependency_graph') || !isJsonObject(value)) return undefined
  return membersOf(value, path).map(member => ({
    ...member,
    ref: toRef('hyper', member.path.join('/')),
    isEntry: isMap,
  }))
}

const sections = ['tools', 'providers', 'metrics'] as const

function toDashboardPlaces({ path, value }: Member, key: string): PlacedValue[] | undefined {
  if (key !== 'sections' || !isJsonObject(value)) return undefined
  return membersOf(value, path).flatMap(({ path: inner, value: groups }): PlacedValue[] => {
    const section = sections.find(each => each === inner[1])
    const whole = { path: inner, value: groups, ref: toRef('dashboard', inner.join('/')), isEntry: false }
    if (section === undefined || !isJsonObject(groups)) return [whole]
    return membersOf(groups, inner).flatMap(group =>
      membersOf(group.value, group.path).map(member => ({
        ...member,
        ref: toDashboardRef(section, member.path.at(-1) ?? ''),
        isEntry: true,
      })),
    )
  })
}

type Document = Readonly<Record<string, unknown>>

/** The document with a value at a path; undefined takes away what is there. */
export function withValueAt(document: unknown, [key, ...rest]: JsonPath, value: unknown): Document {
  const copy: Record<string, unknown> = Object.create(null)
  if (isJsonObject(document)) Object.assign(copy, document)
  if (key === undefined) return copy
  if (rest.length > 0) copy[key] = withValueAt(copy[key], rest, value)
  else if (value === undefined) delete copy[key]
  else copy[key] = value
  return copy
}
