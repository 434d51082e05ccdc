import type { ChildProcess, SpawnOptions } from 'node:child_process'
import type { Readable } from 'node:stream'
import { systemErrorCode } from '../../lib/errors.ts'
import type { Environment, ProcessRequest } from '../host.ts'

interface ProcessExit {
  readonly code: number | null
  readonly signal: string | null
}

export interface StartedProcess {
  readonly pid: number
  readonly stdout: Readable
  readonly stderr: Readable
  readonly exit: Promise<ProcessExit>
  /** Lets this program end although the process may still be there. */
  release(): void
}

export interface StartFailure {
  /** The system's error code. */
  readonly error: string
}

/** Starts a process in a group of its own, or says with the system's error code why it could not be started. */
export async function startProcess(
  request: ProcessRequest,
  mark: Environment,
): Promise<StartedProcess | StartFailure> {
  // A NUL would cut the argument short: Node refuses it with an exception.
  if (request.argv.some(part => part.includes('\0'))) return { error: 'EINVAL' }
  const [file, ...args] = request.argv
  const options: SpawnOptions = {
    cwd: request.cwd,
    env: { ...request.env, ...mark },
    // A group of its own, which is killed when this program exits: see `killGroupAtExit`.
    detached: process.platform !== 'win32',
    stdio: [request.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  }
  try {
    const start = process.platform === 'win32' ? spawnOnWindows : spawn
    const started = await start(file, args, options)
    return 'error' in started ? started : await follow(started.child, request.input)
  } catch (error) {
    return { error: systemErrorCode(error) ?? 'UNKNOWN' }
  }
}

interface Spawned {
  readonly child: ChildProcess
}

// Node's own call, without a library in between: of a process that cannot be started for want of descriptors Node makes
// an object without pipes, which execa does not expect. Its own error then has no listener and ends this program.
async function spawn(file: string, args: readonly string[], options: SpawnOptions): Promise<Spawned> {
  const childProcess = await import('node:child_process')
  return { child: childProcess.spawn(file, args, options) }
}

// There execa finds what a shell would run for a name, such as a batch file.
async function spawnOnWindows(
  file: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<Spawned | StartFailure> {
  const { execa } = await import('execa')
  const { cwd, env } = options
  const [stdin] = Array.isArray(options.stdio) ? options.stdio : []
  const child = execa(file, args, {
    ...(typeof cwd === 'string' && { cwd }),
    ...(env && { env }),
    extendEnv: false,
    reject: false,
    // execa's own buffering waits for every holder of the pipe, and stops at its limit.
    buffer: false,
    encoding: 'buffer',
    stdin: stdin === 'pipe' ? 'pipe' : 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  return child.pid === undefined ? { error: (await child).code ?? 'UNKNOWN' } : { child }
}

async function follow(
  child: ChildProcess,
  input: string | undefined,
): Promise<StartedProcess | StartFailure> {
  // These come first: an error without a listener ends this program. A start that fails is one, and so is a
  // process that ends before it has read its input.
  const failed = new Promise<StartFailure>(resolve => {
    child.on('error', error => resolve({ error: systemErrorCode(error) ?? 'UNKNOWN' }))
  })
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.on('error', () => undefined)
  const exit = new Promise<ProcessExit>(resolve => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const { pid, stdout, stderr } = child
  if (pid === undefined || !stdout || !stderr) return failed
  if (input !== undefined) child.stdin?.end(input)
  const release = () => {
    child.stdin?.destroy()
    child.unref()
  }
  return { pid, stdout, stderr, exit, release }
}

export interface OutputCollector {
  /** Settles when both pipes are closed by everybody who could write to them. */
  readonly ended: Promise<void>
  isEnded(): boolean
  /** Stops reading. */
  close(): void
  text(): { stdout: string; stderr: string; truncated: boolean }
}

/** Reads both streams to their end, keeps the first `maxBytes` of each and discards the rest. */
export function collectOutput(
  streams: { readonly stdout: Readable; readonly stderr: Readable },
  maxBytes: number,
): OutputCollector {
  const stdout = collectStream(streams.stdout, maxBytes)
  const stderr = collectStream(streams.stderr, maxBytes)
  let isEnded = false
  const ended = Promise.all([stdout.ended, stderr.ended]).then(() => {
    isEnded = true
  })
  return {
    ended,
    isEnded: () => isEnded,
    close: () => {
      streams.stdout.destroy()
      streams.stderr.destroy()
    },
    text: () => ({
      stdout: stdout.text(),
      stderr: stderr.text(),
      truncated: stdout.isTruncated() || stderr.isTruncated(),
    }),
  }
}

function collectStream(stream: Readable, maxBytes: number) {
  const chunks: Uint8Array[] = []
  let kept = 0
  let isTruncated = false
  stream.on('data', (chunk: Uint8Array) => {
    const part = chunk.subarray(0, maxBytes - kept)
    if (part.length < chunk.length) isTruncated = true
    if (part.length === 0) return
    // A copy: the part would keep the whole chunk alive.
    chunks.push(part.length < chunk.length ? part.slice() : part)
    kept += part.length
  })
  const ended = new Promise<void>(resolve => {
    stream.once('close', resolve)
    // Destroying a pipe in mid-read is an error on some systems; what was read counts all the same.
    stream.once('error', () => resolve())
  })
  return {
    ended,
    isTruncated: () => isTruncated,
    // `stream` drops a character that was cut in half at the end.
    text: () => new TextDecoder('utf-8').decode(Buffer.concat(chunks), { stream: isTruncated }),
  }
}

/** Sends the signal (0 only checks); whether there is such a process or group, of any user. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Whether there is a process of this id. */
export function isAlive(pid: number): boolean {
  return sendSignal(pid, 0)
}
