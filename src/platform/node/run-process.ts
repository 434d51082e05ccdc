import type { ProcessRequest, ProcessResult } from '../host.ts'
import { groupExit } from './process-exit.ts'
import { killGroup, signalGroup } from './process-group.ts'
import { killMarked, markerName } from './process-marker.ts'
import { collectOutput, type OutputCollector } from './process-output.ts'
import { isAlive } from './send-signal.ts'
import { type StartedProcess, startProcess } from './start-process.ts'
import { createStartQueue } from './start-queue.ts'
import { createStuckPrograms } from './stuck-programs.ts'
import { settlesWithin } from './within.ts'

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
  const stopWatching = groupExit.watch(started.pid)
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
    // An abort while the process was being started is past: nobody tells of it again.
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
