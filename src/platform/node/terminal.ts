import { createReadStream, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream'
import { errorMessage, systemErrorCode } from '../../lib/errors.ts'
import type { EditorExit, OpenScreen, PromptRequest, ScreenRequest } from '../host.ts'

// Another screen, without a cursor, and no automatic line breaks (xterm control sequences, DECSET).
const enterText = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J'
const leaveText = '\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l'

/** Whether a shell can stop this program. */
const hasJobs = process.platform !== 'win32'

/** Keys come in one piece, but for those that a slow line tears apart after their first byte. */
const escapeMs = 30

/** See `OpenScreen`. */
export function openScreen(request: ScreenRequest, deferSignals: () => () => void): ReturnType<OpenScreen> {
  const { stdin, stdout } = process
  if (!stdin.isTTY || !stdout.isTTY) return undefined
  const state = { isOpen: true, isEntered: false }
  const enter = () => {
    if (state.isEntered || !state.isOpen) return
    state.isEntered = true
    trySetRaw(true)
    stdin.resume()
    writeOut(enterText)
  }
  const leave = () => {
    if (!state.isEntered) return
    state.isEntered = false
    writeOut(leaveText)
    trySetRaw(false)
    stdin.pause()
  }
  const stopDeferring = deferSignals()
  const stopListening = listen({ ...request, enter, leave })
  enter()
  return {
    get columns() {
      return stdout.columns || 80
    },
    get rows() {
      return stdout.rows || 24
    },
    write: text => {
      if (state.isEntered) stdout.write(text)
    },
    close: () => {
      if (!state.isOpen) return
      leave()
      state.isOpen = false
      stopListening()
      stopDeferring()
    },
  }
}

interface ScreenListeners extends ScreenRequest {
  readonly enter: () => void
  readonly leave: () => void
}

function listen({ onInput, onBlank, onHangup, enter, leave }: ScreenListeners): () => void {
  const { stdin, stdout } = process
  const begin = () => {
    process.off('SIGTSTP', stop)
    process.on('SIGTSTP', stop)
    enter()
    onBlank()
  }
  // The shell has the terminal while this program is stopped. Where no shell could continue it, the system does not stop it.
  const stop = () => {
    leave()
    process.off('SIGTSTP', stop)
    process.kill(process.pid, 'SIGTSTP')
    setTimeout(begin, 50)
  }
  const resume = () => {
    leave()
    begin()
  }
  const read = createReader(text => {
    // In raw mode the terminal sends the key, and no signal. All of this job is to be stopped, as by the terminal.
    if (text.includes('\x1a') && hasJobs) process.kill(0, 'SIGTSTP')
    onInput(text)
  })
  stdin.on('data', read)
  stdin.on('end', onHangup)
  stdin.on('error', onHangup)
  stdout.on('resize', onBlank)
  process.on('exit', leave)
  if (hasJobs) process.on('SIGTSTP', stop).on('SIGCONT', resume)
  return () => {
    stdin.off('data', read).off('end', onHangup).off('error', onHangup)
    stdout.off('resize', onBlank)
    process.off('exit', leave).off('SIGTSTP', stop).off('SIGCONT', resume)
  }
}

/** Waits for the rest of a key after an escape, for a short time. */
function createReader(onText: (text: string) => void): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder()
  let held = ''
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    const text = held
    held = ''
    if (text !== '') onText(text)
  }
  return chunk => {
    clearTimeout(timer)
    held += decoder.decode(chunk, { stream: true })
    if (held.endsWith('\x1b')) timer = setTimeout(flush, escapeMs)
    else flush()
  }
}

// Before it returns: the process may be about to end. A terminal that is gone is left alone.
function writeOut(text: string): void {
  try {
    writeSync(1, text)
  } catch {
    // The process that had the terminal has ended.
  }
}

function trySetRaw(isRaw: boolean): void {
  try {
    process.stdin.setRawMode(isRaw)
  } catch {
    // The same.
  }
}

/** How long a reader that has not yet taken the last piece is given before it is offered the next one again. */
const pauseMs = 1

/** Writes to stdout before it returns; false when the reader has gone. Other errors are reported like those of any write. */
export function writeNow(data: string | Uint8Array): boolean {
  let rest: Uint8Array = typeof data === 'string' ? new TextEncoder().encode(data) : data
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if (systemErrorCode(error) === 'EAGAIN') pause()
      else {
        if (!isClosed(error)) process.stdout.emit('error', error)
        return false
      }
    }
  }
  return true
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
}

const closedCodes: readonly (string | undefined)[] = ['EPIPE', 'ERR_STREAM_DESTROYED', 'EOF']

/**
 * Decides what an error of stdout and stderr means. A reader that has seen enough, like `head`, closes the pipe: that
 * is no error. Output that could not be written, as on a full disk, is one: exit code 2.
 */
export function guardOutput(): void {
  // No reader is left for a message.
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', error => {
    if (isClosed(error)) return
    process.stderr.write(`error: the output could not be written: ${errorMessage(error)}\n`)
    process.once('exit', () => {
      process.exitCode = 2
    })
  })
}

/** Whether what could not be written has no reader any more. */
function isClosed(error: unknown): boolean {
  return closedCodes.includes(systemErrorCode(error))
}

/** Reads stdin, or a pipe, to its end, or until it is longer than what is wanted of it. */
export async function readInput(maxBytes: number, path?: string): Promise<Uint8Array> {
  const input = path === undefined ? process.stdin : createReadStream(path)
  const chunks: Uint8Array[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    input.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      // The writer goes on without a reader, and no more output is kept.
      if (size > maxBytes) input.destroy(toTooLarge(path ?? 'stdin', maxBytes))
    })
    finished(input, { writable: false }, error => {
      if (error) reject(error)
      else resolve(Buffer.concat(chunks))
    })
  })
}

function toTooLarge(name: string, maxBytes: number): Error {
  return Object.assign(new Error(`${name} has over ${maxBytes} bytes, the limit`), { code: 'EFBIG' })
}

/** See `Host.confirm`. The prompt goes to stderr, so that stdout holds data alone. */
export async function confirm(prompt: string): Promise<boolean | undefined> {
  const { stdin, stdout, stderr } = process
  if (!stdin.isTTY || !stdout.isTTY) return undefined
  const lines = createInterface({ input: stdin, output: stderr })
  return new Promise(resolve => {
    const settle = (isYes: boolean) => {
      resolve(isYes)
      lines.close()
    }
    lines.on('close', () => resolve(false))
    lines.on('SIGINT', () => {
      stderr.write('\n')
      settle(false)
    })
    lines.question(`${prompt} [y/N] `, line => settle(/^y(?:es)?$/i.test(line.trim())))
  })
}

/** See `Host.prompt`. It goes to stderr, so that stdout holds data alone. */
export async function prompt(request: PromptRequest): Promise<string | undefined> {
  const { autocomplete, isCancel, text } = await import('@clack/prompts')
  const { message, proposal, choices, validate } = request
  const ended = new AbortController()
  const end = () => ended.abort()
  // A terminal that is gone answers nothing.
  process.stdin.once('end', end)
  const common = { message, output: process.stderr, signal: ended.signal }
  try {
    const answered =
      choices === undefined || choices.length === 0
        ? await text({
            ...common,
            ...(proposal === undefined ? {} : { placeholder: proposal, defaultValue: proposal }),
            validate: typed => validate(typed || (proposal ?? '')),
          })
        : await autocomplete({
            ...common,
            options: choices.map(value => ({ value, label: value })),
            maxItems: 8,
            ...(proposal !== undefined && choices.includes(proposal) ? { initialValue: proposal } : {}),
          })
    return isCancel(answered) ? undefined : (answered ?? '')
  } finally {
    process.stdin.off('end', end)
  }
}

/** See `Host.openInEditor`. The command may have arguments: a shell reads it, as Git does. */
export async function openInEditor(command: string, file: string): Promise<EditorExit> {
  const { spawn } = await import('node:child_process')
  const ignore = () => undefined
  process.on('SIGINT', ignore).on('SIGQUIT', ignore)
  try {
    return await new Promise(resolve => {
      // What an editor prints is no data of this program.
      const output = process.stdout.isTTY ? 1 : 2
      const child =
        process.platform === 'win32'
          ? spawn(`${command} "${file}"`, { shell: true, stdio: ['inherit', output, 'inherit'] })
          : // The shell waits for an editor that handles Ctrl-C itself.
            spawn('/bin/sh', ['-c', `trap : INT QUIT\n${command} "$@"`, command, file], {
              stdio: ['inherit', output, 'inherit'],
            })
      child.on('error', error => resolve({ code: null, reason: errorMessage(error) }))
      child.on('exit', (code, signal) => resolve({ code, reason: signal }))
    })
  } finally {
    process.off('SIGINT', ignore).off('SIGQUIT', ignore)
  }
}
