import type { Host } from '../platform/host.ts'

export type KernelFiles = Pick<Host, 'fs'>

/** First line of a small file of the kernel, trimmed; undefined when it is not there or cannot be read. */
export async function readAttribute(path: string, { fs }: KernelFiles): Promise<string | undefined> {
  const text = await readKernelText(path, { fs })
  return text?.split('\n', 1)[0]?.trim() || undefined
}

/** Text of a small file of the kernel; undefined when it is not there or cannot be read. */
export async function readKernelText(path: string, { fs }: KernelFiles): Promise<string | undefined> {
  return fs.readText(path, 64 * 1024).catch(() => undefined)
}

/** Names in a directory, sorted; undefined when it is not there or cannot be read. */
export async function listNames(path: string, { fs }: KernelFiles): Promise<string[] | undefined> {
  return fs.list(path).then(
    names => names.sort(),
    () => undefined,
  )
}

/** Whether something is there. */
export async function exists(path: string, { fs }: KernelFiles): Promise<boolean> {
  return fs.lstat(path).then(
    info => info !== undefined,
    () => false,
  )
}
