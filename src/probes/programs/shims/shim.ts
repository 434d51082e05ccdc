import { compareNumerically } from '../../../core/compare-numerically.ts'
import type { ProgramHost } from '../program-host.ts'

/** A program on PATH that may be a version manager's shim. */
export interface Shim {
  /** Name that it is called by. */
  readonly name: string
  readonly path: string
  readonly realPath: string
}

/**
 * What the manager would execute, in its order: absolute paths, of which the first that is a program counts, and
 * `system`, which stands for the rest of PATH. `reason` says in the manager's words why, when nothing of it is there.
 */
export interface ShimAnswer {
  readonly steps: readonly string[]
  readonly reason: string
}

/** A version manager. It is never run: its files are read as it reads them. */
export interface ShimResolver {
  /** Undefined when the program is no shim of this manager. */
  resolve(shim: Shim, host: ProgramHost): Promise<{ manager: string; answer: ShimAnswer } | undefined>
}

const largestShim = 64 * 1024

/** Text of a shim that is a script; undefined for anything large or binary. */
export async function readShimScript(shim: Shim, host: ProgramHost): Promise<string | undefined> {
  const text = await host.fs.readText(shim.realPath, largestShim).catch(() => undefined)
  return text?.startsWith('#!') ? text : undefined
}

/** The directory and its parents, nearest first. */
export function toAncestors(directory: string, host: Pick<ProgramHost, 'path'>): string[] {
  const parent = host.path.dirname(directory)
  return parent === directory ? [directory] : [directory, ...toAncestors(parent, host)]
}

/** Text of a small file; undefined when there is none or it cannot be read. */
export async function readSmall(path: string, host: ProgramHost): Promise<string | undefined> {
  return host.fs.readText(path, largestShim).catch(() => undefined)
}

/** Names in a directory, sorted as versions; none when it cannot be read. */
export async function listVersions(path: string, host: ProgramHost): Promise<string[]> {
  const names = await host.fs.list(path).catch(() => [])
  return names.sort(compareNumerically)
}
