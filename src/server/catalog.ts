import type { Host } from '../platform/host.ts'
import { isStable, renderWatchedFile, watchFiles } from '../registry/home/watched-file.ts'
import { createLargeReader } from '../registry/load/large-registry.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { type RegistryName, registryFiles, registryNames } from '../registry/schema/names.ts'
import type { LoadedRegistry, Snapshot } from '../registry/snapshot.ts'
import { createRevision, type Revision } from './revision.ts'

/** What is served of a home, always as its files are. */
export interface Catalog {
  /** What is served now. At once, unless it is time to look at the files again. */
  readonly current: () => Revision | Promise<Revision>
  /** The same, without waiting for a large registry that is being read: then what was served until now. */
  readonly prompt: () => Revision | Promise<Revision>
  /** Looks at the files, and takes up what changed. */
  readonly refresh: () => Promise<Revision>
  /** Tells of each change when it is being served. The next one is taken up when all listeners are done. */
  readonly onChange: (listener: ChangeListener) => void
}

type ChangeListener = (before: Revision, after: Revision) => void | Promise<void>

/** Whatever is told of changes meanwhile: files are looked at again after this time, in milliseconds. */
const checkEveryMs = 250

/** Loads a home, and loads it again whenever its files have changed. Rejects when the end comes before it is loaded. */
export async function openCatalog(home: string, host: Host, ended?: AbortSignal): Promise<Catalog> {
  const listeners: ChangeListener[] = []
  const load = (onBegin: () => void, current?: Snapshot) => {
    const findCurrent = <Name extends RegistryName>(name: Name): LoadedRegistry<Name> | undefined =>
      current?.registries[name]
    const large = createLargeReader(host.workers, { onBegin, findCurrent, signal: ended })
    return loadSnapshot(home, host, { large })
  }
  const paths = registryNames.map(name => host.path.join(home, registryFiles[name]))
  let seen = await check(paths, host)
  let edition = createRevision(await load(() => undefined))
  let lookedAt = host.clock.elapsed()
  let looking: CatalogCheck | undefined
  const lookAgain = async (onLarge: () => void) => {
    const found = await check(paths, host)
    lookedAt = host.clock.elapsed()
    if (found.print === seen.print && seen.isSettled) return edition
    // Who may see what is never served as it was.
    const isAccessSame = found.access === seen.access && seen.isSettled
    seen = found
    const before = edition
    const snapshot = withKnown(
      await load(isAccessSame ? onLarge : () => undefined, before.snapshot),
      before.snapshot,
    )
    if (registryNames.every(name => snapshot.registries[name] === before.snapshot.registries[name]))
      return edition
    edition = createRevision(snapshot)
    const after = edition
    await Promise.all(listeners.map(listener => listener(before, after)))
    return edition
  }
  const refresh = (): CatalogCheck => {
    looking ??= beginLook()
    return looking
  }
  const beginLook = (): CatalogCheck => {
    let onLarge: () => void = () => undefined
    const large = new Promise<void>(resolve => {
      onLarge = resolve
    })
    const found = lookAgain(onLarge).finally(() => {
      looking = undefined
    })
    return { found, large }
  }
  const isFresh = () => host.clock.elapsed() - lookedAt < checkEveryMs
  return {
    current: () => (isFresh() ? edition : refresh().found),
    prompt: () => {
      if (isFresh()) return edition
      const { found, large } = refresh()
      return Promise.race([found, large.then(() => edition)])
    },
    refresh: async () => {
      // What is under way may have looked before the change.
      await looking?.found
      return refresh().found
    },
    onChange: listener => {
      listeners.push(listener)
    },
  }
}

interface CatalogCheck {
  readonly found: Promise<Revision>
  /** Settles when a large registry begins to be read; never when who may see what may have changed. */
  readonly large: Promise<void>
}

async function check(paths: readonly string[], host: Pick<Host, 'fs' | 'clock'>) {
  const files = await watchFiles(paths, host)
  const now = host.clock.now()
  return {
    print: files.map(renderWatchedFile).join(''),
    access: files.slice(0, 1).map(renderWatchedFile).join(''),
    isSettled: files.every(file => isStable(file, now)),
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
