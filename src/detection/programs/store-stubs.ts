import type { ProgramHost } from '../program-host.ts'

/**
 * Whether it is an app execution alias of Windows: an empty file under WindowsApps that opens the store when the app
 * is not installed. WSL sees the same files under /mnt/c.
 */
export async function isStoreStub(path: string, host: ProgramHost): Promise<boolean> {
  if (!/[\\/]Microsoft[\\/]WindowsApps[\\/][^\\/]*$/i.test(path)) return false
  const info = await host.fs.lstat(path).catch(() => undefined)
  // An alias is a reparse point that some systems cannot stat at all.
  return info === undefined || (info.kind !== 'directory' && info.size === 0)
}
