import type { entryFormatNames } from '../../registry/schema/config.ts'
import { renderCsv } from './csv.ts'
import type { EntriesFormat } from './format.ts'
import { renderJsonRows } from './json.ts'
import { renderNdjson } from './ndjson.ts'
import { renderYaml } from './yaml.ts'

/** Forms of entries for other programs, by name. */
export const entriesFormats = {
  json: renderJsonRows,
  ndjson: renderNdjson,
  csv: renderCsv,
  yaml: renderYaml,
} as const satisfies Record<Exclude<(typeof entryFormatNames)[number], 'table'>, EntriesFormat>
