import type { EntriesFormat } from './format.ts'

/** One object a line. */
export const renderNdjson: EntriesFormat = entries => entries.map(entry => JSON.stringify(entry)).join('\n')
