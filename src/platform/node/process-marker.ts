import { readdir, readFile } from 'node:fs/promises'
import { sendSignal } from './send-signal.ts'

/** Variable that every process started here, and everything that it starts, carries. */
export const markerName = 'NEXUS_PROBE'

const mostRounds = 5
const batch = 32

/**
 * Kills every process that carries the mark, also those that left the group with setsid (Linux). A process may fork
 * while it is looked for, and has no environment for a moment while it starts a program: so it looks twice at least,
 * and again until it finds none.
 */
export async function killMarked(marker: string): Promise<void> {
  if (process.platform !== 'linux') return
  for (let round = 1; round <= mostRounds; round++) {
    const killed = await killOnce(`${markerName}=${marker}`)
    if (killed === 0 && round > 1) return
  }
}

async function killOnce(mark: string): Promise<number> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    // The newest first: they are what is looked for.
    .sort((left, right) => right - left)
  let killed = 0
  for (let start = 0; start < pids.length; start += batch) {
    const marked = await Promise.all(
      pids
        .slice(start, start + batch)
        .map(async pid => (await carries(pid, mark)) && sendSignal(pid, 'SIGKILL')),
    )
    killed += marked.filter(Boolean).length
  }
  return killed
}

async function carries(pid: number, mark: string): Promise<boolean> {
  // Unreadable: it has gone, or belongs to somebody else.
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
  return environment.split('\0').includes(mark)
}
