import { NexusError } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'

/** Where a file of `shell/` lies in this installation. */
export function shellFilePath(
  name: string,
  { path, programRoot }: Pick<Host, 'path' | 'programRoot'>,
): string {
  return path.join(programRoot, 'shell', name)
}

/** Text of a file of `shell/`. Throws a NexusError('input') when the installation lacks it. */
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
