import type { JqRequest, JqResult } from '../lib/jq/jq-program.ts'
import type { Encoding, ServeHttp, WebRequest, WebResponse } from './http.ts'
import type { WorkerPool } from './worker-task.ts'

/**
 * Everything the program takes from the outside: environment, files, processes, clock, terminal.
 * Code takes the narrowest `Pick<Host, …>` that it needs; `platform/node` has the real one.
 */
export interface Host {
  readonly env: Environment
  readonly platform: NodeJS.Platform
  /** Working directory, absolute. */
  readonly cwd: string
  /** Home directory of the user; undefined when there is none. */
  readonly userHome: string | undefined
  /** Numeric user id; undefined on Windows. */
  readonly uid: number | undefined
  /** Version of the program and when it was built: caches of its results end with it. */
  readonly programBuild: string
  /** Directory of the installed package: the one that holds `registries/`. */
  readonly programRoot: string
  readonly path: PathApi
  readonly fs: FileSystem
  readonly clock: Clock
  readonly processes: Processes
  /** Sends a request over HTTP. Never rejects; resolves by its deadline. */
  readonly sendRequest: (request: WebRequest) => Promise<WebResponse>
  /** Starts an HTTP server. */
  readonly serveHttp: ServeHttp
  /** Compresses bytes in another thread. */
  readonly compress: (bytes: Uint8Array, encoding: Encoding) => Promise<Uint8Array>
  /** All bytes of stdin, or of the pipe at a path. Rejects with `EFBIG` above `maxBytes`. */
  readonly readInput: (maxBytes: number, path?: string) => Promise<Uint8Array>
  /**
   * Prompts on the terminal; only `y` or `yes` is true. Undefined, without a prompt, when stdin or stdout is no terminal.
   * The end of the input and Ctrl-C are false.
   */
  readonly confirm: (prompt: string) => Promise<boolean | undefined>
  /** Whether somebody can be asked: stdin and stdout are terminals. */
  readonly isInteractive: () => boolean
  /** Prompts for a text on the terminal. Undefined after Ctrl-C, Escape or the end of the input. */
  readonly prompt: (request: PromptRequest) => Promise<string | undefined>
  /**
   * Lets a command of the user, like that of `EDITOR`, have the terminal with a file as its last argument, and waits for its
   * end. Signals of the keyboard are for it alone.
   */
  readonly openInEditor: (command: string, file: string) => Promise<EditorExit>
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Writes to stdout before it returns, for callers that keep this thread busy. False when the reader has gone. */
  readonly writeNow: (data: string | Uint8Array) => boolean
  /** SHA-256 in hexadecimal. */
  readonly sha256: (data: Uint8Array | string) => string
  /** HMAC-SHA256 in hexadecimal. */
  readonly hmacSha256: (key: string, text: string) => string
  /** A random name of 16 hexadecimal digits. */
  readonly randomName: () => string
  /** Unpredictable bytes, for secrets. */
  readonly randomBytes: (count: number) => Uint8Array
  /** Whether two texts are the same, in constant time. */
  readonly isSameSecret: (left: string, right: string) => boolean
  /** Starts this program again in its own session, without output. It outlives this process. */
  readonly respawnDetached: (args: readonly string[]) => Promise<void>
  /**
   * Runs jq to its end. It blocks this thread until then, and a signal ends the process: check `interrupted`
   * before.
   */
  readonly runJq: (request: JqRequest) => Promise<JqResult>
  /** Work that would keep this thread busy. */
  readonly workers: WorkerPool
  /** Begins to load jq in another thread: call it as soon as a run of jq is certain. */
  readonly prepareJq: () => Promise<void>
  /** For long-lived processes: V8 collects garbage early instead of growing the heap. */
  readonly limitHeap: () => void
  /** Aborted when the user interrupts the program while signals are deferred. */
  readonly interrupted: AbortSignal
  /**
   * Lets a signal abort `interrupted` until the returned function is called, so that callers can clean up. Otherwise a
   * signal ends the process at once. Processes, requests and the screen do so themselves.
   */
  readonly deferSignals: () => () => void
  /**
   * Passes signals to a listener from now on instead of interrupting. A second SIGINT or SIGTERM still ends the program
   * at once.
   */
  readonly takeSignals: (listener: (signal: Signal) => void) => void
  /** Takes the terminal for a program that fills it. */
  readonly openScreen: OpenScreen
  /** Counters and amounts of this machine. */
  readonly measureMachine: MeasureMachine
  /** Number of logical processors of this machine. */
  readonly processorCount: () => number
  /** How many files and connections this process may have open; infinite where that is not known. */
  readonly descriptorLimit: () => number
  /** Reports changes in a directory until it is closed. Rejects when the system refuses it. */
  readonly watchDirectory: (request: DirectoryWatch) => Promise<DirectoryWatcher>
}

/** Finds the user's cache, state and configuration directories. */
export type UserDirectoriesHost = Pick<Host, 'env' | 'userHome' | 'path'>

/** Reads and writes the program's own files in these directories. */
export type UserFilesHost = UserDirectoriesHost & Pick<Host, 'uid' | 'fs' | 'clock' | 'sha256' | 'randomName'>

/** Sends HTTP requests with deadlines, until the user interrupts the program. */
export type RequestHost = Pick<Host, 'sendRequest' | 'interrupted' | 'clock'>

export type Environment = Readonly<Record<string, string | undefined>>

export interface PathApi {
  readonly delimiter: string
  readonly sep: string
  join(...parts: string[]): string
  resolve(...parts: string[]): string
  dirname(path: string): string
  basename(path: string, suffix?: string): string
  relative(from: string, to: string): string
  isAbsolute(path: string): boolean
}

export interface Clock {
  /** Wall clock, milliseconds since 1970. It may jump. */
  now(): number
  /** Monotonic clock, milliseconds since an arbitrary time. For durations and deadlines. */
  elapsed(): number
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface FileInfo {
  readonly kind: 'file' | 'directory' | 'link' | 'other'
  readonly size: number
  /** Permission bits, `0o755`. */
  readonly mode: number
  readonly uid: number
  readonly inode: number
  readonly device: number
  readonly mtimeMs: number
  readonly ctimeMs: number
}

export interface ProgramFile {
  /** Of what the path leads to. */
  readonly info: FileInfo
  readonly realPath: string
  /** Whether this user may execute it. */
  readonly isExecutable: boolean
}

export interface WriteOptions {
  /** False for what a power cut may lose, like caches: the write does not wait for the disk. Default: true. */
  readonly isDurable: boolean
}

/**
 * Files. Operations reject with the system's error (`ENOENT`, `EACCES`, …; see `fileErrorCode`),
 * except where a method returns `undefined` for a missing file.
 */
export interface FileSystem {
  /** Bytes of a file, or undefined when it does not exist. Rejects with `EFBIG` above `maxBytes`. */
  readBytes(path: string, maxBytes?: number): Promise<Uint8Array | undefined>
  /**
   * Like `readBytes`, of a file that has to lie within a directory (a real path) when all links are followed. Rejects
   * with `EXDEV` when it does not, and with `ESTALE` when it is replaced meanwhile.
   */
  readBytesWithin(directory: string, path: string, maxBytes: number): Promise<Uint8Array | undefined>
  /** Text of a file (UTF-8, invalid bytes replaced), or undefined when it does not exist. */
  readText(path: string, maxBytes?: number): Promise<string | undefined>
  /** Follows links. Undefined for a missing file or a dangling link. Blocks this thread, because it is quick. */
  stat(path: string): Promise<FileInfo | undefined>
  /** Does not follow links. Undefined for a missing file. */
  lstat(path: string): Promise<FileInfo | undefined>
  /** Like `stat`, for file systems that may hang, like those of PATH's directories: give it a deadline. */
  statAnywhere(path: string): Promise<FileInfo | undefined>
  /** Names in a directory, unsorted. Rejects when it cannot be read. */
  list(path: string): Promise<string[]>
  realPath(path: string): Promise<string>
  /** Target of a link; undefined when there is no link. */
  readLink(path: string): Promise<string | undefined>
  /**
   * All that the search for programs needs of a file. Undefined like `stat`. For files whose directory has just been
   * listed: it is quick there, and blocks this thread.
   */
  examineProgram(path: string): Promise<ProgramFile | undefined>
  /** Whether this user may execute the file. */
  isExecutable(path: string): Promise<boolean>
  /** Whether this user may read the file or directory. */
  isReadable(path: string): Promise<boolean>
  /** Whether this user may write the file or directory. */
  isWritable(path: string): Promise<boolean>
  /** Makes a directory and its parents; `mode` is for those that are made. */
  makeDirectory(path: string, mode?: number): Promise<void>
  /** Makes a directory in one that is there: a parent that has gone is not made again. Rejects when there is one. */
  makeChildDirectory(path: string, mode: number): Promise<void>
  /** Creates a file that must not exist (`O_EXCL|O_NOFOLLOW`), writes all bytes, checks the size, syncs it. */
  createFile(path: string, data: Uint8Array | string, mode: number, options?: WriteOptions): Promise<void>
  /**
   * Adds text to the end of a regular file, as lines of its own: an unfinished last line is ended first. A file that is
   * not there is made. Rejects for directories and devices, and with `ENOSPC` when the disk takes only a part.
   */
  appendLines(path: string, text: string): Promise<void>
  /** Sets the permission bits, whatever the umask says. */
  setMode(path: string, mode: number): Promise<void>
  /** Sets the modification time, milliseconds since 1970. */
  setModified(path: string, ms: number): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Makes a symbolic link at `path` that leads to `target`. */
  createLink(path: string, target: string): Promise<void>
  /** Removes a file or link, if there is one. */
  remove(path: string): Promise<void>
  /** Removes a directory if it exists and is empty. */
  removeEmptyDirectory(path: string): Promise<void>
  /** Removes a directory with its content, if there is one. */
  removeTree(path: string): Promise<void>
  /** Makes a rename in the directory durable. */
  syncDirectory(path: string): Promise<void>
  /** Directory for temporary files. */
  readonly temporaryDirectory: string
}

export interface ProcessRequest {
  /** Program (absolute path) and its arguments. Never goes through a shell. */
  readonly argv: readonly [string, ...string[]]
  /** The whole environment of the process. */
  readonly env: Environment
  readonly cwd: string
  /** Deadline in milliseconds. The process group is dead 250 ms later at the latest. */
  readonly timeoutMs: number
  /** Most bytes kept of each of stdout and stderr; the rest is discarded. */
  readonly maxOutputBytes: number
  /** Text for stdin; without it stdin is closed. */
  readonly input?: string
  readonly signal?: AbortSignal
}

export interface ProcessResult {
  /** How it ended. `not-started`: it could not be started, see `error`. */
  readonly outcome: 'exited' | 'signaled' | 'timed-out' | 'aborted' | 'not-started'
  readonly exitCode: number | null
  readonly signal: string | null
  /** What was printed, decoded as UTF-8, also when it timed out. */
  readonly stdout: string
  readonly stderr: string
  readonly truncated: boolean
  readonly durationMs: number
  /** System's error code of a process that did not start: `ENOENT`, `EACCES`, `ENOEXEC`, … */
  readonly error: string | null
}

export interface Processes {
  /** Runs a process in a group of its own. Never rejects; resolves by its deadline plus 250 ms. */
  run(request: ProcessRequest): Promise<ProcessResult>
  readonly pid: number
  /**
   * Start time of a process as the system reports it; undefined when there is no such process, or it cannot be seen. It ends
   * with `~` and the identity of the boot and of the PID namespace: processes elsewhere cannot be seen from here.
   */
  startTime(pid: number): Promise<string | undefined>
  /** Name of this machine or container, for people. */
  hostName(): string
}

/** What a prompt asks for. */
export interface PromptRequest {
  readonly message: string
  /** Taken when nothing is typed. */
  readonly proposal?: string | undefined
  /** All that may be chosen; any text without them. */
  readonly choices?: readonly string[] | undefined
  /** Why a text will not do, a sentence; undefined when it will. */
  readonly validate: (text: string) => string | undefined
}

/** How an editor has ended: its exit code, or the signal or error of the system that it ended by. */
export interface EditorExit {
  readonly code: number | null
  readonly reason: string | null
}

export interface OutputStream {
  write(text: string): void
  readonly isTerminal: boolean
  /** Width in columns; undefined when it is not a terminal. */
  readonly columns: number | undefined
}

/** What to watch, and the listeners. */
export interface DirectoryWatch {
  /** Absolute, no link. */
  readonly directory: string
  /** Names of the files in it that matter. */
  readonly names: readonly string[]
  /** Called for every change of one of them, or of the directory itself: often several times for one change. */
  readonly onChange: () => void
  /** Called when some changes may go unseen from now on, with the reason. */
  readonly onTrouble: (reason: string) => void
}

export interface DirectoryWatcher {
  close(): Promise<void>
}

/** Counters and amounts of this machine at one time. Null where the system does not report them. */
export interface MachineMeasurement {
  /** Monotonic clock, milliseconds: rates are differences of two measurements. */
  readonly at: number
  /** Time of all processors together since an arbitrary time, in milliseconds. */
  readonly cpu: { readonly busyMs: number; readonly totalMs: number } | null
  readonly memory: { readonly availableBytes: number; readonly totalBytes: number } | null
  /** Of the requested file system; blocks reserved for root are neither. */
  readonly disk: { readonly usedBytes: number; readonly availableBytes: number } | null
  /** Processes that run or wait to, on average over a minute. */
  readonly load: number | null
  /** Of the interface that leads out. */
  readonly network: NetworkCounters | null
}

export interface NetworkCounters {
  readonly name: string
  readonly receivedBytes: number
  readonly sentBytes: number
}

/** Measures this machine and the file system of a directory. Never rejects; resolves within about a second. */
export type MeasureMachine = (directory: string) => Promise<MachineMeasurement>

/** A terminal that this program has to itself: another screen than the shell's, without a cursor, each key at once. */
export interface Screen {
  readonly columns: number
  readonly rows: number
  write(text: string): void
  /** Restores the terminal. A second call does nothing. */
  close(): void
}

export interface ScreenRequest {
  /** Typed characters, and other keys as the terminal sends them. */
  readonly onInput: (text: string) => void
  /** The screen is blank, and may have another size. */
  readonly onBlank: () => void
  /** The terminal is gone. */
  readonly onHangup: () => void
}

/** Takes the terminal. However the program ends, but for SIGKILL, it is restored. Undefined where there is none. */
export type OpenScreen = (request: ScreenRequest) => Screen | undefined

/** Signals that end the program unless it takes them. */
export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'
