import type { EntriesFormat } from './format.ts'

/** One array. */
export const renderJson: EntriesFormat = entries => JSON.stringify(entries, null, 2)
