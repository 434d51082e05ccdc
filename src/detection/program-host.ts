import type { FileInfo, Host } from '../platform/host.ts'

/** What the search for programs needs of the outside. */
export type ProgramHost = Pick<Host, 'env' | 'platform' | 'cwd' | 'userHome' | 'path' | 'fs' | 'clock'>

/** Value of a variable whose name Windows writes as it likes (`Path`). */
export function readVariable(name: string, host: Pick<Host, 'env' | 'platform'>): string | undefined {
  if (host.platform !== 'win32') return host.env[name]
  const spelled = Object.keys(host.env).find(key => key.toUpperCase() === name)
  return spelled === undefined ? undefined : host.env[spelled]
}

/** Whether a regular file stands there that this user may execute. */
export async function isProgram(path: string, host: Pick<Host, 'fs'>): Promise<boolean> {
  const info = await host.fs.stat(path).catch(() => undefined)
  return info?.kind === 'file' && (await host.fs.isExecutable(path))
}

/** Changes when another file stands there, or the same one was written to. */
export function toFileIdentity(realPath: string, info: FileInfo): string {
  return [realPath, info.device, info.inode, info.size, info.mtimeMs, info.ctimeMs].join(' ')
}
