import type { ImportFormat } from '../import-record.ts'
import { genaiPrices } from './genai-prices.ts'
import { litellm } from './litellm.ts'
import { modelsDev } from './models-dev.ts'
import { openrouter } from './openrouter.ts'

/** All catalogues that can be imported, in the order of the help. */
export const importFormats: readonly ImportFormat[] = [modelsDev, litellm, openrouter, genaiPrices]
