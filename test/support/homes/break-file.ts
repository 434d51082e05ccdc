import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'

/** Ways in which a registry's file cannot be used as a whole, and the state that readers see then. */
export const wholeFaults = [
  ['missing', 'missing'],
  ['empty', 'failed'],
  ['half a document', 'failed'],
  ['not UTF-8', 'failed'],
  ['a list', 'failed'],
  ['a directory', 'failed'],
] as const

export type WholeFault = (typeof wholeFaults)[number][0]

/** Breaks a file in one of these ways. */
export async function breakFile(path: string, fault: WholeFault): Promise<void> {
  const bytes = await readFile(path)
  await rm(path)
  switch (fault) {
    case 'missing':
      return
    case 'a directory':
      return void (await mkdir(path))
    case 'empty':
      return writeFile(path, '')
    case 'half a document':
      return writeFile(path, bytes.subarray(0, bytes.length / 2))
    case 'not UTF-8':
      return writeFile(path, Buffer.concat([Buffer.from([0xff]), bytes]))
    case 'a list':
      return writeFile(path, '[]')
  }
}

/** What lies at a path, for comparison; undefined when nothing does. */
export async function readWhatLies(path: string): Promise<string | undefined> {
  return readFile(path, 'latin1').catch(error => (error.code === 'ENOENT' ? undefined : String(error.code)))
}
