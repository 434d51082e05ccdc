import type { Host } from '../../platform/host.ts'
import type { WholeAnswer } from '../../platform/http-answer.ts'
import { registryFiles } from '../../registry/schema/names.ts'
import type { WriteOutcome } from '../schema/write-outcome.ts'
import { toJsonAnswer } from '../to-json-answer.ts'
import type { Committed } from './commit-write.ts'
import { readStanding, toTarget } from './standing.ts'
import { isReader, type WriteOrder } from './write-order.ts'

/** Status of a write that was made. */
export function toStatus(order: WriteOrder, { result }: Pick<Done, 'result'>): 200 | 201 | 204 {
  if (result === 'created') return 201
  return isReader(order) ? 200 : 204
}

type Done = Extract<Committed, { kind: 'done' }>

/** What a writer is told of a write that was made: who may not read the registry learns that it was, and no more. */
export function toSuccess(
  order: WriteOrder,
  { result, text, warnings }: Done,
  host: Pick<Host, 'sha256'>,
): WholeAnswer {
  const { registry, change } = order
  const location = result === 'created' ? { location: toLocation(order) } : {}
  const status = toStatus(order, { result })
  if (!isReader(order)) {
    const headers = { 'cache-control': 'no-store', ...location }
    return { status, headers, body: '' }
  }
  const { etag } = toTarget(readStanding(registry, text), change, host)
  const tag = etag === undefined ? {} : { etag }
  const id = change.kind === 'document' ? null : change.id
  const outcome: WriteOutcome = { outcome: result, registry, id, ...tag, warnings: [...warnings] }
  return toJsonAnswer(outcome, { status, headers: { ...tag, ...location } })
}

function toLocation({ registry, change }: WriteOrder): string {
  return change.kind === 'document'
    ? `/registries/${registryFiles[registry]}`
    : `/registries/${registry}/${encodeURIComponent(change.id)}`
}
