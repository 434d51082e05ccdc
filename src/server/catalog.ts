import type { Host } from '../platform/host.ts'
import { isStable, renderWatchedFile, watchFiles } from '../registry/home/watched-file.ts'
import { createLargeReader } from '../registry/load/large-registry.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { type RegistryName, registryFiles, registryNames } from '../registry/schema/names.ts'
import { type LoadedRegistry, mapRegistries, type Snapshot } from '../registry/snapshot.ts'
import { createRevision, type Revision } from './revision.ts'

/** The current revision of a home, always as its files are. */
export interface Catalog {
  /** The current revision: at once, unless it is time to check the files. */
  readonly current: () => Revision | Promise<Revision>
  /** The same, but the revision before while a large registry is being read. */
  readonly prompt: () => Revision | Promise<Revision>
  /** Checks the files, and loads what has changed. */
  readonly refresh: () => Promise<Revision>
  /** Reports each new revision. The next one is loaded when all listeners are done. */
  readonly onChange: (listener: ChangeListener) => void
}

type ChangeListener = (before: Revision, after: Revision) => void | Promise<void>

/** Time after which files are checked again, even without an event, in milliseconds. */
const checkEveryMs = 250

/** Loads a home, and loads it again when its files have changed. Rejects when the server ends before that. */
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
  let revision = createRevision(await load(() => undefined))
  let checkedAt = host.clock.elapsed()
  let checking: CatalogCheck | undefined
  const checkAgain = async (onLarge: () => void) => {
    const found = await check(paths, host)
    checkedAt = host.clock.elapsed()
    if (found.hash === seen.hash && seen.areStable) return revision
    // The revision before is not served when access rights may have changed.
    const isAccessSame = found.access === seen.access && seen.isAccessStable
    seen = found
    const before = revision
    const snapshot = withKnown(
      await load(isAccessSame ? onLarge : () => undefined, before.snapshot),
      before.snapshot,
    )
    if (registryNames.every(name => snapshot.registries[name] === before.snapshot.registries[name]))
      return revision
    revision = createRevision(snapshot)
    const after = revision
    await Promise.all(listeners.map(listener => listener(before, after)))
    return revision
  }
  const refresh = (): CatalogCheck => {
    checking ??= beginCheck()
    return checking
  }
  const beginCheck = (): CatalogCheck => {
    let onLarge: () => void = () => undefined
    const large = new Promise<void>(resolve => {
      onLarge = resolve
    })
    const found = checkAgain(onLarge).finally(() => {
      checking = undefined
    })
    return { found, large }
  }
  const isFresh = () => host.clock.elapsed() - checkedAt < checkEveryMs
  return {
    current: () => (isFresh() ? revision : refresh().found),
    prompt: () => {
      if (isFresh()) return revision
      const { found, large } = refresh()
      return Promise.race([found, large.then(() => revision)])
    },
    refresh: async () => {
      // A check under way may have read the files before the change.
      await checking?.found
      return refresh().found
    },
    onChange: listener => {
      listeners.push(listener)
    },
  }
}

interface CatalogCheck {
  readonly found: Promise<Revision>
  /** Settles when reading a large registry begins; never when access rights may have changed. */
  readonly large: Promise<void>
}

async function check(paths: readonly string[], host: Pick<Host, 'fs' | 'clock'>) {
  const files = await watchFiles(paths, host)
  const now = host.clock.now()
  // The hyper registry, which comes first, has the access rights.
  const access = files.slice(0, 1)
  return {
    hash: files.map(renderWatchedFile).join(''),
    access: access.map(renderWatchedFile).join(''),
    isAccessStable: access.every(file => isStable(file, now)),
    areStable: files.every(file => isStable(file, now)),
  }
}

/** Keeps the objects of unchanged registries, so that values derived from them stay valid. */
function withKnown(snapshot: Snapshot, before: Snapshot): Snapshot {
  const [now, then] = [snapshot.registries, before.registries]
  const keep = <Name extends RegistryName>(name: Name): LoadedRegistry<Name> =>
    isSame(now[name], then[name]) ? then[name] : now[name]
  return { home: snapshot.home, registries: mapRegistries(keep) }
}

function isSame(left: LoadedRegistry, right: LoadedRegistry): boolean {
  return left.sha256 === right.sha256 && left.state === right.state && left.text === right.text
}
