import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import type { RegistryHome } from '../../registry/home/home.ts'
import { updateHome } from '../../registry/home/update-home.ts'
import { parseRegistry } from '../../registry/load/parse-registry.ts'
import { createKeyRank } from '../../registry/schema/entry-key-order.ts'
import { registryFiles, type SubRegistryName } from '../../registry/schema/names.ts'
import { renewTrust } from '../../security/trust.ts'
import { hashesOf } from '../../security/trust-hashes.ts'
import { type Desired, planUpstream, type UpstreamPlan } from './plan-upstream.ts'

/** Plans by registry. */
export type UpstreamPlans = ReadonlyMap<SubRegistryName, UpstreamPlan>

/** Decides what upstreams change in the texts of their registries. */
export function planUpstreams(
  texts: ReadonlyMap<string, string | undefined>,
  desired: ReadonlyMap<SubRegistryName, Desired>,
): UpstreamPlans {
  return new Map([...desired].map(([name, each]) => [name, planChecked(name, texts.get(name), each)]))
}

/**
 * Writes what upstreams have into a home's files, all or nothing. Answers with what was decided of the texts that were
 * there at that moment. Throws a NexusError, and then the old files stand.
 */
export async function saveUpstreams(
  home: RegistryHome,
  desired: ReadonlyMap<SubRegistryName, Desired>,
  host: Host,
): Promise<UpstreamPlans> {
  if (desired.size === 0) return new Map()
  let plans: UpstreamPlans = new Map()
  await updateHome(
    home.directory,
    [...desired.keys()],
    texts => {
      plans = planUpstreams(texts, desired)
      return new Map(
        [...plans].flatMap(([name, plan]) => (plan.kind === 'planned' ? [[name, plan.text]] : [])),
      )
    },
    host,
    // What came from an upstream is marked, and marked entries run nothing: so what was trusted stays trusted.
    {
      beforeCommit: changes =>
        renewTrust(home.directory, hashesOf('before', changes), hashesOf('after', changes), host),
    },
  )
  return plans
}

// Whatever an upstream sends: what is written can be read again.
function planChecked(name: SubRegistryName, text: string | undefined, desired: Desired): UpstreamPlan {
  const plan = planUpstream(text, desired, createKeyRank(name))
  if (plan.kind === 'refused' || plan.text === text) return plan
  const bytes = new TextEncoder().encode(plan.text)
  const isSound =
    bytes.length <= limits.fileBytes && parseRegistry(name, registryFiles[name], bytes).state === 'ok'
  return isSound
    ? plan
    : { kind: 'refused', reason: 'together with what is here it would be too large to be read again' }
}
