import { entriesOf } from '../../core/snapshot.ts'
import type { Provider } from '../../schema/provider.ts'
import { type Condition, notReady, ready, unknown } from './condition.ts'
import { entryAt } from './entry-at.ts'
import type { Facts } from './facts.ts'

/** Whether the variable with the key is set. The key itself is never looked at. */
export function toProviderCondition(id: string, { snapshot, isSet }: Facts): Condition {
  const provider = entryAt<Provider>(id, 'providers', entriesOf(snapshot, 'providers'))
  if (provider === undefined || provider.auth_type === 'none') return ready()
  const variables = [provider.key_env ?? []].flat()
  if (variables.some(isSet)) return ready()
  if (variables.length === 0) {
    const hint = 'Name the variable in key_env of its entry in provider_registry.json'
    return unknown('its entry does not say which variable holds the key', hint)
  }
  const names = variables.join(' or ')
  const reason = variables.length === 1 ? `${names} is not set` : `neither ${variables.join(' nor ')} is set`
  return notReady(reason, `Set ${names} to your key: export ${variables[0]}=…`)
}
