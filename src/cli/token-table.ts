import type { Table } from '../lib/terminal/table.ts'
import { formatAge } from '../lib/text/format.ts'
import type { AccessToken } from '../registry/schema/access.ts'

/** Converts tokens to a table. `now` is milliseconds since 1970. */
export function toTokenTable(tokens: readonly Omit<AccessToken, 'sha256'>[], now: number): Table {
  const headings = ['id', 'role', 'created', 'expires', 'note']
  return {
    columns: headings.map(heading => ({ heading })),
    rows: tokens.map(({ id, role, created_at: created, expires_at: end, note }) => [
      id,
      role,
      formatAge(now - Date.parse(created)),
      renderEnd(end, now),
      note ?? '',
    ]),
  }
}

function renderEnd(end: string | null, now: number): string {
  if (end === null) return 'never'
  const left = Date.parse(end) - now
  return left <= 0 ? `expired ${formatAge(-left)}` : `${end.slice(0, 16).replace('T', ' ')} UTC`
}
