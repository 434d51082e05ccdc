import { entriesOf } from '../../core/snapshot.ts'
import type { Model } from '../../schema/model.ts'
import { type Condition, notReady, ready } from './condition.ts'
import { entryAt } from './entry-at.ts'
import type { Facts } from './facts.ts'

/** A model that is retired does not answer any more; one that will be still does, and says so. */
export function toModelCondition(id: string, { snapshot, today }: Facts): Condition {
  const model = entryAt<Model>(id, 'models', entriesOf(snapshot, 'models'))
  if (model === undefined) return ready()
  const { status, retires_on: end } = model
  if (status === 'retired' || (end !== undefined && end <= today)) {
    return notReady(
      end === undefined ? 'it is retired' : `it retired on ${end}`,
      `Use ${successorOf(model)} instead`,
    )
  }
  if (status === 'deprecated') {
    const when = end === undefined ? '' : ` and retires on ${end}`
    return ready(`it is deprecated${when}: use ${successorOf(model)} instead`)
  }
  if (end !== undefined) return ready(`it retires on ${end}: use ${successorOf(model)} from then on`)
  return status === 'preview' ? ready('it is a preview, and may change without notice') : ready()
}

function successorOf({ successor, provider }: Model): string {
  return successor ?? `another model (nexus-registry graph providers/${provider} --dependents)`
}
