import { spawn } from 'node:child_process'
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
