import type { DiagnosticsFormat } from './format.ts'
import { renderGithub } from './github.ts'
import { renderJsonReport } from './json.ts'
import { renderJunit } from './junit.ts'
import { renderPretty } from './pretty.ts'
import { renderSarif } from './sarif.ts'

/** All formats of `validate`, by name. */
export const diagnosticsFormats = {
  pretty: renderPretty,
  json: renderJsonReport,
  github: renderGithub,
  sarif: renderSarif,
  junit: renderJunit,
} as const satisfies Record<string, DiagnosticsFormat>
