import type { Style } from '../lib/terminal/style.ts'
import { renderTable, type TableOptions } from '../lib/terminal/table.ts'
import { renderCount } from '../lib/text/format.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import type { RefusedRecord } from './import-record.ts'
import type { FieldOrigin } from './merge-record.ts'
import type { ImportPlan, RefDifference } from './plan-import.ts'

interface RenderOptions {
  readonly style: Style
  /** Whether all refused records are listed. */
  readonly isVerbose: boolean
}

/** Records and refs that are listed of one kind. */
const mostListed = 6

/** Renders what an import takes, holds back and refuses: lines for people. */
export function renderImport(source: string, plan: ImportPlan, { style, isVerbose }: RenderOptions): string {
  const { created, updated, unchanged, held, refused } = plan
  const counts = [
    `${created.length} created`,
    `${updated.length} updated`,
    `${unchanged} unchanged`,
    ...(held.length > 0 ? [`${held.length} held back`] : []),
    `${refused.length} refused`,
  ]
  const lines = [
    `${style.bold(source)}: ${counts.join(', ')}`,
    ...renderPrices(plan),
    ...(held.length > 0
      ? [style.bold('Held back: prices that change by 10 × or more (--force takes them)')]
      : []),
    ...held.map(({ ref, field, here, there }) =>
      toVisibleLine(`  ${ref} ${field}: ${toShort(here)} → ${toShort(there)}`),
    ),
    ...(refused.length > 0 ? [style.bold('Refused')] : []),
    ...renderRefused(refused, isVerbose),
  ]
  return lines.join('\n')
}

function renderPrices({ prices }: ImportPlan): string[] {
  const { priced, free, unpriced, unknown } = prices
  const parts = [
    `${priced} by the token`,
    `${free} free`,
    `${unpriced} by something else than the token`,
    `${unknown} unknown`,
  ]
  return priced + free + unpriced + unknown === 0 ? [] : [`Prices: ${parts.join(', ')}`]
}

function renderRefused(refused: readonly RefusedRecord[], isVerbose: boolean): string[] {
  const groups = new Map<string, string[]>()
  for (const { id, reason } of refused) {
    const group = groups.get(reason)
    if (group) group.push(id)
    else groups.set(reason, [id])
  }
  const most = isVerbose ? Number.POSITIVE_INFINITY : mostListed
  return [...groups]
    .sort(([, left], [, right]) => right.length - left.length)
    .map(([reason, ids]) => {
      const rest = ids.length - most
      const more = rest > 0 ? `, and ${rest} more (-v lists them)` : ''
      return toVisibleLine(`  ${reason} (${ids.length}): ${ids.slice(0, most).join(', ')}${more}`)
    })
}

/** The result of an import for scripts. */
export function toImportJson(source: string, plan: ImportPlan): object {
  const { created, updated, unchanged, held, refused, prices } = plan
  return {
    source,
    created,
    updated,
    unchanged,
    held: held.map(({ ref, field, here, there }) => ({ ref, field, from: here, to: there })),
    refused: refused.map(({ id, reason }) => ({ id, reason })),
    prices,
  }
}

export type Disagreement = RefDifference & { readonly origin: FieldOrigin }

const origins: Readonly<Record<FieldOrigin, string>> = {
  shipped: 'shipped',
  imported: 'imported',
  edited: 'yours',
  none: '',
}

/** Renders where a source and the registries disagree. */
export async function renderDisagreements(
  source: string,
  disagreements: readonly Disagreement[],
  options: TableOptions,
): Promise<string> {
  if (disagreements.length === 0) return `${source} agrees with what is here`
  const columns = ['model', 'field', 'here', source, 'from'].map(heading => ({ heading }))
  const rows = disagreements.map(({ ref, field, here, there, origin }) => [
    ref,
    field,
    toShort(here),
    toShort(there),
    origins[origin],
  ])
  const table = await renderTable({ columns, rows }, options)
  return `${table}\n${renderCount(disagreements.length, 'disagreement')}`
}

function toShort(value: unknown): string {
  if (value === undefined) return '–'
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return value.join(' ')
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return toVisibleLine(text.length > 60 ? `${text.slice(0, 59)}…` : text)
}
