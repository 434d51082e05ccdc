import { counts } from './counts.ts'
import type { Fix } from './fix.ts'
import { keyOrder } from './key-order.ts'
import { schemaKey } from './schema-key.ts'

/** All that `validate --fix` puts right, in the order in which it does. */
export const fixes: readonly Fix[] = [counts, keyOrder, schemaKey]
