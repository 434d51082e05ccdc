import type { Host } from '../../platform/host.ts'

type ClaimHost = Pick<Host, 'fs' | 'clock'>

/**
 * Makes a file that says that this process does something; its directory has to be there. False when another one does
 * it, or it cannot be told. A file that was left behind counts no more after `ageMs` milliseconds.
 */
export async function claimFile(path: string, ageMs: number, host: ClaimHost): Promise<boolean> {
  if (await createClaim(path, host)) return true
  const info = await host.fs.lstat(path).catch(() => undefined)
  if (!info || Math.abs(host.clock.now() - info.mtimeMs) <= ageMs) return false
  await host.fs.remove(path).catch(() => undefined)
  return createClaim(path, host)
}

async function createClaim(path: string, { fs, clock }: ClaimHost): Promise<boolean> {
  try {
    await fs.createFile(path, '', 0o600, { isDurable: false })
    // A file server's clock may be another one.
    await fs.setModified(path, clock.now())
    return true
  } catch {
    return false
  }
}
