import type { Host } from '../../platform/host.ts'

/** Start time of a process, encoded for a file name; undefined when there is no such process. */
export async function findStartTime(pid: number, host: Pick<Host, 'processes'>): Promise<string | undefined> {
  const startTime = await host.processes.startTime(pid)
  return startTime === undefined ? undefined : encodeURIComponent(startTime).slice(0, 64)
}

/**
 * Whether a process with this start time belongs to another host, or to a container with process ids of its own, or
 * cannot be seen for want of /proc. Nothing can be said from here about whether it still runs.
 */
export async function isElsewhere(startTime: string, host: Pick<Host, 'processes'>): Promise<boolean> {
  const theirs = namespaceOf(startTime)
  const ours = namespaceOf((await findStartTime(host.processes.pid, host)) ?? '')
  return theirs !== undefined && theirs !== ours
}

function namespaceOf(startTime: string): string | undefined {
  return startTime.split('~')[1]
}
