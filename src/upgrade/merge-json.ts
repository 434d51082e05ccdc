import { isJsonObject, isSameJson, type JsonPath } from '../lib/json/json-value.ts'

/** A value in three states; undefined where there is none. */
export interface ThreeWay {
  /** As it was shipped when the home got it. */
  readonly base: unknown
  /** As it is in the home. */
  readonly yours: unknown
  /** As it is shipped now. */
  readonly shipped: unknown
}

/** A value that the home and the program have changed in different ways. */
export interface MergeConflict {
  readonly path: JsonPath
  readonly yours: unknown
  readonly shipped: unknown
}

export interface MergedJson {
  /** Undefined: there is none afterwards. */
  readonly value: unknown
  readonly conflicts: readonly MergeConflict[]
}

/**
 * Merges a shipped change into a value of a home. What the home has changed stays; other shipped changes are taken.
 * Objects are merged by key, lists of texts or of objects as sets. Where both have changed it differently, the home's
 * value stays, and the conflict is listed.
 */
export function mergeJson({ base, yours, shipped }: ThreeWay, path: JsonPath = []): MergedJson {
  if (isSameJson(yours, shipped) || isSameJson(base, shipped)) return { value: yours, conflicts: [] }
  if (isSameJson(base, yours)) return { value: shipped, conflicts: [] }
  if (isJsonObject(yours) && isJsonObject(shipped))
    return mergeObjects({ base: isJsonObject(base) ? base : {}, yours, shipped }, path)
  const list = mergeLists({ base, yours, shipped })
  if (list !== undefined) return { value: list, conflicts: [] }
  return { value: yours, conflicts: [{ path, yours, shipped }] }
}

type JsonObject = Readonly<Record<string, unknown>>

interface ThreeObjects {
  readonly base: JsonObject
  readonly yours: JsonObject
  readonly shipped: JsonObject
}

function mergeObjects({ base, yours, shipped }: ThreeObjects, path: JsonPath): MergedJson {
  const value: Record<string, unknown> = Object.create(null)
  const conflicts: MergeConflict[] = []
  for (const key of new Set([...Object.keys(yours), ...Object.keys(shipped)])) {
    const at = (object: JsonObject) => (Object.hasOwn(object, key) ? object[key] : undefined)
    const merged = mergeJson({ base: at(base), yours: at(yours), shipped: at(shipped) }, [...path, key])
    conflicts.push(...merged.conflicts)
    if (merged.value !== undefined) value[key] = merged.value
  }
  return { value, conflicts }
}

/** The merged list; undefined when the lists are no sets, or both sides have sorted them anew. */
function mergeLists({ base = [], yours, shipped }: ThreeWay): unknown[] | undefined {
  if (!Array.isArray(base) || !Array.isArray(yours) || !Array.isArray(shipped)) return undefined
  const [old, own, now] = [base, yours, shipped].map(toSet)
  if (old === undefined || own === undefined || now === undefined) return undefined
  const isSortedHere = !isSameOrder(old, own)
  if (isSortedHere && !isSameOrder(old, now)) return undefined
  const [first, second] = isSortedHere ? [own, now] : [now, own]
  // What both sides have, and what one of them has added.
  const isKept = (key: string) => (own.has(key) && now.has(key)) || !old.has(key)
  return insertNew([...first.keys()], [...second.keys()])
    .filter(isKept)
    .map(key => own.get(key) ?? now.get(key))
}

/** Items by their JSON; undefined when one is neither text nor object, or stands there twice. */
function toSet(list: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  const isItem = (item: unknown) => typeof item === 'string' || isJsonObject(item)
  if (!list.every(isItem)) return undefined
  const set = new Map(list.map(item => [toSortedJson(item), item]))
  return set.size === list.length ? set : undefined
}

// The order of keys does not count.
function toSortedJson(value: unknown): string {
  const sort = (_: string, item: unknown) =>
    isJsonObject(item)
      ? Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)))
      : item
  return JSON.stringify(value, sort)
}

type JsonSet = ReadonlyMap<string, unknown>

/** Whether what both have stands in the same order. */
function isSameOrder(left: JsonSet, right: JsonSet): boolean {
  const common = [...right.keys()].filter(key => left.has(key))
  return [...left.keys()].filter(key => right.has(key)).every((key, index) => key === common[index])
}

/** Puts what only the second list has behind what stands before it there. */
function insertNew(first: readonly string[], second: readonly string[]): string[] {
  const known = new Set(first)
  const added = new Map<string | undefined, string[]>()
  let before: string | undefined
  for (const key of second) {
    if (known.has(key)) before = key
    else added.get(before)?.push(key) ?? added.set(before, [key])
  }
  return [undefined, ...first].flatMap(key => [
    ...(key === undefined ? [] : [key]),
    ...(added.get(key) ?? []),
  ])
}
