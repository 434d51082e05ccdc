/** Sends the signal (0 only asks); whether there is such a process or group, though it may belong to somebody else. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Whether there is a process of this id. */
export function isAlive(pid: number): boolean {
  return sendSignal(pid, 0)
}
