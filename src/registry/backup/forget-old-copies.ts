import { type CopyHost, copiesDirectory } from './good-copy.ts'

/** Most homes of which copies are kept: those that were synced last. */
const keptHomes = 32

/** Drops the copies of homes that were not synced for longest, so that homes that come and go do not fill the cache. */
export async function forgetOldCopies(host: CopyHost): Promise<void> {
  const directory = copiesDirectory(host)
  if (directory === undefined) return
  const names = await host.fs.list(directory)
  if (names.length <= keptHomes) return
  const homes = await Promise.all(
    names.map(async name => {
      const path = host.path.join(directory, name)
      return { path, seenAt: await findLastSeen(path, host) }
    }),
  )
  const old = homes.sort((left, right) => right.seenAt - left.seenAt).slice(keptHomes)
  await Promise.all(old.map(({ path }) => host.fs.removeTree(path)))
}

async function findLastSeen(path: string, { fs, path: { join } }: CopyHost): Promise<number> {
  const names = await fs.list(path).catch(() => [])
  const infos = await Promise.all(names.map(name => fs.lstat(join(path, name)).catch(() => undefined)))
  return Math.max(0, ...infos.map(info => info?.mtimeMs ?? 0))
}
