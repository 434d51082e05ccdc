import type { DiagnosticsFormat } from './format.ts'
import { renderJson } from './json.ts'
import { renderPretty } from './pretty.ts'

/** All formats of `validate`, by name. */
export const diagnosticsFormats = {
  pretty: renderPretty,
  json: renderJson,
} as const satisfies Record<string, DiagnosticsFormat>
