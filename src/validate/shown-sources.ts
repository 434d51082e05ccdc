import type { RegistryName } from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'

// Fields that an entry of each registry can hardly do without, and that no other file is likely to have.
const telling: Readonly<Record<RegistryName, readonly string[]>> = {
  hyper: ['sub_registries', 'registry_type', 'dependency_graph'],
  dashboard: ['sections'],
  tools: ['detection', 'env_var', 'version_check'],
  providers: ['auth_type', 'key_env', 'base_url', 'endpoint'],
  models: ['provider', 'context_tokens', 'capabilities'],
  plugins: ['functions', 'dependencies'],
  microservices: ['endpoints', 'health_endpoint'],
  adapters: ['path', 'provider', 'capabilities_enum'],
  ml_frameworks: ['import_name', 'detection', 'env_var'],
}

/**
 * The texts that a report may show lines of, by path: those that look like the registry that they are named after. What
 * else bears the name may be a file with secrets, and reports are read by others.
 */
export function toShownSources(registries: readonly LoadedRegistry[]): ReadonlyMap<string, string> {
  return new Map(
    registries.flatMap(({ name, path, text }): [string, string][] =>
      text !== undefined && isRegistryLike(name, text) ? [[path, text]] : [],
    ),
  )
}

function isRegistryLike(name: RegistryName, text: string): boolean {
  const start = text.replace(/^\ufeff/, '').trimStart()
  if (!start.startsWith('{')) return false
  return telling[name].some(field => text.includes(`"${field}"`))
}
