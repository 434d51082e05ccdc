import { NexusError } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'

/** Path of a file in `shell/` of this installation. */
export function shellFilePath(
  name: string,
  { path, programRoot }: Pick<Host, 'path' | 'programRoot'>,
): string {
  return path.join(programRoot, 'shell', name)
}

/** Reads a file in `shell/`. Throws a NexusError('input') if it is missing. */
export async function loadShellFile(
  name: string,
  host: Pick<Host, 'fs' | 'path' | 'programRoot'>,
): Promise<string> {
  const file = shellFilePath(name, host)
  const text = await host.fs.readText(file)
  if (text !== undefined) return text
  throw new NexusError('input', `${file} is missing: the installation is incomplete`, {
    hint: 'Install nexus-registry again',
  })
}
