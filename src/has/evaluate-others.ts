import {
  type CredentialFinding,
  type CredentialHost,
  findCredential,
} from '../detection/services/credentials.ts'
import type { Readiness } from '../graph/graph.ts'
import { createGraph } from '../graph/load-graph.ts'
import { satisfies } from '../lib/version/versions.ts'
import type { Host } from '../platform/host.ts'
import { evaluateSnapshot, reachNeeds } from '../readiness/evaluate-snapshot.ts'
import { gatherFacts } from '../readiness/facts.ts'
import type { Explanation } from '../readiness/readiness.ts'
import { parseRef } from '../registry/refs.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import type { HasRequest, HasResult, TargetOf } from './has-target.ts'

/** The readiness of an entry, and for a provider where its credential is. */
export interface Evaluation {
  readonly explanation: Explanation
  readonly credential: CredentialFinding | undefined
}

/** Whether providers, models, plug-ins, services and adapters are ready, by ref. */
export async function evaluateOthers(
  refs: readonly string[],
  snapshot: Snapshot,
  { home, python, timeoutMs, configFile }: HasRequest,
  host: Host,
): Promise<ReadonlyMap<string, Evaluation>> {
  const graph = createGraph(snapshot)
  const needed = reachNeeds(refs, { graph, snapshot })
  const facts = await gatherFacts({ home, snapshot, refs: needed, python, timeoutMs, configFile }, host)
  const { toExplanation } = evaluateSnapshot(refs, graph, facts)
  return new Map(
    refs.map(ref => {
      const parsed = parseRef(ref)
      const credential = parsed?.registry === 'providers' ? facts.credentials.get(parsed.id) : undefined
      return [ref, { explanation: toExplanation(ref), credential }]
    }),
  )
}

export async function toOtherResult(
  { name, ref, range, version }: TargetOf<'other'>,
  evaluation: Evaluation | undefined,
): Promise<HasResult> {
  if (evaluation === undefined) throw new Error(`${ref} was not evaluated`)
  const { explanation, credential } = evaluation
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
    shown: [version ?? null, showVariable(credential)],
    fields: {
      status,
      ...(version !== undefined && { version }),
      ...(credential && { key_env: variableOf(credential) }),
      causes,
      warnings,
    },
    notes: warnings,
  }
}

/**
 * Whether a credential of a provider that no registry has is here, as a registry would say it. The credential itself is
 * never read.
 */
export async function toProviderResult(
  { name, ref, provider, notes }: TargetOf<'provider'>,
  host: CredentialHost,
): Promise<HasResult> {
  const found = await findCredential(provider, host)
  const reason = found.status === 'configured' ? null : found.reason
  return {
    name,
    ref,
    isReady: found.status === 'configured',
    status: readinessByCredential[found.status],
    reason,
    shown: [showVariable(found)],
    fields: { status: readinessByCredential[found.status], key_env: variableOf(found), reason },
    notes,
  }
}

const readinessByCredential = {
  configured: 'ready',
  unconfigured: 'not set up',
  unknown: 'unknown',
} as const satisfies Record<CredentialFinding['status'], Readiness>

function variableOf(found: CredentialFinding): string | null {
  return found.status === 'configured' ? found.variable : null
}

function showVariable(found: CredentialFinding | undefined): string | null {
  const variable = found === undefined ? null : variableOf(found)
  return variable === null ? null : `by ${variable}`
}
