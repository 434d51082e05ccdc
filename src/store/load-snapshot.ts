import type { Host } from '../core/host.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { loadRegistry } from './load-registry.ts'

/** Reads all nine registries of a home. Trouble with a file is told in its `diagnostics`, never thrown. */
export async function loadSnapshot(
  directory: string,
  host: Pick<Host, 'fs' | 'path' | 'sha256'>,
): Promise<Snapshot> {
  const [hyper, dashboard, tools, providers, models, plugins, microservices, adapters, mlFrameworks] =
    await Promise.all([
      loadRegistry('hyper', directory, host),
      loadRegistry('dashboard', directory, host),
      loadRegistry('tools', directory, host),
      loadRegistry('providers', directory, host),
      loadRegistry('models', directory, host),
      loadRegistry('plugins', directory, host),
      loadRegistry('microservices', directory, host),
      loadRegistry('adapters', directory, host),
      loadRegistry('ml_frameworks', directory, host),
    ])
  return {
    home: directory,
    registries: {
      hyper,
      dashboard,
      tools,
      providers,
      models,
      plugins,
      microservices,
      adapters,
      ml_frameworks: mlFrameworks,
    },
  }
}
