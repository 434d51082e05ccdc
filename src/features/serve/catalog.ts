import type { Host } from '../../core/host.ts'
import type { LoadedRegistry, Snapshot } from '../../core/snapshot.ts'
import { type RegistryName, registryFiles, registryNames } from '../../schema/names.ts'
import { loadSnapshot } from '../../store/load-snapshot.ts'
import { isSettled, renderWatchedFile, watchFiles } from '../../store/watched-file.ts'
import { createEdition, type Edition } from './edition.ts'

/** What is served of a home, always as its files are. */
export interface Catalog {
  /** What is served now. At once, unless it is time to look at the files again. */
  readonly current: () => Edition | Promise<Edition>
  /** Looks at the files, and takes up what changed. */
  readonly refresh: () => Promise<Edition>
  /** Tells of each change when it is being served. */
  readonly onChange: (listener: (before: Edition, after: Edition) => void) => void
}

/** Whatever is told of changes meanwhile: files are looked at again after this time, in milliseconds. */
const lookEveryMs = 250

/** Loads a home, and loads it again whenever its files have changed. */
export async function openCatalog(home: string, host: Host): Promise<Catalog> {
  const listeners: ((before: Edition, after: Edition) => void)[] = []
  const paths = registryNames.map(name => host.path.join(home, registryFiles[name]))
  let seen = await look(paths, host)
  let edition = createEdition(await loadSnapshot(home, host))
  let lookedAt = host.clock.elapsed()
  let looking: Promise<Edition> | undefined
  const lookAgain = async () => {
    const found = await look(paths, host)
    lookedAt = host.clock.elapsed()
    if (found.print === seen.print && seen.isSettled) return edition
    seen = found
    const before = edition
    const snapshot = withKnown(await loadSnapshot(home, host), before.snapshot)
    if (registryNames.every(name => snapshot.registries[name] === before.snapshot.registries[name]))
      return edition
    edition = createEdition(snapshot)
    for (const tell of listeners) tell(before, edition)
    return edition
  }
  const refresh = () => {
    looking ??= lookAgain().finally(() => {
      looking = undefined
    })
    return looking
  }
  return {
    current: () => (host.clock.elapsed() - lookedAt < lookEveryMs ? edition : refresh()),
    refresh: async () => {
      // What is under way may have looked before the change.
      await looking
      return refresh()
    },
    onChange: listener => {
      listeners.push(listener)
    },
  }
}

async function look(paths: readonly string[], host: Pick<Host, 'fs' | 'clock'>) {
  const files = await watchFiles(paths, host)
  const now = host.clock.now()
  return {
    print: files.map(renderWatchedFile).join(''),
    isSettled: files.every(file => isSettled(file, now)),
  }
}

/** What has not changed stays the very same value, and what was made of it stays good. */
function withKnown(snapshot: Snapshot, before: Snapshot): Snapshot {
  const keep = <Name extends RegistryName>(
    fresh: LoadedRegistry<Name>,
    known: LoadedRegistry<Name>,
  ): LoadedRegistry<Name> => (isSame(fresh, known) ? known : fresh)
  const [now, then] = [snapshot.registries, before.registries]
  return {
    home: snapshot.home,
    registries: {
      hyper: keep(now.hyper, then.hyper),
      dashboard: keep(now.dashboard, then.dashboard),
      tools: keep(now.tools, then.tools),
      providers: keep(now.providers, then.providers),
      models: keep(now.models, then.models),
      plugins: keep(now.plugins, then.plugins),
      microservices: keep(now.microservices, then.microservices),
      adapters: keep(now.adapters, then.adapters),
      ml_frameworks: keep(now.ml_frameworks, then.ml_frameworks),
    },
  }
}

function isSame(left: LoadedRegistry, right: LoadedRegistry): boolean {
  return left.sha256 === right.sha256 && left.state === right.state && left.text === right.text
}
