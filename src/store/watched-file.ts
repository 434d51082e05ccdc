import { createDeadline } from '../core/deadline.ts'
import type { Host } from '../core/host.ts'
import { limits } from '../core/limits.ts'

/** A file or directory that an answer depends on, by its identity only: nothing is read. */
export interface WatchedFile {
  /** Absolute path. */
  readonly path: string
  /** Undefined when nothing is there, it may not be looked at, or it did not answer in time. */
  readonly state: FileState | undefined
}

export interface FileState {
  readonly inode: number
  /** In bytes. */
  readonly size: number
  /** Whole milliseconds since 1970, cut off. */
  readonly modifiedMs: number
}

/**
 * Changes this close to each other may leave the same time: file systems take it from a clock that ticks, every 10 ms at
 * the slowest (Linux with HZ=100).
 */
const tickMs = 20

/** Looks at files, all at once. A directory on a dead network mount must not hold up a shell's start: it counts as missing. */
export async function watchFiles(
  paths: readonly string[],
  host: Pick<Host, 'fs' | 'clock'>,
): Promise<WatchedFile[]> {
  const deadline = createDeadline(limits.directoryTimeoutMs, host.clock)
  return Promise.all(paths.map(async path => ({ path, state: await deadline(loadState(path, host)) })))
}

/**
 * Whether a later change of the file is sure to show: it was not changed within the last tick. A time further ahead than
 * that was set by somebody, or comes from another machine's clock. `now` is the wall clock, milliseconds since 1970.
 */
export function isSettled({ state }: WatchedFile, now: number): boolean {
  return state === undefined || Math.abs(now - state.modifiedMs) > tickMs
}

/** How long it takes until what was changed just now is settled, in milliseconds. */
export const settlingMs = tickMs + 5

/**
 * One line, `stat=INODE SIZE MTIME PATH` with the mtime in seconds: what GNU `stat -L -c 'stat=%i %s %.3Y %n'` prints.
 * What is missing has no line.
 */
export function renderWatchedFile({ path, state }: WatchedFile): string {
  if (state === undefined) return ''
  const { inode, size, modifiedMs } = state
  return `stat=${inode} ${size} ${(modifiedMs / 1000).toFixed(3)} ${toOneLine(path)}\n`
}

/** The text without line breaks, so that no two texts become the same. */
export function toOneLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

async function loadState(path: string, { fs }: Pick<Host, 'fs'>): Promise<FileState | undefined> {
  const info = await fs.statAnywhere(path).catch(() => undefined)
  return info && { inode: info.inode, size: info.size, modifiedMs: Math.floor(info.mtimeMs) }
}
