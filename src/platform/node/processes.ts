import { readFile, readlink } from 'node:fs/promises'
import type { Processes } from '../host.ts'
import { isAlive } from './send-signal.ts'

export function createProcesses(deferSignals: () => () => void): Processes {
  let runner: Promise<Processes['run']> | undefined
  const run: Processes['run'] = async request => {
    runner ??= loadRunner()
    // A process that is running has to be killed first.
    const stopDeferring = deferSignals()
    return (await runner)(request).finally(stopDeferring)
  }
  return { run, pid: process.pid, startTime, hostName }
}

// Most calls start no process, and do without what it takes.
async function loadRunner(): Promise<Processes['run']> {
  const { createProcessRunner } = await import('./run-process.ts')
  return createProcessRunner()
}

// /proc/PID/stat: the command name in brackets may hold anything, so fields are counted after the last one.
// Field 22 is the start time in clock ticks since boot (man 5 proc).
async function startTime(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return isAlive(pid) ? `alive~${await findNamespace()}` : undefined
  if (!(await isOwnProc())) return undefined
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  // A zombie has ended: only its parent has not asked how.
  const ticks = fields?.[0] === 'Z' ? undefined : fields?.[19]
  return ticks === undefined ? undefined : `${ticks}~${await findNamespace()}`
}

function hostName(): string {
  return process.getBuiltinModule('node:os').hostname()
}

// In a PID namespace of its own with the /proc of another one, ids there are those of other processes.
async function isOwnProc(): Promise<boolean> {
  return (await readlink('/proc/self').catch(() => undefined)) === String(process.pid)
}

// Process ids mean something within one boot of one kernel, and within one PID namespace of it.
let namespace: Promise<string> | undefined

function findNamespace(): Promise<string> {
  namespace ??= Promise.all(
    process.platform === 'linux'
      ? [
          readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
          readlink('/proc/self/ns/pid').catch(() => ''),
        ]
      : [findBootSession()],
  ).then(parts =>
    process
      .getBuiltinModule('node:crypto')
      .createHash('sha256')
      .update(parts.join(' '))
      .digest('hex')
      .slice(0, 16),
  )
  return namespace
}

// macOS names each boot. Elsewhere without /proc the name of the host has to do.
async function findBootSession(): Promise<string> {
  if (process.platform !== 'darwin') return hostName()
  const { execFile } = process.getBuiltinModule('node:child_process')
  return new Promise(resolve => {
    execFile('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], { timeout: 1000 }, (error, stdout) =>
      resolve(error ? hostName() : stdout.trim()),
    )
  })
}
