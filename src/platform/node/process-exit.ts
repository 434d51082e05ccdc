import { isMainThread, parentPort } from 'node:worker_threads'
import { signalGroup } from './process-group.ts'

const groups = new Set<number>()

/** What a thread says of a process group that it has started: only the main thread learns of the end of this program. */
export interface GroupNews {
  readonly group: number
  readonly isRunning: boolean
}

/** Kills the groups that are still running when this program exits: a group of its own outlives its parent. */
export const groupExit = {
  /** Watches a group; returns a function that stops watching. */
  watch(pid: number): () => void {
    if (!isMainThread) return watchFromThread(pid)
    if (groups.size === 0) process.on('exit', killAll)
    groups.add(pid)
    return () => {
      groups.delete(pid)
      if (groups.size === 0) process.off('exit', killAll)
    }
  },
}

export function isGroupNews(message: unknown): message is GroupNews {
  return typeof message === 'object' && message !== null && 'group' in message && 'isRunning' in message
}

function watchFromThread(group: number): () => void {
  const notify = (isRunning: boolean) => {
    const news: GroupNews = { group, isRunning }
    parentPort?.postMessage(news)
  }
  notify(true)
  return () => notify(false)
}

function killAll(): void {
  for (const pid of groups) signalGroup(pid, 'SIGKILL')
}
