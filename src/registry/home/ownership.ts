import type { FileInfo, Host } from '../../platform/host.ts'

/**
 * Why somebody else could change this file or directory, as the end of a sentence; undefined when nobody can.
 * What root owns counts as safe: root can change everything anyway.
 */
export function explainForeignControl(info: FileInfo, host: Pick<Host, 'uid'>): string | undefined {
  if (!isOwnedByUserOrRoot(info, host)) return `belongs to another user (uid ${info.uid})`
  // Windows keeps access lists, and tells no permission bits.
  if (host.uid !== undefined && (info.mode & 0o022) !== 0) return 'can be written by other users'
  return undefined
}

export function isOwnedByUserOrRoot(info: FileInfo, host: Pick<Host, 'uid'>): boolean {
  return host.uid === undefined || info.uid === host.uid || info.uid === 0
}
