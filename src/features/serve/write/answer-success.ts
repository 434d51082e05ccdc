import type { Host } from '../../../core/host.ts'
import type { WholeAnswer } from '../../../core/http/http-answer.ts'
import type { WriteOutcome } from '../../../schema/api/write-outcome.ts'
import { registryFiles } from '../../../schema/names.ts'
import { toJsonAnswer } from '../to-json-answer.ts'
import type { Committed } from './commit-write.ts'
import { readStanding, toTarget } from './standing.ts'
import { isReader, type WriteOrder } from './write-order.ts'

/** What a writer is told of a write that was made: who may not read the registry learns that it was, and no more. */
export function toSuccess(
  order: WriteOrder,
  { result, text, warnings }: Extract<Committed, { kind: 'done' }>,
  host: Pick<Host, 'sha256'>,
): WholeAnswer {
  const { registry, change } = order
  const location = result === 'created' ? { location: toLocation(order) } : {}
  const status = result === 'created' ? 201 : 200
  if (!isReader(order)) {
    const headers = { 'cache-control': 'no-store', ...location }
    return { status: status === 201 ? 201 : 204, headers, body: '' }
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
