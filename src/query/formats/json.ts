import type { EntriesFormat } from './format.ts'

/** One array. */
export const renderJsonRows: EntriesFormat = entries => JSON.stringify(entries, null, 2)
