import type { Readiness } from '../graph/graph.ts'
import { errorMessage } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'
import { toRef } from '../registry/refs.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import {
  type Cause,
  notSetUp,
  type PlatformPath,
  type ReadinessCondition,
  ready,
  toFix,
  unknown,
} from './readiness.ts'

// The platform of the registries: adapters and plug-ins are files below its root, services are what runs of it. A user
// may never have had one, so it counts only where it has been seen.

/** Conditions of adapters and plug-ins, by ref: whether their file is below the root of the platform. */
export async function checkPlatformFiles(
  { snapshot, refs, root }: PlatformRequest,
  host: Pick<Host, 'fs' | 'path' | 'env' | 'programRoot'>,
): Promise<ReadonlyMap<string, ReadinessCondition>> {
  const plugins = Object.entries(entriesOf(snapshot, 'plugins')).map(([id, { path, root: from }]) => ({
    ref: toRef('plugins', id),
    path,
    isShipped: from === 'program',
  }))
  const adapters = Object.entries(entriesOf(snapshot, 'adapters')).map(([id, { path }]) => ({
    ref: toRef('adapters', id),
    path,
    isShipped: false,
  }))
  const wanted = [...plugins, ...adapters].filter(({ ref }) => refs === undefined || refs.has(ref))
  const check = ({ path, isShipped }: { readonly path: string; readonly isShipped: boolean }) => {
    if (!isShipped) return root === undefined ? noRoot : checkFile(path, root, host)
    return host.env[loadedMark] === undefined ? notLoaded : checkFile(path, host.programRoot, host)
  }
  return new Map(await Promise.all(wanted.map(async each => [each.ref, await check(each)] as const)))
}

/** A shell has it when it has loaded the exports of this program. */
const loadedMark = 'NEXUS_ENV_STATUS'

const notLoaded = notSetUp(
  'this shell has not loaded it',
  toFix('Add it to your shell', 'nexus-registry hook zsh'),
)

interface PlatformRequest {
  readonly snapshot: Snapshot
  /** Refs of everything that needs facts; the default is all. */
  readonly refs?: ReadonlySet<string> | undefined
  /** Directory of the platform, absolute; undefined without one. */
  readonly root: string | undefined
}

const noRoot = notSetUp(
  'no platform is configured here',
  toFix('Set platform_root in your configuration, or NEXUS_PLATFORM_ROOT, to the directory of the platform'),
)

async function checkFile(
  file: string,
  root: string,
  { fs, path }: Pick<Host, 'fs' | 'path'>,
): Promise<ReadinessCondition> {
  const full = path.resolve(root, file)
  if (path.isAbsolute(file) || path.relative(root, full).split(path.sep)[0] === '..')
    return unknown(`its path ${file} leads out of the platform`, toFix('Correct path in its entry'))
  try {
    const found = await fs.stat(full)
    if (found?.kind === 'file') return ready()
    const reason = found === undefined ? `${full} does not exist` : `${full} is not a file`
    return notSetUp(reason, toFix('Install it into the platform, or correct platform_root'))
  } catch (error) {
    return unknown(`${full} could not be checked: ${errorMessage(error)}`, toFix('Check its permissions'))
  }
}

interface PathRequest {
  /** The readiness of the model itself. */
  readonly model: Readiness
  /** The best option of each need of the path: an adapter, a service. */
  readonly needs: readonly Readiness[]
  readonly findCauses: () => readonly Cause[]
}

/** The path of a model through the platform. Undefined where the registries have no adapter that could serve it. */
export function evaluatePlatformPath({ model, needs, findCauses }: PathRequest): PlatformPath | undefined {
  if (needs.length === 0) return undefined
  const all = [model, ...needs]
  if (all.every(status => status === 'ready')) return { status: 'ready', causes: [] }
  // Neutral until all of it has been seen here.
  const isSetUp = !needs.includes('not set up') && model !== 'not set up'
  return { status: isSetUp || needs.includes('not ready') ? 'not ready' : 'not set up', causes: findCauses() }
}
