import type { Snapshot } from '../snapshot.ts'
import { type LoadHost, type LoadOptions, readRegistry } from './load-registry.ts'
import { openSoundNotes } from './sound-notes.ts'

/**
 * Reads all nine registries of a home. Trouble with a file is told in its `diagnostics`, never thrown; where a file
 * cannot be used as a whole, the content is that of its last good copy.
 */
export async function loadSnapshot(
  directory: string,
  host: LoadHost,
  options: LoadOptions = {},
): Promise<Snapshot> {
  const source = { directory, notes: await openSoundNotes(directory, host), ...options }
  const [hyper, dashboard, tools, providers, models, plugins, microservices, adapters, mlFrameworks] =
    await Promise.all([
      readRegistry('hyper', source, host),
      readRegistry('dashboard', source, host),
      readRegistry('tools', source, host),
      readRegistry('providers', source, host),
      readRegistry('models', source, host),
      readRegistry('plugins', source, host),
      readRegistry('microservices', source, host),
      readRegistry('adapters', source, host),
      readRegistry('ml_frameworks', source, host),
    ])
  await source.notes.save()
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
