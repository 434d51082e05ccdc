import { chmod, mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'

/** Writes an executable shell script and gives its path. The interpreter line is written here. */
export async function writeScript(path: string, body: string, mode = 0o755): Promise<string> {
  await mkdir(nodePath.dirname(path), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${body}\n`)
  await chmod(path, mode)
  return path
}
