import type { Provider } from '../registry/schema/provider.ts'
import { entriesOf } from '../registry/snapshot.ts'
import { type Condition, notReady, ready, unknown } from './condition.ts'
import { entryAt } from './entry-at.ts'
import type { Facts } from './facts.ts'

/** Whether the variable with the key is set. The key itself is never looked at. */
export function toProviderCondition(id: string, { snapshot, keyOf }: Facts): Condition {
  const provider = entryAt<Provider>(id, 'providers', entriesOf(snapshot, 'providers'))
  const key = provider && keyOf(provider)
  if (key?.kind === 'unset') return notReady(key.reason, key.hint)
  return key?.kind === 'unnamed' ? unknown(key.reason, key.hint) : ready()
}
