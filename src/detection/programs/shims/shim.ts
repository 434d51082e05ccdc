import { isJsonObject } from '../../../lib/json/json-value.ts'
import { compareNumerically } from '../../../lib/version/versions.ts'
import type { ProgramHost } from '../../probe.ts'

/** A program on PATH that may be a version manager's shim. */
export interface Shim {
  /** Name that it is called by. */
  readonly name: string
  readonly path: string
  readonly realPath: string
}

/**
 * One thing that the manager would try. A text is the absolute path of a program, or `system` for the rest of PATH.
 * `itself`: the manager's own launcher has to be executed; `leadsTo` changes with what it starts, and is undefined when
 * that is not known, and `version` is set when no command is needed for it. `unclear`: what the manager does here cannot be worked out, so nothing behind it counts.
 */
export type ShimStep =
  | string
  | { readonly itself: true; readonly leadsTo: string | undefined; readonly version?: string }
  | { readonly unclear: string; readonly isRunnable: boolean }

/**
 * What the manager would execute, in its order; the first that is a program counts. `reason` says in the manager's
 * words why, when nothing of it is there: then the manager itself would fail.
 */
export interface ShimResult {
  readonly steps: readonly ShimStep[]
  readonly reason: string
}

/** A version manager. It is never run: its files are read as it reads them. */
export interface ShimResolver {
  /** Undefined when the program is no shim of this manager. */
  resolve(shim: Shim, host: ProgramHost): Promise<{ manager: string; result: ShimResult } | undefined>
}

/** Largest script that is read, in bytes: larger ones do more than to start something else. */
export const largestScript = 64 * 1024
const largestDocument = 1024 * 1024

/** Text of a program that is a script; undefined for anything large or binary. */
export async function readScript(
  { realPath }: Pick<Shim, 'realPath'>,
  host: ProgramHost,
): Promise<string | undefined> {
  const text = await readSmall(realPath, host)
  return text?.startsWith('#!') ? text : undefined
}

/** The directory and its parents, nearest first. */
export function toAncestors(directory: string, host: Pick<ProgramHost, 'path'>): string[] {
  const parent = host.path.dirname(directory)
  return parent === directory ? [directory] : [directory, ...toAncestors(parent, host)]
}

/** Text of a small file; undefined when there is none or it cannot be read. */
export async function readSmall(path: string, host: ProgramHost): Promise<string | undefined> {
  return host.fs.readText(path, largestScript).catch(() => undefined)
}

/** Object of a small JSON file; undefined when there is none or it is something else. */
export async function readObject(
  path: string,
  host: ProgramHost,
): Promise<Record<string, unknown> | undefined> {
  const text = await host.fs.readText(path, largestDocument).catch(() => undefined)
  try {
    const value: unknown = JSON.parse(text ?? '')
    return isJsonObject(value) ? value : undefined
  } catch {
    // The manager could not read it either.
    return undefined
  }
}

/** Names in a directory, sorted as versions; none when it cannot be read. */
export async function listVersions(path: string, host: ProgramHost): Promise<string[]> {
  const names = await host.fs.list(path).catch(() => [])
  return names.sort(compareNumerically)
}

/** Whether it is a directory, links followed. */
export async function isDirectory(path: string, host: ProgramHost): Promise<boolean> {
  const info = await host.fs.stat(path).catch(() => undefined)
  return info?.kind === 'directory'
}

/**
 * Whether a text from a project's file is a name, never a path out of the directory that it is searched in: one element
 * of a path that is not taken for an option. Split the text as the manager splits it, then check every part.
 */
export function isVersionName(text: string): boolean {
  return (
    text.length <= 255 &&
    !/[/\\:\p{Cc}\p{Cf}]/u.test(text) &&
    text.trim() === text &&
    !/^(?:-.*|\.{1,2})?$/s.test(text)
  )
}

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

/** A TOML document; undefined when it is none. */
export async function parseToml(text: string): Promise<unknown> {
  const { parse } = await import('smol-toml')
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

/** Versions that a `.tool-versions` file chooses, by tool: `nodejs 20.11.0 system # comment`. */
export function parseToolVersions(text: string): ReadonlyMap<string, readonly string[]> {
  const chosen = new Map<string, readonly string[]>()
  for (const line of text.split(/\r?\n/)) {
    const [tool, ...versions] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (tool && versions.length > 0 && !chosen.has(tool)) chosen.set(tool, versions)
  }
  return chosen
}
