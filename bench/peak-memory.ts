import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Argv, CommandOptions } from './run-command.ts'

const intervalMs = 2

/**
 * Most memory that the process itself held at any one time, in MB (Linux). Its children are not counted: what a tool
 * needs to print its version is not up to us.
 */
export async function measurePeakMemory([program, ...args]: Argv, options: CommandOptions): Promise<number> {
  const child = spawn(program, args, { cwd: options.directory, env: options.env, stdio: 'ignore' })
  const peak = { kilobytes: 0 }
  // The kernel keeps the high-water mark, so reading late loses nothing but the last moment.
  const timer = setInterval(() => {
    peak.kilobytes = Math.max(peak.kilobytes, readHighWaterMark(child.pid))
  }, intervalMs)
  const [code] = await once(child, 'exit').finally(() => clearInterval(timer))
  if (!(options.exitCodes ?? [0]).includes(code))
    throw new Error(`${[program, ...args].join(' ')} ended with ${code}`)
  return peak.kilobytes / 1000
}

function readHighWaterMark(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
