import { NexusError } from '../lib/errors.ts'
import { suggest } from '../lib/text/nearest.ts'
import type { ImportFormat, ImportRecord, ParsedSource, RefusedRecord } from './import-record.ts'
import { toDay } from './source-values.ts'

/** Which records of a source are meant. */
export interface RecordFilter {
  /** Ids of providers, ours or the source's; empty for all. */
  readonly providers: readonly string[]
  /** Ids of models, with `*` for any characters; empty for all. */
  readonly only: readonly string[]
  /** First day of release. */
  readonly since: string | undefined
  readonly limit: number | undefined
}

export interface SelectedRecords {
  readonly records: readonly ImportRecord[]
  readonly refused: readonly RefusedRecord[]
}

/** The records that a filter leaves. Throws a NexusError('usage') for a filter that cannot leave any. */
export function selectRecords(
  format: ImportFormat,
  { records, refused }: ParsedSource,
  { providers, only, since, limit }: RecordFilter,
): SelectedRecords {
  const wanted = new Set(providers.map(id => requireProvider(id, format, records, refused)))
  const globs = only.map(toGlob)
  const isWantedProvider = (id: string | undefined) =>
    wanted.size === 0 || (id !== undefined && wanted.has(id))
  const isWantedId = (...names: readonly string[]) =>
    globs.length === 0 || names.some(name => globs.some(glob => glob.test(name)))
  const day = since === undefined ? undefined : requireDay(since, format, records)
  const isRecent = ({ fields }: ImportRecord) =>
    day === undefined || (fields.released_on !== undefined && fields.released_on >= day)
  const selected = records.filter(
    record => isWantedProvider(record.provider) && isWantedId(record.id, record.key) && isRecent(record),
  )
  return {
    records: limit === undefined ? selected : selected.slice(0, limit),
    refused: refused.filter(
      ({ id, provider }) => isWantedProvider(provider) && isWantedId(id, afterSlash(id)),
    ),
  }
}

function requireProvider(
  name: string,
  { providerIds, name: source }: ImportFormat,
  records: readonly ImportRecord[],
  refused: readonly RefusedRecord[],
): string {
  const id = Object.hasOwn(providerIds, name) ? (providerIds[name] ?? name) : name
  const known = new Set([...records, ...refused].flatMap(({ provider }) => provider ?? []))
  if (known.has(id)) return id
  const hint =
    suggest(name, [...known, ...Object.keys(providerIds)]) ?? 'Leave --provider out to see them all'
  throw new NexusError('usage', `--provider: ${source} has no models of ${JSON.stringify(name)}`, { hint })
}

function requireDay(text: string, { name }: ImportFormat, records: readonly ImportRecord[]): string {
  const day = toDay(text)
  if (day === undefined)
    throw new NexusError('usage', `--since: ${JSON.stringify(text)} is no day`, {
      hint: 'Write it like 2026-07-01',
    })
  if (records.length === 0 || records.some(({ fields }) => fields.released_on !== undefined)) return day
  throw new NexusError('usage', `--since: ${name} does not say when models were released`, {
    hint: 'Choose by --only or --provider instead',
  })
}

function toGlob(pattern: string): RegExp {
  // Runs of stars are one, and a pattern has few of them: matching stays quick.
  const parts = pattern.split(/\*+/).map(part => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  if (parts.length > 10)
    throw new NexusError('usage', `--only: ${JSON.stringify(pattern)} has too many stars`, {
      hint: 'Use at most 9',
    })
  return new RegExp(`^${parts.join('.*')}$`, 's')
}

function afterSlash(id: string): string {
  return id.slice(id.indexOf('/') + 1)
}
