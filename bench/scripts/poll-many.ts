import { cp } from 'node:fs/promises'
import path from 'node:path'
import { createHost } from '../../src/platform/node/create-host.ts'
import type { RegistryHome } from '../../src/registry/home/directories.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { registryFiles, subRegistryNames } from '../../src/registry/schema/names.ts'
import { syncUpstreams } from '../../src/sync/upstream/sync-upstreams.ts'

// Polls as many registries as each of `argv[5]`… says, all at once, again and again, in turn. Prints for each of these
// numbers how much CPU time one poll of one registry took, in microseconds. A home has seven at most: these are in copies
// of the home `argv[2]`, below `argv[3]`, and their upstreams below the address `argv[4]`.

const [, , shipped = '', directory = '', address = '', ...numbers] = process.argv
const counts = numbers.map(Number)
const host = createHost({ interrupted: new AbortController().signal })
const perHome = subRegistryNames.length
/** Turns before the measurement, and in it. Whatever else the machine does meets all numbers alike. */
const [settling, measured] = [1, 6]
/** So many times a registry is polled in a turn, or a little more. */
const pollsOfTurn = 500

/** Registries of one home. */
interface Group {
  readonly home: RegistryHome
  readonly sources: Parameters<typeof syncUpstreams>[0]['sources']
}

const homes = await Promise.all(
  Array.from({ length: homesOf(Math.max(...counts)) }, (_, index) => copyHome(index)),
)
const used = counts.map(() => 0)
for (let turn = 0; turn < settling + measured; turn++)
  for (const [index, count] of counts.entries()) {
    const cpu = await pollOften(count)
    if (turn >= settling) used[index] = (used[index] ?? 0) + cpu / measured
  }
console.log(JSON.stringify(used))

function homesOf(registries: number): number {
  return Math.ceil(registries / perHome)
}

async function copyHome(index: number): Promise<RegistryHome> {
  const home = path.join(directory, `home-${index}`)
  await cp(shipped, home, { recursive: true })
  return { directory: home, origin: 'flag' }
}

/** CPU time of one poll of one registry. */
async function pollOften(count: number): Promise<number> {
  const groups = homes.slice(0, homesOf(count)).map((home, index) => toGroup(home, index, count))
  const times = Math.ceil(pollsOfTurn / count)
  const before = process.cpuUsage()
  for (let time = 0; time < times; time++) await Promise.all(groups.map(poll))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (times * count)
}

function toGroup(home: RegistryHome, index: number, count: number): Group {
  const names = subRegistryNames.slice(0, count - index * perHome)
  return { home, sources: names.map(name => ({ name, url: `${address}/${index}/${registryFiles[name]}` })) }
}

async function poll({ home, sources }: Group): Promise<void> {
  const snapshot = await loadSnapshot(home.directory, host)
  const network = { allowPrivate: ['localhost'], upstreams: {} }
  const request = { home, snapshot, sources, network, isForced: false, isDryRun: false }
  const { results, notes } = await syncUpstreams(request, host)
  const errors = [...results.values()].flatMap(({ upstream }) => upstream.error ?? [])
  const [trouble] = [...errors, ...notes]
  if (trouble !== undefined) throw new Error(trouble)
}
