import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { readHomeFiles, updateHomeByPlan } from '../registry/home/update-home.ts'
import { hashesOf, renewTrust } from '../security/trust.ts'
import { type Addition, type AdditionPlan, additionRegistryNames, planAdditions } from './plan-additions.ts'

/** What additions would change in a home as it is now. Nothing is written. */
export async function previewAdditions(
  additions: readonly Addition[],
  home: RegistryHome,
  host: Host,
): Promise<AdditionPlan> {
  const files = await readHomeFiles(home.directory, additionRegistryNames, host)
  return planAdditions(new Map(files.map(({ name, text }) => [name, text])), additions)
}

/**
 * Adds entries to a home: all files or none, under its lock. A grant of trust follows: the user named the entries.
 * Returns what was changed.
 */
export async function applyAdditions(
  additions: readonly Addition[],
  home: RegistryHome,
  host: Host,
): Promise<AdditionPlan> {
  const update = {
    names: additionRegistryNames,
    plan: async (texts: Parameters<typeof planAdditions>[0]) => planAdditions(texts, additions),
  }
  const { plan } = await updateHomeByPlan(home.directory, update, host, {
    beforeCommit: changes =>
      renewTrust(home.directory, hashesOf('before', changes), hashesOf('after', changes), host),
  })
  return plan
}
