import type { RegistryStatus, SyncReport, UpstreamReport } from '../detection/sync-report.ts'
import { paintStatus } from '../lib/terminal/status.ts'
import type { Style } from '../lib/terminal/style.ts'
import { renderTable } from '../lib/terminal/table.ts'

/** How the polls of a sync went, a line for each upstream; empty when none was asked. */
export async function renderUpstreams(
  { registries }: Pick<SyncReport, 'registries'>,
  options: { readonly style: Style; readonly width: number | undefined },
): Promise<string> {
  const rows = Object.entries(registries).flatMap(([name, status]) =>
    status.upstream ? [[name, ...toUpstreamCells(status, status.upstream)]] : [],
  )
  if (rows.length === 0) return ''
  const { style } = options
  const columns = [
    { heading: 'upstream' },
    { heading: 'status', paint: (text: string) => paintStatus(text, style) },
    { heading: 'entries' },
    { heading: 'changed' },
    { heading: 'where or why not', paint: (text: string) => style.dim(text) },
  ]
  return renderTable({ columns, rows }, options)
}

function toUpstreamCells({ status, entries }: RegistryStatus, upstream: UpstreamReport): string[] {
  return [status, String(entries), toDifference(upstream), upstream.error ?? upstream.url]
}

function toDifference({ created, updated, removed, quarantined }: UpstreamReport): string {
  const parts = [
    [created, 'new'],
    [updated, 'changed'],
    [removed, 'gone'],
    [quarantined, 'broken'],
  ] as const
  return parts.flatMap(([ids, word]) => (ids.length > 0 ? [`${ids.length} ${word}`] : [])).join(', ') || '–'
}
