import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describeCacheKey } from '../../src/env/cache/cache-key.ts'
import { releaseRefresh } from '../../src/env/cache/refresh.ts'
import { exportVariables } from '../../src/env/env.ts'
import type { Host } from '../../src/platform/host.ts'
import { createHost } from '../../src/platform/node/create-host.ts'
import { queryByFlags } from '../../src/query/query.ts'
import type { RegistryHome } from '../../src/registry/home/directories.ts'
import { readValidBytes } from '../../src/registry/load/load-registry.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { openValidationCache } from '../../src/registry/load/validation-cache.ts'
import { registryFiles, registryNames, type SubRegistryName } from '../../src/registry/schema/names.ts'
import { detectHome } from '../../src/sync/detect-registries.ts'
import { loadStatus } from '../../src/sync/status.ts'
import { sync } from '../../src/sync/sync.ts'
import { createJumpingClock } from '../../test/support/fake-clock.ts'
import { type DayReport, planDay, type Query, type Start, type Terminal } from '../day.ts'

// Lives the day of `day.ts` in this process: polls as the daemon does, starts of shells and queries as the command line
// answers them. The wall clock goes minute by minute, everything that waits has real time.

const [, , watched = '', unwatched = '', served = '', bin = '', programRoot = ''] = process.argv
const minuteMs = 60_000
// Scripts that let shells have an answer are not written: nobody reads them here.
const manner = { mode: 'normal', isForced: false, isDryRun: false } as const
const network = { allowPrivate: ['localhost'], upstreams: {} }

const real = createHost({ interrupted: new AbortController().signal })
// Nothing that is written meanwhile comes from a clock that is ahead.
const wall = createJumpingClock(Date.now() + minuteMs)
const clock = { ...real.clock, now: wall.now }
const seats = {
  usual: createSeat(watched, [bin]),
  project: createSeat(watched, [path.join(bin, 'project'), bin]),
  other: createSeat(unwatched, [bin]),
} as const satisfies Record<Terminal, Seat>
const starts = { hits: 0, misses: 0, stale: 0 }
const queries = { hits: 0, misses: 0 }

await mkdir(path.join(bin, 'project'), { recursive: true })
for (const minute of planDay()) {
  if (minute.published) await publish(minute.published)
  for (const start of minute.starts) await startShell(start)
  for (const query of minute.queries) await ask(query)
  await poll(seats.usual)
  wall.jump(minuteMs)
}
const { cache: polls } = await loadStatus(watched, seats.usual.host)
console.log(JSON.stringify({ polls, starts, queries } satisfies DayReport))

/** Where somebody sits. */
interface Seat {
  readonly home: RegistryHome
  readonly host: Host
}

function createSeat(directory: string, first: readonly string[]): Seat {
  const PATH = [...first, real.env.PATH].join(':')
  const env = { ...real.env, PATH, NEXUS_REGISTRY_HOME: directory }
  return { home: { directory, origin: 'environment' }, host: { ...real, clock, env, programRoot } }
}

async function poll({ home, host }: Seat): Promise<void> {
  const { report } = await sync(home, { ...manner, network }, host)
  const failed = registryNames.filter(name => report.registries[name].status === 'failed')
  if (failed.length > 0) throw new Error(`the sync of ${failed.join(', ')} has failed`)
}

async function publish(name: SubRegistryName): Promise<void> {
  const file = path.join(served, registryFiles[name])
  const entries: Record<string, unknown> = JSON.parse(await readFile(file, 'utf8'))
  const changed = Object.entries(entries).map(([id, entry]) =>
    typeof entry === 'object' ? [id, { ...entry, description: `As of ${wall.now()}` }] : [id, entry],
  )
  await writeFile(file, JSON.stringify(Object.fromEntries(changed)))
}

async function startShell({ terminal, isAfterInstall }: Start): Promise<void> {
  if (isAfterInstall) await writeFile(path.join(bin, `program-of-${wall.now()}`), '', { mode: 0o755 })
  const { home, host } = seats[terminal]
  const seen = { isDetecting: false, isRefreshing: false }
  const detect = async () => {
    seen.isDetecting = true
    const snapshot = await loadSnapshot(home.directory, host)
    const { detections } = await detectHome(home, snapshot, { mode: 'quick', isForced: false }, host)
    return { snapshot, detections }
  }
  const refresh = async () => {
    seen.isRefreshing = true
  }
  const request = { home: home.directory, detect, refresh }
  const { status, notes } = await exportVariables(request, host)
  if (status !== 'ok') throw new Error(`the status is ${status}: ${notes.join(', ')}`)
  starts[seen.isDetecting ? 'misses' : 'hits'] += 1
  starts.stale += Number(seen.isRefreshing)
  if (seen.isRefreshing) await refreshExports(seats[terminal])
}

/** The process that `env` starts in the background. */
async function refreshExports({ home, host }: Seat): Promise<void> {
  const { text } = await describeCacheKey({ home: home.directory }, host)
  await sync(home, manner, host)
  await releaseRefresh(text, host)
}

async function ask({ terminal, subject, isAfterEdit }: Query): Promise<void> {
  const { home, host } = seats[terminal]
  const { directory } = home
  const names = subject === 'all' ? registryNames : [subject]
  const [edited] = names
  if (isAfterEdit && edited) await appendFile(path.join(directory, registryFiles[edited]), '\n')
  const notes = await openValidationCache(directory, host)
  const known = await Promise.all(names.map(name => readValidBytes(name, { directory, notes }, host)))
  queries[known.includes(undefined) ? 'misses' : 'hits'] += 1
  const query = { conditions: [], sortKeys: [], limit: undefined, selected: undefined }
  const { broken } = await queryByFlags(subject, query, { directory, host })
  if (broken.length > 0) throw new Error(`what is in ${directory} is broken`)
}
