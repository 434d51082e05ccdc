import type { Model } from '../registry/schema/model.ts'
import { entriesOf } from '../registry/snapshot.ts'
import { type Condition, notReady, ready } from './condition.ts'
import { isRetired } from './create-replacements.ts'
import { entryAt } from './entry-at.ts'
import type { Facts } from './facts.ts'

/** A model that is retired does not answer any more; one that will be still does, and says so. */
export function toModelCondition(id: string, { snapshot, today, replacementOf }: Facts): Condition {
  const model = entryAt<Model>(id, 'models', entriesOf(snapshot, 'models'))
  if (model === undefined) return ready()
  const { status, retires_on: end } = model
  if (isRetired(model, today)) {
    const reason =
      status === 'retired' && (end === undefined || end > today) ? 'it is retired' : `it retired on ${end}`
    return notReady(reason, `Use ${replacementOf(model)}`)
  }
  if (status === 'deprecated') {
    const when = end === undefined ? '' : ` and retires on ${end}`
    return ready(`it is deprecated${when}: use ${replacementOf(model)}`)
  }
  if (end !== undefined) {
    return ready(`it retires on ${end}: from then on, use ${replacementOf(model)}`)
  }
  return status === 'preview' ? ready('it is a preview, and may change without notice') : ready()
}
