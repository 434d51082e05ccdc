import type { Host } from '../core/host.ts'
import { answerDirectory } from './answers.ts'

/**
 * Who makes this file refreshes the answer beside it, and removes it when that is done. One that was left behind, by a
 * refresh that failed or was killed, keeps others from trying again at once; after this time it counts no more.
 */
const claimAgeMs = 120_000

type ClaimHost = Pick<Host, 'env' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256'>

/** Whether this process may start the refresh of an answer. False when another one has, or it cannot be told. */
export async function claimRefresh(question: string, host: ClaimHost): Promise<boolean> {
  const path = claimPath(question, host)
  if (path === undefined) return false
  if (await createClaim(path, host)) return true
  const info = await host.fs.lstat(path).catch(() => undefined)
  if (!info || Math.abs(host.clock.now() - info.mtimeMs) <= claimAgeMs) return false
  await host.fs.remove(path).catch(() => undefined)
  return createClaim(path, host)
}

/** Lets the next one refresh the answer. */
export async function releaseRefresh(question: string, host: ClaimHost): Promise<void> {
  const path = claimPath(question, host)
  if (path !== undefined) await host.fs.remove(path)
}

// Where nothing can be written there is nothing to refresh either.
async function createClaim(path: string, { fs, clock }: Pick<Host, 'fs' | 'clock'>): Promise<boolean> {
  try {
    await fs.createFile(path, '', 0o600, { isDurable: false })
    // A file server's clock may be another one.
    await fs.setModified(path, clock.now())
    return true
  } catch {
    return false
  }
}

function claimPath(question: string, host: ClaimHost): string | undefined {
  const directory = answerDirectory(question, host)
  return directory && host.path.join(directory, 'refreshing')
}
