import type { Host } from '../core/host.ts'

/** Start time of a process, encoded for a file name; undefined when there is no such process. */
export async function findStartTime(pid: number, host: Pick<Host, 'processes'>): Promise<string | undefined> {
  const startTime = await host.processes.startTime(pid)
  return startTime === undefined ? undefined : encodeURIComponent(startTime).slice(0, 64)
}
