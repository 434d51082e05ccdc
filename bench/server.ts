import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { launcher, type Sandbox } from './sandbox.ts'

export interface ServerProcess {
  readonly pid: number
  readonly port: number
  readonly stop: () => Promise<void>
}

/** Starts the built server of a sandbox's home, on a free port. */
export async function startServer(sandbox: Sandbox, ...args: readonly string[]): Promise<ServerProcess> {
  const argv = ['serve', '--port', '0', '--log-format', 'json', ...args]
  const { directory: cwd, env } = sandbox
  const child = spawn(launcher, argv, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
  for await (const line of createInterface({ input: child.stderr })) {
    const { event, url } = JSON.parse(line)
    if (event === 'listening') return toProcess(child, Number(new URL(url).port))
  }
  throw new Error('the server has ended')
}

/** Starts a script that prints its port and ends with its standard input. */
export async function startBareServer(script: string, ...args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [port] = await once(child.stdout, 'data')
  return toProcess(child, Number(String(port).trim()))
}

/** Memory of a process that is in use, in MB. */
export async function readMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]) / 1000
}

export function toProcess(child: ChildProcess, port: number): ServerProcess {
  // It ends with this process, and does not keep it from ending.
  child.unref()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.resume()
    if (stream instanceof Socket) stream.unref()
  }
  const kill = () => child.kill()
  process.once('exit', kill)
  return {
    pid: child.pid ?? 0,
    port,
    stop: async () => {
      process.off('exit', kill)
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}
