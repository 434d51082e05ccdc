import { readdir, readFile } from 'node:fs/promises'
import type { ProcessRequest, ProcessResult } from '../host.ts'
import { killGroup, killGroupAtExit, signalGroup } from './process-group.ts'
import {
  collectOutput,
  isAlive,
  type OutputCollector,
  type StartedProcess,
  sendSignal,
  startProcess,
} from './start-process.ts'
import { createStartQueue, settlesWithin } from './start-queue.ts'

// A run settles by its deadline plus 250 ms, whatever the kernel does: what its end may take together, and each step.
const endMs = 240
const grace = { output: 50, terminate: 90, kill: 60, lastOutput: 30 } as const

type Cut = 'timed-out' | 'aborted'

/** Makes `Processes.run`; see there. Programs that could not be killed are remembered and not started again. */
export function createProcessRunner(): (request: ProcessRequest) => Promise<ProcessResult> {
  const stuck = createStuckPrograms(isAlive)
  const queue = createStartQueue()
  return async request => {
    const startedAt = performance.now()
    const settle = (facts: Partial<ProcessResult>): ProcessResult => ({
      outcome: 'exited',
      exitCode: null,
      signal: null,
      stdout: '',
      stderr: '',
      truncated: false,
      error: null,
      ...facts,
      durationMs: performance.now() - startedAt,
    })
    if (request.signal?.aborted) return settle({ outcome: 'aborted' })
    if (stuck.has(request.argv[0])) return settle({ outcome: 'not-started', error: 'EBUSY' })

    const marker = crypto.randomUUID()
    const started = await queue.start(() => startProcess(request, { [markerName]: marker }), request)
    if ('error' in started) return settle({ outcome: 'not-started', error: started.error })
    const end = await follow(started, request, marker).finally(queue.release)
    if (end.isStuck) stuck.add(request.argv[0], started.pid)
    return settle(end.facts)
  }
}

interface ProcessEnd {
  readonly facts: Partial<ProcessResult>
  readonly isStuck: boolean
}

async function follow(started: StartedProcess, request: ProcessRequest, marker: string): Promise<ProcessEnd> {
  const stopWatching = killGroupAtExit(started.pid)
  const output = collectOutput(started, request.maxOutputBytes)
  const cut = waitForCut(request)
  const first = await Promise.race([started.exit, cut.promise])
  cut.dispose()
  const endBy = performance.now() + endMs
  const isCut = typeof first === 'string'
  const exit = isCut ? await terminate(started) : first
  await waitForOutput(output, isCut ? grace.lastOutput : grace.output)
  const isHeldOpen = !output.isEnded()
  output.close()
  started.release()
  if (exit) killGroup(started.pid)
  stopWatching()
  // A child that left the group by setsid is found by the mark in its environment.
  if (isCut || isHeldOpen) await settlesWithin(killMarked(marker), endBy - performance.now())
  const outcome = isCut ? first : exit?.signal ? 'signaled' : 'exited'
  return {
    facts: { outcome, exitCode: exit?.code ?? null, signal: exit?.signal ?? null, ...output.text() },
    isStuck: exit === undefined,
  }
}

function waitForCut(request: ProcessRequest): { promise: Promise<Cut>; dispose: () => void } {
  const finished = new AbortController()
  const promise = new Promise<Cut>(resolve => {
    const timer = setTimeout(() => resolve('timed-out'), request.timeoutMs)
    finished.signal.addEventListener('abort', () => clearTimeout(timer))
    // An abort while the process was being started is past: no event comes for it again.
    if (request.signal?.aborted) resolve('aborted')
    request.signal?.addEventListener('abort', () => resolve('aborted'), { signal: finished.signal })
  })
  return { promise, dispose: () => finished.abort() }
}

// Undefined when the process is still there after SIGKILL: it sits in the kernel, say in a wedged driver.
async function terminate(started: StartedProcess): Promise<Awaited<StartedProcess['exit']> | undefined> {
  signalGroup(started.pid, 'SIGTERM')
  const polite = await settlesWithin(started.exit, grace.terminate)
  if (polite) return polite
  signalGroup(started.pid, 'SIGKILL')
  return settlesWithin(started.exit, grace.kill)
}

async function waitForOutput(output: OutputCollector, graceMs: number): Promise<void> {
  await settlesWithin(output.ended, graceMs)
  // A busy event loop reaches the timer before the pipe: one more turn reads what was printed in time.
  await new Promise(resolve => setImmediate(resolve))
}

/** Variable that every process started here, and everything that it starts, carries. */
const markerName = 'NEXUS_PROBE'

const mostRounds = 5
const batch = 32

/**
 * Kills every process that carries the mark, also those that left the group with setsid (Linux). A process may fork
 * during the search, and has no environment while it starts a program: so it searches twice at least,
 * and again until it finds none.
 */
async function killMarked(marker: string): Promise<void> {
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
    // The newest first: they are the likely ones.
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
  // Unreadable: it has gone, or belongs to another user.
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
  return environment.split('\0').includes(mark)
}

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
