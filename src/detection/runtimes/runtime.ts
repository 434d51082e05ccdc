import { isJsonObject } from '../../lib/json/json-value.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import type { LocalModel } from '../../registry/schema/detected.ts'

/** What a server responded to one GET request. */
export interface Reply {
  /** Status of HTTP; 0 without a complete response. */
  readonly status: number
  /** Product that the header `Server` names; empty when it names none. */
  readonly server: string
  readonly text: string
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown
  /** Why there is no complete response, a phrase that follows the address. */
  readonly failure?: string
}

/** Sends a GET request to a path of one address, or returns the response that it sent before. */
export type Get = (path: string) => Promise<Reply>

/** One address, while a chain of requests is under way. */
export interface RuntimeSession {
  readonly get: Get
  /** Like `get`; after 401 or 403 it sends the request once more with the key, if that may be sent. */
  readonly getWithKey: Get
}

/** A model as a runtime describes it: nothing of it is checked yet. */
export interface ReportedModel {
  readonly id: unknown
  readonly size?: unknown
  readonly quantization?: unknown
  readonly context?: unknown
  /** Null or absent: the runtime does not say. */
  readonly isLoaded?: boolean | null
  readonly vram?: unknown
}

/** What a runtime says of itself. */
export interface RuntimeFacts {
  readonly version?: unknown
  /** Undefined when they are not known. */
  readonly models: readonly ReportedModel[] | undefined
  /** Sentences without a full stop about what is not known. */
  readonly notes: readonly string[]
  /** Whether it lists its models only with a key, which it did not get. */
  readonly needsKey?: boolean
}

/** Variables that say where a runtime listens, as the runtime reads them. */
export interface AddressVariables {
  /** Name or address, with or without scheme, port and path. */
  readonly host?: string
  readonly port?: string
  /** Path that all of its routes begin with. */
  readonly path?: string
}

/** A runtime whose API this program knows. */
export interface Runtime {
  readonly name: string
  /** Further ports that it listens on by default, beside that of `base_url`. */
  readonly otherPorts?: readonly number[]
  readonly variables?: AddressVariables
  /** Whether a server is this runtime, by what it responds. Requests no path that costs, loads or changes something. */
  readonly recognize: (get: Get) => Promise<boolean>
  /** What a 401 from its address means that did not tell which program it is, a phrase. */
  readonly refusal?: string
  /** Reads its version and models, once it is recognized. */
  readonly read: (session: RuntimeSession) => Promise<RuntimeFacts>
}

/** Whether a response refuses a request that has no valid key. */
export function isRefusal({ status }: Reply): boolean {
  return status === 401 || status === 403
}

/** A field of an object in JSON; undefined of anything else. */
export function fieldOf(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** The items of a list in a successful response: of the body itself, or of a field. Undefined when there is none. */
export function listIn({ status, json }: Reply, field?: string): readonly unknown[] | undefined {
  const list = field === undefined ? json : fieldOf(json, field)
  return status === 200 && Array.isArray(list) ? list : undefined
}

/** The models in a response, or why they are not known. */
export function readModels(
  reply: Reply,
  { path, field, toModel }: ModelList,
): Pick<RuntimeFacts, 'models' | 'notes' | 'needsKey'> {
  const items = listIn(reply, field)
  if (items !== undefined) return { models: items.flatMap(item => toModel(item) ?? []), notes: [] }
  if (isRefusal(reply)) return { models: undefined, notes: [], needsKey: true }
  return { models: undefined, notes: [`its models are not known: ${path} ${describeReply(reply)}`] }
}

interface ModelList {
  /** Path that was requested. */
  readonly path: string
  /** Field with the list; without it, the body is the list. */
  readonly field?: string
  /** Undefined for an item that is no model of this machine. */
  readonly toModel: (item: unknown) => ReportedModel | undefined
}

/** What a response is that is not the expected one, a phrase. */
export function describeReply({ status, failure }: Reply): string {
  if (failure !== undefined) return failure
  return status === 200 ? 'responds with something else than a list' : `responds with ${status}`
}

/** Path of the list of models that most runtimes have, in the form of OpenAI. */
export const openAiModels = '/v1/models'

/** The ids of that list, and what else the runtime puts into it. */
export function readOpenAiModels(reply: Reply, toMore: (item: unknown) => Omit<ReportedModel, 'id'>) {
  const toModel = (item: unknown) => ({ id: fieldOf(item, 'id'), ...toMore(item) })
  return readModels(reply, { path: openAiModels, field: 'data', toModel })
}

/** Whether the list of models has items that are all owned by this runtime. */
export function isOwnedBy(reply: Reply, owner: string): boolean {
  const items = listIn(reply, 'data') ?? []
  return items.length > 0 && items.some(item => fieldOf(item, 'owned_by') === owner)
}

/** The version in a response like `{"version": "0.5.1"}`. */
export function versionIn({ status, json }: Reply): unknown {
  return status === 200 ? fieldOf(json, 'version') : undefined
}

/** Longest id or version that is taken over, in characters. */
const longest = 256

/** Longest name of a number format. */
const longestFormat = 32

/** A text that can be shown as it is; null for anything else. */
export function toShownText(value: unknown, most = longest): string | null {
  if (typeof value !== 'string' || value.length > most) return null
  const text = value.trim()
  return text === '' || toVisibleLine(text) !== text ? null : text
}

/** A version without the letter before it and the words behind it; null when it is none. */
export function toRuntimeVersion(value: unknown): string | null {
  const text = toShownText(value)
  return text?.replace(/\s.*$/, '').replace(/^v(?=\d)/, '') ?? null
}

function toAmount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** A model without what a runtime may not say of it; undefined when its id cannot be shown. */
export function toLocalModel(model: ReportedModel): LocalModel | undefined {
  const id = toShownText(model.id)
  if (id === null) return undefined
  return {
    id,
    size_bytes: toAmount(model.size),
    quantization: toShownText(model.quantization, longestFormat),
    context_tokens: toAmount(model.context),
    loaded: model.isLoaded ?? null,
    vram_bytes: toAmount(model.vram),
  }
}
