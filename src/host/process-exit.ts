import { signalGroup } from './process-group.ts'

const groups = new Set<number>()

/** Kills the groups that are still running when this program exits: a group of its own outlives its parent. */
export const groupExit = {
  /** Watches a group; the answer stops watching. */
  watch(pid: number): () => void {
    if (groups.size === 0) process.on('exit', killAll)
    groups.add(pid)
    return () => {
      groups.delete(pid)
      if (groups.size === 0) process.off('exit', killAll)
    }
  },
}

function killAll(): void {
  for (const pid of groups) signalGroup(pid, 'SIGKILL')
}
