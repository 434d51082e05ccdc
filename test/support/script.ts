import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'

/** Writes an executable shell script and gives its path. The interpreter line is written here. */
export async function writeScript(path: string, body: string, mode = 0o755): Promise<string> {
  await mkdir(nodePath.dirname(path), { recursive: true })
  // In one step: while it runs somewhere, it cannot be opened for writing.
  const fresh = `${path}.${process.pid}.new`
  await writeFile(fresh, `#!/bin/sh\n${body}\n`)
  await chmod(fresh, mode)
  await rename(fresh, path)
  return path
}
