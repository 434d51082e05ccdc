import { type CredentialHost, findCredential } from '../detection/services/credentials.ts'
import { createGraph } from '../graph/load-graph.ts'
import { satisfies } from '../lib/version/versions.ts'
import type { Host } from '../platform/host.ts'
import { evaluateSnapshot, reachNeeds } from '../readiness/evaluate-snapshot.ts'
import { gatherFacts } from '../readiness/facts.ts'
import type { Explanation } from '../readiness/readiness.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import type { HasRequest, HasResult, TargetOf } from './has-target.ts'

/** Whether models, plug-ins, services and adapters are ready, by ref. */
export async function evaluateOthers(
  refs: readonly string[],
  snapshot: Snapshot,
  { home, python, timeoutMs, configFile }: HasRequest,
  host: Host,
): Promise<ReadonlyMap<string, Explanation>> {
  const graph = createGraph(snapshot)
  const needed = reachNeeds(refs, { graph, snapshot })
  const facts = await gatherFacts({ home, snapshot, refs: needed, python, timeoutMs, configFile }, host)
  const { toExplanation } = evaluateSnapshot(refs, graph, facts)
  return new Map(refs.map(ref => [ref, toExplanation(ref)]))
}

export async function toOtherResult(
  { name, ref, range, version }: TargetOf<'other'>,
  explanation: Explanation | undefined,
): Promise<HasResult> {
  if (explanation === undefined) throw new Error(`${ref} was not evaluated`)
  const { status, causes, warnings } = explanation
  const reasons = causes.map(cause => (cause.ref === ref ? cause.reason : `${cause.ref}: ${cause.reason}`))
  const isInRange = range === undefined || (await satisfies(version ?? null, range))
  const reason = isInRange ? null : `its version ${version} does not satisfy ${range}`
  return {
    name,
    ref,
    isReady: status === 'ready' && isInRange,
    status,
    reason: status === 'ready' ? reason : reasons.join('; ') || `it is ${status}`,
    shown: [version ?? null],
    fields: { status, ...(version !== undefined && { version }), causes, warnings },
    notes: warnings,
  }
}

/** Whether a credential of a provider is here. The credential itself is never read. */
export async function toProviderResult(
  { name, ref, provider, notes }: TargetOf<'provider'>,
  host: CredentialHost,
): Promise<HasResult> {
  const found = await findCredential(provider, host)
  const variable = found.status === 'configured' ? found.variable : null
  const reason = found.status === 'configured' ? null : found.reason
  return {
    name,
    ref,
    isReady: found.status === 'configured',
    status: found.status,
    reason,
    shown: [variable && `by ${variable}`],
    fields: { status: found.status, key_env: variable, reason },
    notes,
  }
}
