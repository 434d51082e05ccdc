import { json } from './json.ts'
import type { LogFormat } from './log-format.ts'
import { pretty } from './pretty.ts'

/** Formats of `sync --watch` and `serve`, by name. */
export const logFormats = { pretty, json } as const satisfies Record<string, LogFormat>
