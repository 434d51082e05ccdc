import { limits } from '../../lib/limits.ts'
import { createDeadline } from '../../platform/deadline.ts'
import type { Host } from '../../platform/host.ts'

/** A file or directory that cached exports depend on, by its identity only: its content is not read. */
export interface WatchedFile {
  /** Absolute path. */
  readonly path: string
  /** Undefined when it is missing, not readable, or its file system does not respond in time. */
  readonly state: FileState | undefined
}

/** Where a path leads, and its times. Times are whole milliseconds since 1970, cut off. */
export interface FileState {
  readonly device: number
  readonly inode: number
  /** In bytes. */
  readonly size: number
  readonly modifiedMs: number
  /** Time of the last change of content or attributes, which no program can set. */
  readonly changedMs: number
  readonly isDirectory: boolean
}

/**
 * Changes this close to each other may leave the same time: file systems take it from a clock that ticks, every 10 ms at
 * the slowest (Linux with HZ=100).
 */
export const tickMs = 20

/** Checks files, all at once. A directory on a dead network mount must not hold up a shell's start: it counts as missing. */
export async function watchFiles(
  paths: readonly string[],
  host: Pick<Host, 'fs' | 'clock'>,
): Promise<WatchedFile[]> {
  const deadline = createDeadline(limits.directoryTimeoutMs, host.clock)
  return Promise.all(paths.map(async path => ({ path, state: await deadline(loadState(path, host)) })))
}

/**
 * Whether a later change of the file is sure to show: it was not changed within the last tick. A time further ahead than
 * that a program has set, or comes from another machine's clock. `now` is the wall clock, milliseconds since 1970.
 */
export function isStable({ state }: WatchedFile, now: number): boolean {
  if (state === undefined) return true
  return [state.modifiedMs, state.changedMs].every(time => Math.abs(now - time) > tickMs)
}

/** How long it takes until a new change is stable, in milliseconds. */
export const stableAfterMs = tickMs + 5

/**
 * One line, `stat=DEVICE INODE SIZE MTIME CTIME PATH` with times in seconds: what GNU
 * `stat -L -c 'stat=%d %i %s %.3Y %.3Z %n'` prints. What is missing has no line.
 */
export function renderWatchedFile({ path, state }: WatchedFile): string {
  return state === undefined ? '' : `stat=${renderState(state)} ${toOneLine(path)}\n`
}

/** One line, `directory=DEVICE INODE SIZE MTIME CTIME`: its path does not count. */
export function renderDirectory(state: FileState): string {
  return `directory=${renderState(state)}\n`
}

/** The text without line breaks, so that no two texts become the same. */
export function toOneLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function renderState({ device, inode, size, modifiedMs, changedMs }: FileState): string {
  return [device, inode, size, toSeconds(modifiedMs), toSeconds(changedMs)].join(' ')
}

function toSeconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

async function loadState(path: string, { fs }: Pick<Host, 'fs'>): Promise<FileState | undefined> {
  const info = await fs.statAnywhere(path).catch(() => undefined)
  if (info === undefined) return undefined
  return {
    device: info.device,
    inode: info.inode,
    size: info.size,
    modifiedMs: Math.floor(info.mtimeMs),
    changedMs: Math.floor(info.ctimeMs),
    isDirectory: info.kind === 'directory',
  }
}
