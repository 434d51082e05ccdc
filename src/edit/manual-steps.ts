import type { Host } from '../platform/host.ts'
import type { Addition, EntryAddition } from './addition.ts'

/** Where the specification has the adapters of all providers. */
const universalAdapter = 'services/llm_orchestrator/adapters/universal_adapter.py'

/**
 * What the specification's lists have that no registry can do: code of the platform, with its paths. `platformRoot` is its
 * root, where the configuration names it.
 */
export function listManualSteps(
  additions: readonly Addition[],
  platformRoot: string | undefined,
  { path }: Pick<Host, 'path'>,
): string[] {
  const toPath = (file: unknown) =>
    platformRoot === undefined ? String(file) : path.join(platformRoot, String(file))
  return additions.flatMap(addition => {
    if (!addition.isRequested) return []
    if (addition.registry === 'providers') return listProviderSteps(addition, additions, toPath)
    const isFile = addition.registry === 'plugins' || addition.registry === 'adapters'
    const isPartOfProvider =
      addition.registry === 'adapters' && findProvider(addition, additions) !== undefined
    return isFile && !isPartOfProvider ? [`Write ${toPath(addition.entry.path)}`] : []
  })
}

function findProvider({ entry }: EntryAddition, additions: readonly Addition[]): Addition | undefined {
  return additions.find(
    ({ registry, ...other }) => registry === 'providers' && 'id' in other && other.id === entry.provider,
  )
}

function listProviderSteps(
  { id, entry }: EntryAddition,
  additions: readonly Addition[],
  toPath: (file: unknown) => string,
): string[] {
  if (entry.kind === 'local') return []
  const adapter = additions.find(
    (other): other is EntryAddition => other.registry === 'adapters' && other.entry.provider === id,
  )
  const hasModels = additions.some(other => other.registry === 'models' && other.entry.provider === id)
  return [
    ...(adapter === undefined ? [] : [`Write the adapter ${toPath(adapter.entry.path)}`]),
    `Add ${id} to REGISTRY in ${toPath(universalAdapter)}`,
    `Let auto-select choose ${id} in multi_llm_service.py`,
    ...(hasModels
      ? []
      : [`Add its models: nexus-registry add model ID --provider ${id} --context TOKENS --capability WORD`]),
  ]
}
