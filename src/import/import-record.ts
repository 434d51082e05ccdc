import type { Model } from '../registry/schema/model.ts'
import type { ImportFormatName } from '../registry/schema/names.ts'
import { pricedFields } from '../registry/schema/names.ts'
import { toObject, toPrice } from './source-values.ts'

/** A catalogue of models that can be imported. */
export interface ImportFormat {
  readonly name: ImportFormatName
  /** Where its file is, unless the configuration names a mirror. */
  readonly url: string
  /** Ids of our providers by the source's own, where they differ. */
  readonly providerIds: Readonly<Record<string, string>>
  /** Whether a document has the structure of this format. */
  matches(document: unknown): boolean
  /** Reads a document that matches. `day` is today: some prices have dates. */
  parse(document: unknown, day: string): ParsedSource
}

export interface ParsedSource {
  readonly records: readonly ImportRecord[]
  readonly refused: readonly RefusedRecord[]
  /** Providers that the source describes, by our ids. */
  readonly providers: ReadonlyMap<string, SourceProvider>
}

/** A model as a source describes it. */
export interface ImportRecord {
  /** Our id of its provider. */
  readonly provider: string
  /** The source's id of the model, without the path of a router. */
  readonly id: string
  /** The name under which the source has it, for messages. */
  readonly key: string
  readonly fields: ImportedFields
  /** What the source says that it can do, or cannot; what is not here the source does not say. */
  readonly capabilities: ReadonlyMap<string, boolean>
  readonly price: PriceKind
  /** Whether `context_tokens` is what a prompt may have: the window may be larger. */
  readonly isInputLimit?: true
}

/** `free`: costs nothing, as the source says. `unpriced`: billed, but not by the token. `unknown`: the source says nothing. */
export type PriceKind = 'priced' | 'free' | 'unpriced' | 'unknown'

/** Fields that imports write, in the order of the schema. */
export const importedFieldNames = [
  'display_name',
  'context_tokens',
  'output_tokens',
  'capabilities',
  'modalities',
  'input_tokens_max',
  'embedding_dimensions',
  ...pricedFields,
  'cost_tiers',
  'cost_off_peak',
  'status',
  'released_on',
  'retires_on',
  'knowledge_cutoff',
  'open_weights',
] as const

export type ImportedFieldName = (typeof importedFieldNames)[number]

/** What a source says of a model, in the fields of our schema. Capabilities are apart. */
export type ImportedFields = {
  readonly [Name in Exclude<ImportedFieldName, 'capabilities'>]?: Model[Name]
}

export interface RefusedRecord {
  readonly id: string
  /** Our id of its provider, where it is known. */
  readonly provider: string | undefined
  /** A clause. */
  readonly reason: string
}

export interface SourceProvider {
  readonly name: string
  /** Address of the API's chat completions; undefined when the source does not say how it is called. */
  readonly endpoint: string | undefined
  readonly baseUrl: string | undefined
  readonly authHeader: string | undefined
  readonly keyEnv: readonly string[]
  readonly requiredEnv: readonly string[]
  readonly docs: string | undefined
}

export type Prices = Partial<Record<(typeof pricedFields)[number], number>>

/** The four prices as a source has them. */
export interface RawPrices {
  readonly input: unknown
  readonly output: unknown
  readonly cacheRead: unknown
  readonly cacheWrite: unknown
}

/** Prices above 0, per 1000 tokens. `places` moves the decimal point: 3 for prices per token, -3 per million. */
export function toPrices(raw: RawPrices, places: number): Prices {
  const values = [raw.input, raw.output, raw.cacheRead, raw.cacheWrite]
  return Object.fromEntries(
    pricedFields.flatMap((name, index) => {
      const price = toPrice(values[index], places)
      return price ? [[name, price]] : []
    }),
  )
}

interface PriceMarks {
  /** Whether the source says that the model costs nothing: otherwise 0 may mean anything. */
  readonly isFree: boolean
  /** Whether it has prices by something else than the token. */
  readonly hasOtherUnits: boolean
}

/** The prices of a record, and what kind of price it has. 0 is kept only where the source marks the model as free. */
export function readPrices(
  raw: RawPrices,
  places: number,
  { isFree, hasOtherUnits }: PriceMarks,
): { readonly prices: Prices; readonly price: PriceKind } {
  const prices = toPrices(raw, places)
  if (prices.cost_per_1k_input || prices.cost_per_1k_output) return { prices, price: 'priced' }
  const [input, output] = [toPrice(raw.input, places), toPrice(raw.output, places)]
  if (isFree && input === 0) {
    const free = { cost_per_1k_input: 0, ...(output === 0 && { cost_per_1k_output: 0 }) }
    return { prices: free, price: 'free' }
  }
  return { prices: {}, price: hasOtherUnits ? 'unpriced' : 'unknown' }
}

type Tier = NonNullable<Model['cost_tiers']>[number]

/** The steps of a price, the lowest first; undefined when there are none. */
export function toTiers(steps: readonly (Prices & { readonly above: number | undefined })[]) {
  const tiers = steps.flatMap(({ above, ...prices }): Tier[] =>
    above === undefined || Object.keys(prices).length === 0 ? [] : [{ input_tokens_above: above, ...prices }],
  )
  const sorted = tiers.sort((left, right) => left.input_tokens_above - right.input_tokens_above)
  return sorted.length > 0 ? sorted : undefined
}

/** Dearest honest price, per 1000 tokens: the dearest known model costs 600 USD per million. */
const mostPrice = 1

/** Why a record cannot be taken from any source, a clause; undefined when it can. */
export function findRefusal({ id, fields }: Pick<ImportRecord, 'id' | 'fields'>): string | undefined {
  if (id.startsWith('~')) return 'a moving alias, no model'
  if (id.includes('*')) return 'a pattern, no model'
  const named = [fields, ...(fields.cost_tiers ?? [])].flatMap(prices =>
    pricedFields.map(name => toObject(prices)[name]),
  )
  const wrong = named.find(price => typeof price === 'number' && price > mostPrice)
  if (typeof wrong !== 'number') return undefined
  return `a price of ${Number((wrong * 1000).toPrecision(6))} USD per million tokens: its unit is wrong`
}

/** Drops what a source does not say. */
export function withoutUndefined<T extends object>(
  fields: T,
): { [Key in keyof T]?: Exclude<T[Key], undefined> }
export function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** Collects records, and those that cannot be taken with the reason. */
export function createCollector() {
  const records: ImportRecord[] = []
  const refused: RefusedRecord[] = []
  const refuse = (id: string, provider: string | undefined, reason: string) => {
    refused.push({ id, provider, reason })
  }
  const add = (record: ImportRecord) => {
    const reason = findRefusal(record)
    if (reason === undefined) records.push(record)
    else refuse(record.key, record.provider, reason)
  }
  return { records, refused, add, refuse }
}

const modalityNames = ['text', 'image', 'audio', 'video', 'pdf'] as const

type Modality = (typeof modalityNames)[number]

/** Modalities by the words of a source; `file` means PDF among others. */
export function toModalities(input: readonly string[], output: readonly string[]): Model['modalities'] {
  const [reads, writes] = [input, output].map(words =>
    modalityNames.filter(name => words.includes(name) || (name === 'pdf' && words.includes('file'))),
  )
  return reads?.length && writes?.length ? { input: [...reads], output: [...writes] } : undefined
}

/** Capabilities that modalities show, both those that a model has and those that it lacks. */
export function listModalCapabilities(modalities: Model['modalities']): [string, boolean][] {
  if (modalities === undefined) return []
  const { input, output } = modalities
  const reads = (name: Modality) => input.includes(name)
  const isSpeech = output.includes('audio') || (reads('audio') && !reads('text'))
  return [
    ['vision', reads('image')],
    ['audio', reads('audio')],
    ['video', reads('video')],
    ['pdf', reads('pdf')],
    ...(output.includes('image') ? ([['image_generation', true]] as [string, boolean][]) : []),
    ...(isSpeech ? ([['speech', true]] as [string, boolean][]) : []),
  ]
}

/** A capability that a source may state as true or false; anything else says nothing. */
export function stated(name: string, value: unknown): [string, boolean][] {
  return typeof value === 'boolean' ? [[name, value]] : []
}
