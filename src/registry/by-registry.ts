import type { RegistryName } from './schema/names.ts'

/** A value for each of the nine registries. */
export function byRegistry<T>(toValue: (name: RegistryName) => T): Record<RegistryName, T> {
  return {
    hyper: toValue('hyper'),
    dashboard: toValue('dashboard'),
    tools: toValue('tools'),
    providers: toValue('providers'),
    models: toValue('models'),
    plugins: toValue('plugins'),
    microservices: toValue('microservices'),
    adapters: toValue('adapters'),
    ml_frameworks: toValue('ml_frameworks'),
  }
}
