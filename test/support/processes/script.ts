import { chmod, mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Writes an executable shell script and gives its path. The interpreter line is written here. */
export async function writeScript(path: string, body: string, mode = 0o755): Promise<string> {
  await mkdir(nodePath.dirname(path), { recursive: true })
  await writeInPlace(path, `#!/bin/sh\n${body}\n`)
  await chmod(path, mode)
  return path
}

// Its directory stays as it is: a file that is exchanged changes what PATH is. While it begins to run somewhere, it
// cannot be opened for writing.
async function writeInPlace(path: string, text: string, tries = 100): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (error) {
    const isBusy = error instanceof Error && 'code' in error && error.code === 'ETXTBSY'
    if (!isBusy || tries <= 1) throw error
    await delay(10)
    await writeInPlace(path, text, tries - 1)
  }
}
