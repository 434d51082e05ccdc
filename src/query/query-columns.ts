import type { RegistryName } from '../registry/schema/names.ts'
import { type EntryColumn, entryColumns } from './entry-columns.ts'
import type { FlagQuery } from './query-entries.ts'

const ofAnyRegistry: readonly EntryColumn[] = [
  { heading: 'id', fields: ['id'] },
  { heading: 'registry', fields: ['registry'] },
]

/** Columns of a query's table: what was selected; otherwise what `list` shows, and the fields that were asked about. */
export function toQueryColumns(
  { conditions, sortKeys, selected }: FlagQuery,
  registries: readonly RegistryName[],
): readonly EntryColumn[] {
  if (selected) return ['id', ...selected.filter(field => field !== 'id')].map(toColumn)
  const [only, ...others] = registries
  const usual = only && others.length === 0 ? entryColumns[only] : ofAnyRegistry
  const shown = usual.flatMap(({ fields }) => fields)
  const asked = [...conditions, ...sortKeys].map(({ field }) => field)
  return [...usual, ...[...new Set(asked)].filter(field => !shown.includes(field)).map(toColumn)]
}

function toColumn(field: string): EntryColumn {
  return { heading: field, fields: [field] }
}
