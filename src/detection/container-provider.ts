import type { FoundProgram, ProbeContext } from './probe.ts'

const largestWrapper = 4096

/** Who answers to `docker` or `podman`: podman poses as docker by a link, or by a script that calls it (podman-docker). */
export async function readProvider(
  found: FoundProgram,
  versionLine: unknown,
  context: ProbeContext,
): Promise<'docker' | 'podman'> {
  if (typeof versionLine === 'string' && /podman/i.test(versionLine)) return 'podman'
  const { fs, path } = context.host
  const realPath = await fs.realPath(found.target).catch(() => found.target)
  if (/^podman/.test(path.basename(realPath))) return 'podman'
  const text = await fs.readText(realPath, largestWrapper).catch(() => undefined)
  return text?.startsWith('#!') && /^\s*exec\s.*podman/m.test(text) ? 'podman' : 'docker'
}
