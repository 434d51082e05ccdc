import type { DashboardModel } from '../../model/dashboard-view.ts'
import { toAddress } from './address.ts'

/** Which models are shown. It lives in the address. */
export interface ModelFilter {
  /** Capabilities that a model must have, by their short names in the address. */
  readonly can: readonly string[]
  /** Dollars per million input tokens that a model has to stay below; undefined for any price. */
  readonly under: number | undefined
  /** Whether only models are shown that retire within half a year. */
  readonly isRetiring: boolean
  /** Whether models are shown that cannot be called, too. */
  readonly isAll: boolean
  /** Id of a provider; empty for all. */
  readonly from: string
  /** Words that must all be in the id, name or provider. */
  readonly text: string
}

export const emptyFilter: ModelFilter = {
  can: [],
  under: undefined,
  isRetiring: false,
  isAll: false,
  from: '',
  text: '',
}

/** A capability that has a column and a filter: its word in the registry, in the address, and above its column. */
export interface ShownCapability {
  readonly capability: string
  readonly key: string
  readonly title: string
}

export const shownCapabilities: readonly ShownCapability[] = [
  { capability: 'vision', key: 'vision', title: 'Vision' },
  { capability: 'function_calling', key: 'tools', title: 'Tools' },
  { capability: 'structured_output', key: 'json', title: 'JSON' },
  { capability: 'reasoning', key: 'reasoning', title: 'Reasoning' },
]

/** Reads a filter from the parameters of an address. What is not understood is left out. */
export function parseModelFilter(parameters: URLSearchParams): ModelFilter {
  const known = shownCapabilities.map(({ key }) => key)
  const under = Number(parameters.get('under') ?? Number.NaN)
  return {
    can: (parameters.get('can') ?? '').split(',').filter(key => known.includes(key)),
    under: Number.isFinite(under) && under >= 0 ? under : undefined,
    isRetiring: parameters.get('retiring') === '1',
    isAll: parameters.get('all') === '1',
    from: parameters.get('from') ?? '',
    text: parameters.get('q') ?? '',
  }
}

/** The address of the models that a filter leaves. */
export function toModelAddress(filter: ModelFilter): string {
  const { can, under, isRetiring, isAll, from, text } = filter
  return toAddress('models', {
    ...(can.length > 0 && { can: can.join(',') }),
    ...(under !== undefined && { under: String(under) }),
    ...(isRetiring && { retiring: '1' }),
    ...(isAll && { all: '1' }),
    ...(from !== '' && { from }),
    ...(text !== '' && { q: text }),
  })
}

/** The models that a filter leaves. `retiring` are the refs of those that retire soon. */
export function filterModels(
  models: readonly DashboardModel[],
  filter: ModelFilter,
  retiring: ReadonlySet<string>,
): readonly DashboardModel[] {
  const { can, under, isRetiring, isAll, from, text } = filter
  const wanted = shownCapabilities.filter(({ key }) => can.includes(key)).map(({ capability }) => capability)
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return models.filter(
    model =>
      (isAll || model.readiness === 'ready') &&
      (!isRetiring || retiring.has(model.ref)) &&
      (from === '' || model.provider === from) &&
      (under === undefined || (model.input_price !== null && model.input_price < under)) &&
      wanted.every(capability => model.capabilities.includes(capability)) &&
      hasWords(`${model.id} ${model.provider_name} ${model.provider}`, words),
  )
}

/** Whether a text has all of some words, in lower case. */
export function hasWords(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return words.every(word => lower.includes(word))
}
