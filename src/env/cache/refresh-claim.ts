import type { Host } from '../../platform/host.ts'
import { claimFile } from '../../registry/home/claim-file.ts'
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
  // Where nothing can be written there is nothing to refresh either.
  return path !== undefined && claimFile(path, claimAgeMs, host)
}

/** Lets the next one refresh the answer. */
export async function releaseRefresh(question: string, host: ClaimHost): Promise<void> {
  const path = claimPath(question, host)
  if (path !== undefined) await host.fs.remove(path)
}

function claimPath(question: string, host: ClaimHost): string | undefined {
  const directory = answerDirectory(question, host)
  return directory && host.path.join(directory, 'refreshing')
}
