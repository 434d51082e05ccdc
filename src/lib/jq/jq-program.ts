import { createJqSystem } from './jq-system.ts'

/** What jq is asked. It sees no environment but `colors`, no directory and no file but these. */
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
  /** Takes what it prints on stdout in pieces, instead of the result; false ends it: nobody reads any more. */
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
