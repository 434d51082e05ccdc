import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** Ids of the processes whose command line holds the text (Linux). Zombies have no command line. */
export function processesWith(text: string): number[] {
  return otherProcesses().filter(pid => readOf(pid, 'cmdline').includes(text))
}

/** Processes that were started with this home directory, and their command lines (Linux). */
export function processesIn(home: string): { pid: number; command: string }[] {
  return otherProcesses()
    .filter(pid => readOf(pid, 'environ').split('\0').includes(`HOME=${home}`))
    .map(pid => ({ pid, command: readOf(pid, 'cmdline').replaceAll('\0', ' ') }))
}

function otherProcesses(): number[] {
  const names = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return names.map(Number).filter(pid => pid !== process.pid)
}

function readOf(pid: number, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

/** Waits until the condition holds; the test's own deadline ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10)
}
