import type { ProgramHost } from '../../program-host.ts'

/** Where plugins put a program inside an installation: `bin`, the top, or the same one directory below (`go/bin`). */
export async function toInstallCandidates(
  installation: string,
  name: string,
  host: ProgramHost,
): Promise<string[]> {
  const { join } = host.path
  const below = (await host.fs.list(installation).catch(() => [])).filter(entry => entry !== 'bin').sort()
  return [
    join(installation, 'bin', name),
    join(installation, name),
    ...below.map(entry => join(installation, entry, 'bin', name)),
    ...below.map(entry => join(installation, entry, name)),
  ]
}
