import { counts } from './counts.ts'
import type { Fix } from './fix.ts'
import { keyOrder } from './key-order.ts'
import { schemaKey } from './schema-key.ts'

/** All fixes of `validate --fix`, in the order in which they are applied. */
export const fixes: readonly Fix[] = [counts, keyOrder, schemaKey]
