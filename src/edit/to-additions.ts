import { NexusError } from '../lib/errors.ts'
import type { JsonPath } from '../lib/json/json-value.ts'
import type { Addition, EntryFields } from './addition.ts'
import {
  type AdditionField,
  type AdditionKind,
  type AdditionKindName,
  additionKinds,
  type FlagValues,
} from './addition-kinds.ts'

/** Required fields of a kind that these values lack, and the id. */
export function listMissing(kind: AdditionKindName, id: string | undefined, values: FlagValues): string[] {
  const { fields }: AdditionKind = additionKinds[kind]
  const all = { ...values, id }
  const missing = fields.filter(
    ({ flag, isRequired }) => values[flag] === undefined && isRequired?.(all) === true,
  )
  return [...(id === undefined ? ['ID'] : []), ...missing.map(({ flag }) => `--${flag}`)]
}

/** What the flags of `add KIND ID` mean. Throws a NexusError('usage') for a value that its field cannot have. */
export function toAdditions(kind: AdditionKindName, id: string, values: FlagValues): Addition[] {
  const { fields, registry }: AdditionKind = additionKinds[kind]
  const entry = setFields(
    fields.filter(({ isCard }) => !isCard),
    values,
  )
  const card = setFields(
    fields.filter(({ isCard }) => isCard),
    values,
  )
  const defaults = setFallbacks(fields, values)
  const toPlace = (path: JsonPath) => toFlag(fields, path)
  const request = { id, entry, card, toPlace, isRequested: true } as const
  if (kind === 'provider') return toProviderAdditions({ ...request, defaults }, values)
  if (registry === 'dashboard') {
    const { group = 'system', ...shown } = entry
    const { group: _, ...others } = defaults
    const addition = { registry, id, group: String(group), toPlace, isRequested: true } as const
    return [{ ...addition, entry: shown, defaults: others }]
  }
  if (registry === 'hyper') throw new Error('edges have no flags')
  return [{ ...request, registry, defaults: { ...ownDefaults(kind, id, entry), ...defaults } }]
}

/** The addition of `add edge`. */
export function toEdgeAddition(from: string, to: string, type: string): Addition {
  return { registry: 'hyper', edge: { from, to, type }, isRequested: true }
}

/** Fields that the schema wants, and that follow from others. */
function ownDefaults(kind: AdditionKindName, id: string, entry: EntryFields): EntryFields {
  if (kind === 'framework') return { detection: `python -c 'import ${String(entry.import_name)}'` }
  if (kind === 'plugin') return { dependencies: [], functions: [] }
  return kind === 'microservice' ? { name: id, endpoints: [] } : {}
}

/** Where the adapters of the platform lie. */
const adapterFolder = 'services/llm_orchestrator/adapters'

type ProviderRequest = Pick<Addition, 'isRequested'> & {
  readonly id: string
  readonly entry: EntryFields
  readonly card: EntryFields
  readonly defaults: EntryFields
  readonly toPlace: (path: JsonPath) => string | undefined
}

/** A provider, its adapter, and its models. */
function toProviderAdditions(request: ProviderRequest, values: FlagValues): Addition[] {
  const { id, toPlace } = request
  const { models: _, adapter, ...entry } = request.entry
  const models = toTexts(values.model).map(parseModel)
  const path = adapter ?? `${adapterFolder}/${id}_adapter.py`
  const listed = models.map(each => each.id)
  const isLocal = entry.kind === 'local'
  const adapters: Addition[] =
    path === 'none' || (isLocal && adapter === undefined)
      ? []
      : [
          {
            registry: 'adapters',
            id: `${id}_adapter`,
            entry: { path, type: 'provider_adapter', provider: id },
            defaults: {},
            toPlace: () => '--adapter',
            isRequested: true,
          },
        ]
  return [
    {
      ...request,
      registry: 'providers',
      entry,
      defaults: { models: listed, ...request.defaults },
      toPlace,
    },
    ...models.map(
      (each): Addition => ({
        registry: 'models',
        id: each.id,
        entry: { provider: id, context_tokens: each.context, capabilities: each.capabilities },
        defaults: {},
        toPlace: () => '--model',
        isRequested: true,
      }),
    ),
    ...adapters,
  ]
}

/** Reads `acme-large=128000,streaming,vision`. */
function parseModel(text: string) {
  const [, id, tokens = '', words] = /^([^=]+)=(\d+)((?:,[^,]+)*)$/.exec(text) ?? []
  if (id !== undefined) {
    return { id, context: Number(tokens), capabilities: (words ?? '').split(',').filter(Boolean) }
  }
  throw new NexusError('usage', `--model: expected ID=TOKENS[,CAPABILITY…], found ${JSON.stringify(text)}`, {
    hint: 'For example --model acme-large=128000,streaming,vision',
  })
}

function setFields(fields: readonly AdditionField[], values: FlagValues): EntryFields {
  const entry: Record<string, unknown> = {}
  for (const field of fields) {
    const value = values[field.flag]
    if (value !== undefined && value !== '') setAt(entry, field.path, parseValue(field, value))
  }
  return entry
}

function setFallbacks(fields: readonly AdditionField[], values: FlagValues): EntryFields {
  return Object.fromEntries(
    fields.flatMap(({ flag, isCard, path: [key], fallback }) =>
      fallback === undefined || isCard || values[flag] !== undefined ? [] : [[key, fallback]],
    ),
  )
}

function setAt(entry: Record<string, unknown>, [first, second]: readonly string[], value: unknown): void {
  if (first === undefined) return
  if (second === undefined) entry[first] = value
  else entry[first] = { ...toObject(entry[first]), [second]: value }
}

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

function parseValue(
  { flag, type = 'text', path }: AdditionField,
  value: string | readonly string[],
): unknown {
  const texts = toTexts(value)
  const [first = ''] = texts
  if (type === 'number') return parseNumber(flag, first)
  if (type === 'pairs') return Object.fromEntries(texts.map(text => parsePair(flag, text)))
  if (type === 'text') return first
  const items = flag === 'model' ? texts : texts.flatMap(text => text.split(',')).map(item => item.trim())
  const some = items.filter(item => item !== '')
  // One variable stands for itself.
  return path[0] === 'key_env' && some.length === 1 ? some[0] : some
}

function toTexts(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

function parseNumber(flag: string, text: string): number {
  const number = Number(text)
  if (/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) && Number.isFinite(number)) return number
  throw new NexusError('usage', `--${flag}: expected a number, found ${JSON.stringify(text)}`, {
    hint: 'Write it with digits, like 128000 or 0.0025',
  })
}

function parsePair(flag: string, text: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  if (name !== undefined && value !== undefined) return [name, value]
  throw new NexusError('usage', `--${flag}: expected NAME=VALUE, found ${JSON.stringify(text)}`, {
    hint: `For example --${flag} apt=ripgrep`,
  })
}

/** The flag that sets a place in an entry. */
function toFlag(fields: readonly AdditionField[], path: JsonPath): string | undefined {
  const found =
    fields.find(field => field.path.every((part, index) => path[index] === part)) ??
    fields.find(field => field.path[0] === path[0])
  return found && `--${found.flag}`
}
