import { errorMessage } from '../errors.ts'
import { createJqClock } from './jq-clock.ts'
import { createJqFiles, createJqMemory, type JqMemory, type WasmMemory } from './jq-files.ts'

/** A run of jq. It sees no environment but `colors`, no directory and no file but these. */
export interface JqRequest {
  /** Arguments as on its command line. A file's name is one of `files`. */
  readonly args: readonly string[]
  /** What it reads from its standard input. */
  readonly input: Uint8Array
  readonly files: ReadonlyMap<string, Uint8Array>
  /** `JQ_COLORS` of the user, with which it colors its output. */
  readonly colors?: string | undefined
  /** Most memory that it may take, in bytes. */
  readonly memoryBytes: number
  /** Most that it may print, in bytes, where the result holds it. */
  readonly outputBytes: number
  /** Takes what it prints on stdout in pieces, instead of the result; false ends it, because the reader has gone. */
  readonly print?: ((bytes: Uint8Array) => boolean) | undefined
}

export interface JqResult {
  /** As jq ends; undefined when it was cut short. */
  readonly exitCode: number | undefined
  /** Why it was cut short, a sentence without its full stop. */
  readonly abort: string | undefined
  /** Empty when it was printed in pieces. */
  readonly stdout: string
  readonly stderr: string
}

/** jq, compiled. It can be sent to a worker. */
export type JqProgram = object

/** What the program brings. */
interface JqExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readonly __wasm_call_ctors: () => void
  readonly __main_argc_argv: (count: number, pointers: number) => number
  readonly _emscripten_stack_alloc: (bytes: number) => number
}

// The types of Node 20 have none of it.
declare const WebAssembly: {
  readonly compile: (bytes: Uint8Array) => Promise<JqProgram>
  readonly Instance: new (program: JqProgram, imports: object) => { readonly exports: JqExports }
}

/** Compiles the bytes of `jq.wasm`; rejects when they are none. Functions are compiled when they are called. */
export async function compileJq(bytes: Uint8Array): Promise<JqProgram> {
  return WebAssembly.compile(bytes)
}

/**
 * Runs jq to its end, in an instance of its own that is dropped afterwards: whatever a filter does to it, the next one
 * starts afresh. It never throws, and blocks its thread: who needs a deadline runs it in a worker and terminates that.
 */
export function runJq(program: JqProgram, request: JqRequest): JqResult {
  const system = createJqSystem(request)
  const finish = (exitCode: number | undefined, abort?: string): JqResult => ({
    exitCode,
    abort,
    ...system.printed(),
  })
  try {
    const { exports } = new WebAssembly.Instance(program, system.imports)
    system.attach(exports.memory)
    exports.__wasm_call_ctors()
    return finish(exports.__main_argc_argv(...placeArguments(['jq', ...request.args], exports)))
  } catch (error) {
    const ending = system.explain(error)
    return typeof ending === 'number' ? finish(ending) : finish(undefined, ending)
  }
}

/** Puts arguments where `main` of a C program expects them: their number, and where the pointers to them begin. */
function placeArguments(args: readonly string[], exports: JqExports): [count: number, pointers: number] {
  const place = (bytes: Uint8Array): number => {
    const address = exports._emscripten_stack_alloc(bytes.length)
    new Uint8Array(exports.memory.buffer, address, bytes.length).set(bytes)
    return address
  }
  const pointers = args.map(text => place(new TextEncoder().encode(`${text}\0`)))
  const list = place(new Uint8Array(new Uint32Array([...pointers, 0]).buffer))
  return [args.length, list]
}

/** What a filter's run has printed. */
interface Printed {
  readonly stdout: string
  readonly stderr: string
}

interface JqSystem {
  /** Functions that the program calls, by module. */
  readonly imports: object
  /** Says which memory it has: known only when it has been made. */
  attach(memory: WasmMemory): void
  printed(): Printed
  /** What was thrown means: the exit code with which it ended, or a sentence about why it was cut short. */
  explain(error: unknown): number | string
}

/**
 * The system on which jq runs: what a C program calls of Linux, as Emscripten names it. Its own way into Node, jq-web's
 * `jq.js`, would give it this process's exit code and a push of every single byte that it prints, and drops zero bytes.
 */
function createJqSystem(request: JqRequest): JqSystem {
  let attached: JqMemory | undefined
  let ending: number | string | undefined
  const memory = (): JqMemory => {
    if (attached === undefined) throw new Error('the program was called before it had memory')
    return attached
  }
  const end = (how: number | string): never => {
    ending = how
    throw new Error('jq has ended')
  }
  const output = createOutput(request, end)
  const files = createJqFiles({ memory, ...request, write: output.write })
  const environment = new TextEncoder().encode(
    request.colors === undefined ? '' : `JQ_COLORS=${request.colors}\0`,
  )
  const env = {
    ...files.env,
    ...createJqClock(memory),
    exit: end,
    _abort_js: () => end('it aborted'),
    __assert_fail: (condition: number) => end(`an assertion of jq failed (${memory().text(condition)})`),
    __call_sighandler: () => end('it aborted'),
    _emscripten_runtime_keepalive_clear: () => undefined,
    emscripten_resize_heap: (size: number) => {
      // Without memory jq would print a line and abort.
      if (size >>> 0 <= request.memoryBytes && memory().growTo(size >>> 0)) return 1
      return end(`it needs more than ${request.memoryBytes / 1024 / 1024} MiB of memory`)
    },
  }
  const wasi = {
    ...files.wasi,
    proc_exit: end,
    environ_sizes_get: (count: number, size: number) => {
      memory().setInt(count, environment.length === 0 ? 0 : 1)
      memory().setInt(size, environment.length)
      return 0
    },
    environ_get: (pointers: number, place: number) => {
      if (environment.length === 0) return 0
      memory().setInt(pointers, place)
      memory().bytes(place, environment.length).set(environment)
      return 0
    },
  }
  return {
    imports: { env, wasi_snapshot_preview1: wasi },
    attach: given => {
      attached = createJqMemory(given)
    },
    printed: output.printed,
    explain: error => ending ?? explainTrap(error),
  }
}

// V8 throws a RangeError when its own stack is full, and a RuntimeError for memory that is out of bounds.
function explainTrap(error: unknown): string {
  if (error instanceof RangeError || errorMessage(error).includes('memory access out of bounds'))
    return 'it is nested too deeply'
  return `it broke down (${errorMessage(error)})`
}

function createOutput({ outputBytes, print }: JqRequest, end: (how: number | string) => never) {
  const error = createCollector()
  const out = print ? createPrinter(print, () => end(0)) : createCollector()
  let size = 0
  return {
    write: (descriptor: number, bytes: Uint8Array): void => {
      if (print === undefined || descriptor !== 1) size += bytes.length
      if (size > outputBytes) end(`it printed more than ${outputBytes / 1024 / 1024} MiB`)
      if (descriptor === 1) out.add(bytes)
      else error.add(bytes)
    },
    printed: (): Printed => ({ stdout: out.text(), stderr: error.text() }),
  }
}

/** Most bytes of a piece, in which what is printed is handed on. */
const pieceBytes = 64 * 1024

function createPrinter(print: (bytes: Uint8Array) => boolean, end: () => never) {
  let piece = createCollector()
  const flush = (): boolean => {
    const bytes = piece.bytes()
    piece = createCollector()
    return bytes.length === 0 || print(bytes)
  }
  return {
    add: (bytes: Uint8Array): void => {
      piece.add(bytes)
      if (piece.bytes().length >= pieceBytes && !flush()) end()
    },
    text: (): string => {
      flush()
      return ''
    },
  }
}

function createCollector() {
  let buffer = new Uint8Array(4096)
  let size = 0
  return {
    add: (bytes: Uint8Array): void => {
      if (size + bytes.length > buffer.length) {
        const larger = new Uint8Array((size + bytes.length) * 2)
        larger.set(buffer.subarray(0, size))
        buffer = larger
      }
      buffer.set(bytes, size)
      size += bytes.length
    },
    bytes: (): Uint8Array => buffer.subarray(0, size),
    text: (): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(buffer.subarray(0, size)),
  }
}
