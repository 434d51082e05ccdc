import { isJsonObject, isSameJson, toPointer } from '../lib/json/json-value.ts'
import { checkContent } from '../registry/load/parse-registry.ts'
import { isSubRegistry, type RegistryName } from '../registry/schema/names.ts'
import { isChangedPlace, type MergedPlace, type MergedRegistry, toDocument } from './merge-registry.ts'

/**
 * Leaves out shipped additions that are of no use in this home, or would harm what is there: an entry whose variable
 * another entry sets, a model of a provider that the user removed, what the dashboard would show of them, and their edges.
 */
export function refuseUseless(registries: readonly MergedRegistry[]): MergedRegistry[] {
  const refusals = [refuseTakenVariables, refuseWithoutProvider, refuseWithoutSubject, withoutDanglingEdges]
  return refusals.reduce<MergedRegistry[]>(
    (merged, refuse) => {
      const toPlace = refuse(merged)
      return merged.map(registry => ({ ...registry, places: registry.places.map(toPlace) }))
    },
    [...registries],
  )
}

type ToPlace = (place: MergedPlace) => MergedPlace

function placesOf(registries: readonly MergedRegistry[], ...names: readonly RegistryName[]): MergedPlace[] {
  return registries.filter(({ name }) => names.includes(name)).flatMap(({ places }) => places)
}

function refusePlace(place: MergedPlace, reason: string): MergedPlace {
  return { ...place, outcome: { kind: 'kept', value: place.yours, reason, isOpen: true } }
}

function fieldOf(value: unknown, field: string): string | undefined {
  const found = isJsonObject(value) ? value[field] : undefined
  return typeof found === 'string' ? found : undefined
}

const exporting = ['tools', 'ml_frameworks', 'providers'] as const

function refuseTakenVariables(registries: readonly MergedRegistry[]): ToPlace {
  const owners = new Map(
    placesOf(registries, ...exporting).flatMap(({ ref, yours }): [string, string][] => {
      const variable = fieldOf(yours, 'env_var')
      return variable === undefined ? [] : [[variable, ref]]
    }),
  )
  return place => {
    const isCreated = place.outcome.kind === 'created' && exporting.some(name => name === place.registry)
    const variable = isCreated ? fieldOf(place.outcome.value, 'env_var') : undefined
    const owner = variable === undefined ? undefined : owners.get(variable)
    return owner === undefined ? place : refusePlace(place, `${owner} sets ${variable} already`)
  }
}

function refuseWithoutProvider(registries: readonly MergedRegistry[]): ToPlace {
  const absent = listAbsent(placesOf(registries, 'providers'))
  return place => {
    const isCreated = place.outcome.kind === 'created' && isSubRegistry(place.registry)
    const provider = isCreated ? fieldOf(place.outcome.value, 'provider') : undefined
    const isUseless = provider !== undefined && absent.has(provider)
    return isUseless ? refusePlace(place, `providers/${provider} is not here`) : place
  }
}

/** Ids of shipped entries that the home will not have. */
function listAbsent(places: readonly MergedPlace[]): ReadonlySet<string> {
  const isAbsent = ({ shipped, outcome }: MergedPlace) => shipped !== undefined && outcome.value === undefined
  return new Set(places.filter(isAbsent).map(({ path }) => String(path[0])))
}

function refuseWithoutSubject(registries: readonly MergedRegistry[]): ToPlace {
  const absent: Readonly<Record<string, ReadonlySet<string>>> = {
    tools: listAbsent(placesOf(registries, 'tools', 'ml_frameworks')),
    providers: listAbsent(placesOf(registries, 'providers')),
  }
  return place => {
    const [, section = '', , id = ''] = place.path
    const isShown = place.registry === 'dashboard' && place.outcome.kind === 'created'
    const isUseless = isShown && absent[section]?.has(String(id)) === true
    return isUseless ? refusePlace(place, 'what it shows is not here') : place
  }
}

function withoutDanglingEdges(registries: readonly MergedRegistry[]): ToPlace {
  const absent = new Set(
    registries
      .filter(({ name }) => isSubRegistry(name))
      .flatMap(({ name, places }) => [...listAbsent(places)].flatMap(id => [id, `${name}/${id}`])),
  )
  return place => {
    const { outcome, yours } = place
    const isEdges = place.registry === 'hyper' && place.path.join('/') === 'dependency_graph/edges'
    if (!isEdges || outcome.kind !== 'updated' || !Array.isArray(outcome.value)) return place
    const own: readonly unknown[] = Array.isArray(yours) ? yours : []
    const isDangling = (edge: unknown) =>
      ['from', 'to'].some(end => absent.has(fieldOf(edge, end) ?? '')) &&
      !own.some(each => isSameJson(each, edge))
    const value = outcome.value.filter(edge => !isDangling(edge))
    if (!isSameJson(value, yours)) return { ...place, outcome: { ...outcome, value } }
    const { conflicts } = outcome
    const kind = conflicts.length > 0 ? 'conflict' : 'same'
    return { ...place, outcome: { kind, value: yours, conflicts } }
  }
}

const notValid = 'the shipped change is not valid together with your edits'

/** Takes back the changes of entries that would be broken afterwards, and were not before. */
export function refuseBroken(registry: MergedRegistry): MergedRegistry {
  const { name, document, places } = registry
  if (!places.some(isChangedPlace)) return registry
  const [before, after] = [checkContent(name, document), checkContent(name, toDocument(registry))]
  const isWholeBroken = before.content !== undefined && after.content === undefined
  const broken = new Set(after.quarantined.filter(entry => !before.quarantined.includes(entry)))
  const isBroken = ({ path }: MergedPlace) =>
    isWholeBroken || broken.has(isSubRegistry(name) ? String(path[0]) : toPointer(path))
  const toPlace = (place: MergedPlace) =>
    isChangedPlace(place) && isBroken(place) ? refusePlace(place, notValid) : place
  return { ...registry, places: places.map(toPlace) }
}
