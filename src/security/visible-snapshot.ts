import type { RegistryName } from '../registry/schema/names.ts'
import type { LoadedRegistry, Snapshot } from '../registry/snapshot.ts'

/**
 * The snapshot as one reader may see it: of a registry that is not readable only its name is left. What is computed from
 * it can tell nothing of that registry, and has to say that it may not be seen rather than that it is not there.
 */
export function toVisibleSnapshot(snapshot: Snapshot, readable: ReadonlySet<RegistryName>): Snapshot {
  const see = <Name extends RegistryName>(registry: LoadedRegistry<Name>): LoadedRegistry<Name> =>
    readable.has(registry.name) ? registry : hide(registry.name)
  const { hyper, dashboard, tools, providers, models, plugins, microservices, adapters, ml_frameworks } =
    snapshot.registries
  return {
    home: snapshot.home,
    registries: {
      hyper: see(hyper),
      dashboard: see(dashboard),
      tools: see(tools),
      providers: see(providers),
      models: see(models),
      plugins: see(plugins),
      microservices: see(microservices),
      adapters: see(adapters),
      ml_frameworks: see(ml_frameworks),
    },
  }
}

function hide<Name extends RegistryName>(name: Name): LoadedRegistry<Name> {
  return {
    name,
    path: '',
    state: 'hidden',
    content: undefined,
    text: undefined,
    sha256: undefined,
    quarantined: [],
    diagnostics: [],
  }
}
