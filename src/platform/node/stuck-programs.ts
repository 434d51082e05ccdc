/** Programs with a process that SIGKILL did not end, while it lasts: no other one of the same is started. */
export function createStuckPrograms(isAlive: (pid: number) => boolean) {
  const pids = new Map<string, number>()
  return {
    add: (program: string, pid: number): void => {
      pids.set(program, pid)
    },
    has: (program: string): boolean => {
      const pid = pids.get(program)
      if (pid === undefined) return false
      if (isAlive(pid)) return true
      pids.delete(program)
      return false
    },
  }
}
