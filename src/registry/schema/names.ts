/** The seven registries that are flat maps of entries. */
export const subRegistryNames = [
  'tools',
  'providers',
  'models',
  'plugins',
  'microservices',
  'adapters',
  'ml_frameworks',
] as const

/** All nine registries, in the order in which they are shown. */
export const registryNames = ['hyper', 'dashboard', ...subRegistryNames] as const

/** The registries whose entries are detected on the machine: they declare commands, and hold `detected`. */
export const detectedRegistryNames = ['tools', 'ml_frameworks'] as const

/**
 * The registries whose content decides what is started on this machine, or which addresses are requested from it:
 * commands, services, providers, sources of metrics, upstreams. A grant of trust is for all of them.
 */
export const trustedRegistryNames = [
  'hyper',
  'dashboard',
  'tools',
  'providers',
  'microservices',
  'ml_frameworks',
] as const

export type TrustedRegistryName = (typeof trustedRegistryNames)[number]

/** The registries of targets: services and providers that a sync checks over the network. */
export const targetRegistryNames = ['providers', 'microservices'] as const

/** All registries whose entries hold results of a sync. */
export const observedRegistryNames = [...detectedRegistryNames, ...targetRegistryNames] as const

export type TargetRegistryName = (typeof targetRegistryNames)[number]
export type SubRegistryName = (typeof subRegistryNames)[number]
export type RegistryName = (typeof registryNames)[number]

/** Whether a registry is a flat map of entries, and no document. */
export function isSubRegistry(name: RegistryName): name is SubRegistryName {
  return name !== 'hyper' && name !== 'dashboard'
}

/** Whether the entries of a registry are detected on the machine. */
export function isDetectedRegistry(name: RegistryName): name is (typeof detectedRegistryNames)[number] {
  return detectedRegistryNames.some(detected => detected === name)
}

/** Whether a sync writes results into the entries of a registry. */
export function isObservedRegistry(name: RegistryName): boolean {
  return observedRegistryNames.some(observed => observed === name)
}

/** File of each registry in the registry home. */
export const registryFiles = {
  hyper: 'hyper_registry.json',
  dashboard: 'dashboard_registry.json',
  tools: 'tool_registry.json',
  providers: 'provider_registry.json',
  models: 'model_registry.json',
  plugins: 'plugin_registry.json',
  microservices: 'microservice_registry.json',
  adapters: 'adapter_registry.json',
  ml_frameworks: 'ml_framework_registry.json',
} as const satisfies Record<RegistryName, string>

/** A value for each of these names. The overload gives the record the keys that `Object.fromEntries` does not know. */
export function mapNames<Name extends string, T>(
  names: readonly Name[],
  toValue: (name: Name) => T,
): Record<Name, T>
export function mapNames<T>(names: readonly string[], toValue: (name: string) => T): Record<string, T> {
  return Object.fromEntries(names.map(name => [name, toValue(name)]))
}

/** The eight categories of the specification's section 1: the vocabulary where the hyper registry lists none. */
export const toolCategories = [
  'container',
  'orchestration',
  'compute',
  'ml_framework',
  'runtime',
  'vcs',
  'cloud',
  'iac',
] as const

/** What a model can do, beyond text in and text out: the vocabulary where the hyper registry lists none. */
export const modelCapabilities = [
  'streaming',
  'vision',
  'audio',
  'video',
  'function_calling',
  'structured_output',
  'reasoning',
  'embeddings',
  'image_generation',
  'speech',
  'pdf',
  'prompt_caching',
  'code',
] as const

/** Most models of a local runtime that a sync records. */
export const maxLocalModels = 500

/** Fields of a model with a price whose changes its entry keeps. */
export const pricedFields = [
  'cost_per_1k_input',
  'cost_per_1k_output',
  'cost_per_1k_cache_read',
  'cost_per_1k_cache_write',
] as const

/** Most changes of prices that an entry keeps. */
export const maxPriceChanges = 20

/** Catalogues of models that `import` reads. */
export const importFormatNames = ['models.dev', 'litellm', 'openrouter', 'genai-prices'] as const

export type ImportFormatName = (typeof importFormatNames)[number]
