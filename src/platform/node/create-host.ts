import { setMaxListeners } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { readFile, readlink } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { limits } from '../../lib/limits.ts'
import { program } from '../../lib/program.ts'
import type { Environment, Host, OutputStream, Processes, Signal } from '../host.ts'
import type { Encoding } from '../http.ts'
import type { WorkerPool } from '../worker-task.ts'
import { clock } from './clock.ts'
import { files } from './files.ts'
import type { JqRunner } from './jq-runner.ts'
import { isAlive } from './start-process.ts'
import { readDescriptorLimit } from './start-queue.ts'
import { openScreen, readInput, writeNow } from './terminal.ts'

interface HostOptions {
  /** Aborted by SIGINT, SIGTERM and SIGHUP. */
  readonly interrupted: AbortSignal
  /** Has these signals abort `interrupted` until the returned function is called. */
  readonly deferSignals?: () => () => void
  /** Has these signals end the process instead. */
  readonly letSignalsEnd?: () => void
  /** Passes these signals to a listener instead. */
  readonly takeSignals?: (listener: (signal: Signal) => void) => void
}

/** The real host: this machine, this process. */
export function createHost({
  interrupted,
  deferSignals = () => () => undefined,
  letSignalsEnd = () => undefined,
  takeSignals = () => undefined,
}: HostOptions): Host {
  const programRoot = findProgramRoot()
  // Everything that is under way listens, each as long as it takes: that many are no leak.
  setMaxListeners(0, interrupted)
  let jq: Promise<JqRunner> | undefined
  const loadJq = (): Promise<JqRunner> => {
    jq ??= import('./jq-runner.ts').then(({ createJqRunner }) =>
      createJqRunner({ programRoot, letSignalsEnd }),
    )
    return jq
  }
  let pool: Promise<WorkerPool> | undefined
  const loadPool = (): Promise<WorkerPool> => {
    pool ??= import('./worker-pool.ts').then(({ createWorkerPool: create }) => create({ programRoot }))
    return pool
  }
  return {
    env: toUserEnvironment(process.env),
    platform: process.platform,
    cwd: workingDirectory(),
    // An empty or missing HOME means that there is none: no file is written relative to "/".
    userHome: (process.platform === 'win32' ? process.env.USERPROFILE : process.env.HOME) || undefined,
    uid: process.getuid?.(),
    programRoot,
    programBuild: `${program.version} ${statSync(import.meta.filename).mtimeMs}`,
    path: nodePath,
    fs: files,
    clock,
    processes: createProcesses(deferSignals),
    sendRequest: async request => {
      const { sendRequest } = await import('./send-request.ts')
      return sendRequest(request).finally(deferSignals())
    },
    serveHttp: async request => (await import('./serve-http.ts')).serveHttp(request),
    compress,
    readInput,
    confirm: async prompt => (await import('./terminal.ts')).confirm(prompt),
    isInteractive: () => process.stdin.isTTY === true && process.stdout.isTTY === true,
    prompt: async request => (await import('./terminal.ts')).prompt(request),
    openInEditor: async (command, file) => (await import('./terminal.ts')).openInEditor(command, file),
    stdout: toOutputStream(process.stdout),
    stderr: toOutputStream(process.stderr),
    writeNow,
    sha256,
    hmacSha256: (key, text) => loadCrypto().createHmac('sha256', key).update(text).digest('hex'),
    randomName: () => loadCrypto().randomBytes(8).toString('hex'),
    randomBytes: count => loadCrypto().randomBytes(count),
    isSameSecret,
    respawnDetached,
    limitHeap,
    prepareJq: async () => (await loadJq()).prepareJq(),
    runJq: async request => (await loadJq()).runJq(request),
    workers: {
      bulkBytes: limits.bulkBytes,
      runJq: async (request, options) => (await loadPool()).runJq(request, options),
      draw: async (view, options) => (await loadPool()).draw(view, options),
      doBulk: async (task, options) => (await loadPool()).doBulk(task, options),
    },
    interrupted,
    deferSignals,
    processorCount,
    descriptorLimit: readDescriptorLimit,
    takeSignals,
    openScreen: request => openScreen(request, deferSignals),
    measureMachine: async directory => (await import('./measure-machine.ts')).measureMachine(directory),
    watchDirectory: async request => (await import('./watch-directory.ts')).watchDirectory(request),
  }
}

// Loading it takes a tenth of the start of Node, and many calls never need it.
function loadCrypto() {
  return process.getBuiltinModule('node:crypto')
}

/** SHA-256 in hexadecimal digits; of a text, of its UTF-8. */
function sha256(data: Uint8Array | string): string {
  return loadCrypto().createHash('sha256').update(data).digest('hex')
}

function isSameSecret(left: string, right: string): boolean {
  const [first, second] = [Buffer.from(left), Buffer.from(right)]
  return first.length === second.length && loadCrypto().timingSafeEqual(first, second)
}

/** Quality of Brotli, of 11: the two above take many times as long for some percent. */
const brotliQuality = 9

/** Compresses bytes in another thread. Each result is sent many times, so it may take longer. */
async function compress(bytes: Uint8Array, encoding: Encoding): Promise<Uint8Array> {
  const { brotliCompress, constants, gzip } = process.getBuiltinModule('node:zlib')
  if (encoding === 'gzip') return promisify(gzip)(bytes, { level: 9 })
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  return promisify(brotliCompress)(bytes, { params })
}

// The directory a shell stands in may have been removed.
function workingDirectory(): string {
  try {
    return process.cwd()
  } catch {
    return nodePath.parse(process.execPath).root
  }
}

function toOutputStream(stream: NodeJS.WriteStream): OutputStream {
  return {
    write: text => {
      stream.write(text)
    },
    get isTerminal() {
      return stream.isTTY === true
    },
    get columns() {
      // A terminal without a size says 0.
      return stream.isTTY ? stream.columns || undefined : undefined
    },
  }
}

// The bundle lies in dist/, the source in src/platform/node/: the package is the nearest directory with the shipped registries.
function findProgramRoot(directory = import.meta.dirname): string {
  const parent = nodePath.dirname(directory)
  if (parent === directory || existsSync(nodePath.join(directory, 'registries', 'hyper_registry.json')))
    return directory
  return findProgramRoot(parent)
}

function createProcesses(deferSignals: () => () => void): Processes {
  let runner: Promise<Processes['run']> | undefined
  const run: Processes['run'] = async request => {
    // Most calls start no process, and do without what it takes.
    runner ??= import('./run-process.ts').then(({ createProcessRunner }) => createProcessRunner())
    // A process that is running has to be killed first.
    const stopDeferring = deferSignals()
    return (await runner)(request).finally(stopDeferring)
  }
  return { run, pid: process.pid, startTime, hostName }
}

// /proc/PID/stat: the command name in brackets may hold anything, so fields are counted after the last one.
// Field 22 is the start time in clock ticks since boot (man 5 proc).
async function startTime(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return isAlive(pid) ? `alive~${await findNamespace()}` : undefined
  if (!(await isOwnProc())) return undefined
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  // A zombie has ended: its parent has not read its exit code yet.
  const ticks = fields?.[0] === 'Z' ? undefined : fields?.[19]
  return ticks === undefined ? undefined : `${ticks}~${await findNamespace()}`
}

function hostName(): string {
  return process.getBuiltinModule('node:os').hostname()
}

// Some sandboxes list no processor.
function processorCount(): number {
  const { availableParallelism, cpus } = process.getBuiltinModule('node:os')
  return cpus().length || availableParallelism()
}

// In a PID namespace of its own with the /proc of another one, ids there are those of other processes.
async function isOwnProc(): Promise<boolean> {
  return (await readlink('/proc/self').catch(() => undefined)) === String(process.pid)
}

// Process ids mean something within one boot of one kernel, and within one PID namespace of it.
let namespace: Promise<string> | undefined

function findNamespace(): Promise<string> {
  namespace ??= Promise.all(
    process.platform === 'linux'
      ? [
          readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
          readlink('/proc/self/ns/pid').catch(() => ''),
        ]
      : [findBootSession()],
  ).then(parts => sha256(parts.join(' ')).slice(0, 16))
  return namespace
}

// macOS names each boot. Elsewhere without /proc the name of the host has to do.
async function findBootSession(): Promise<string> {
  if (process.platform !== 'darwin') return hostName()
  const { execFile } = process.getBuiltinModule('node:child_process')
  return new Promise(resolve => {
    execFile('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], { timeout: 1000 }, (error, stdout) =>
      resolve(error ? hostName() : stdout.trim()),
    )
  })
}

/** Starts this program once more, in a session of its own and without output. Rejects when it cannot be started. */
export async function respawnDetached(args: readonly string[]): Promise<void> {
  const { spawn } = await import('node:child_process')
  const [, main = ''] = process.argv
  const child = spawn(process.execPath, [...process.execArgv, main, ...args], {
    detached: true,
    stdio: 'ignore',
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve).once('error', reject)
  })
  child.unref()
}

/** Keeps V8's space for young objects as small as it starts: it would grow to 16 MB, and hold two of them. */
function limitHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

const prefix = 'NEXUS_REGISTRY_USER_'

/**
 * The user's environment: the launcher puts Node's own variables away, like NODE_OPTIONS, so that this program
 * starts, and what it starts has them again.
 */
function toUserEnvironment(env: NodeJS.ProcessEnv): Environment {
  const names = Object.keys(env).filter(name => name.startsWith(prefix))
  if (names.length === 0) return env
  const own = Object.entries(env).filter(([name]) => !name.startsWith(prefix))
  const theirs = names.map(name => [name.slice(prefix.length), env[name]])
  return Object.fromEntries([...own, ...theirs])
}
