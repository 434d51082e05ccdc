import { spawn } from 'node:child_process'
import { isMainThread, parentPort } from 'node:worker_threads'
import { isAlive, sendSignal } from './start-process.ts'

/** Signals every member of the group that the process leads; on Windows the process and its children. */
export function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') killTree(pid)
  else sendSignal(-pid, signal)
}

/** Kills what is left of the group after its leader has gone. */
export function killGroup(pid: number): void {
  if (process.platform === 'win32') return
  // While a group has members the system gives its number to no new process: a process of that number is a stranger.
  if (!isAlive(pid)) sendSignal(-pid, 'SIGKILL')
}

// Windows has no process groups; taskkill follows parent ids while the parent still lives.
function killTree(pid: number): void {
  const killer = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true })
  killer.once('error', () => sendSignal(pid, 'SIGKILL'))
  killer.unref()
}

const groups = new Set<number>()

/**
 * Kills the group if it is still running when this program exits: a group of its own outlives its parent. Returns a
 * function that takes this back.
 */
export function killGroupAtExit(pid: number): () => void {
  if (!isMainThread) return reportGroup(pid)
  if (groups.size === 0) process.on('exit', killAll)
  groups.add(pid)
  return () => {
    groups.delete(pid)
    if (groups.size === 0) process.off('exit', killAll)
  }
}

function killAll(): void {
  for (const pid of groups) signalGroup(pid, 'SIGKILL')
}

/** Report of a thread about a process group: only the main thread learns of the end of this program. */
export interface GroupNews {
  readonly group: number
  readonly isRunning: boolean
}

function reportGroup(group: number): () => void {
  const notify = (isRunning: boolean) => {
    const news: GroupNews = { group, isRunning }
    parentPort?.postMessage(news)
  }
  notify(true)
  return () => notify(false)
}

export function isGroupNews(message: unknown): message is GroupNews {
  return typeof message === 'object' && message !== null && 'group' in message && 'isRunning' in message
}
