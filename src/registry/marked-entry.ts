import { isSameJson } from '../lib/json/is-same-json.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { writtenMark } from './schema/common.ts'

/** What decides what `detected` is about: when one of them changes, it tells of something else. */
const askedFields = [
  'detection',
  'probe',
  'version_check',
  'version_pattern',
  'import_name',
  'distribution',
  'url',
  'health_endpoint',
  'endpoint',
  'base_url',
  'auth_type',
  'key_env',
]

type Entry = Readonly<Record<string, unknown>>

/**
 * An entry of an upstream as it is kept here: with what was found on this machine, and where it came from. What the
 * upstream says of either does not count.
 */
export function toMarkedEntry(entry: unknown, here: unknown, url: string): Entry {
  const own = withoutMarks(entry)
  const detected = isJsonObject(here) && isSameQuestion(own, here) ? here.detected : undefined
  return withMarks(own, { detected, 'x-upstream': url })
}

/**
 * An entry that somebody wrote over HTTP as it is kept here, where `here` is the sound entry that it takes the place of.
 * The marks are those of the entry that is here; one that asks or runs something else than that one, or is new, came
 * over the network from now on. What the writer says of marks does not count.
 */
export function toWrittenEntry(entry: Entry, here: Entry | undefined): Entry {
  const own = withoutMarks(entry)
  if (here === undefined) return withMarks(own, { 'x-upstream': writtenMark })
  const isKept = isSameQuestion(own, here)
  return withMarks(own, {
    detected: isKept ? here.detected : undefined,
    'x-local': here['x-local'],
    'x-upstream': isKept ? here['x-upstream'] : writtenMark,
  })
}

/** An entry without what only this program writes into it. */
export function withoutMarks(entry: unknown): Entry {
  if (!isJsonObject(entry)) return {}
  const { detected: _, 'x-local': __, 'x-upstream': ___, ...rest } = entry
  return rest
}

function withMarks(own: Entry, marks: Entry): Entry {
  const known = Object.entries(marks).filter(([, value]) => value !== undefined)
  return { ...own, ...Object.fromEntries(known) }
}

function isSameQuestion(entry: Entry, here: Entry): boolean {
  return askedFields.every(field => isSameJson(entry[field], here[field]))
}
