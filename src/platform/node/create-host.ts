import { setMaxListeners } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import nodePath from 'node:path'
import { limits } from '../../lib/limits.ts'
import { program } from '../../lib/program.ts'
import type { Aside } from '../aside-task.ts'
import type { Host, OutputStream } from '../host.ts'
import type { Signal } from '../signal.ts'
import { clock } from './clock.ts'
import { readDescriptorLimit } from './descriptor-limit.ts'
import { files } from './files.ts'
import type { JqRunner } from './jq-runner.ts'
import { openScreen } from './open-screen.ts'
import { createProcesses } from './processes.ts'
import { readInput } from './read-input.ts'
import { sha256 } from './sha256.ts'
import { startAgain } from './start-again.ts'
import { staySmall } from './stay-small.ts'
import { toUserEnvironment } from './user-environment.ts'
import { writeNow } from './write-now.ts'

interface HostOptions {
  /** Aborted by SIGINT, SIGTERM and SIGHUP. */
  readonly interrupted: AbortSignal
  /** Has these signals abort `interrupted` until the returned function is called. */
  readonly deferSignals?: () => () => void
  /** Has these signals end the process instead. */
  readonly letSignalsEnd?: () => void
  /** Has these signals told to a listener instead. */
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
  let aside: Promise<Aside> | undefined
  const loadAside = (): Promise<Aside> => {
    aside ??= import('./aside.ts').then(({ createAside }) => createAside({ programRoot }))
    return aside
  }
  return {
    env: toUserEnvironment(process.env),
    platform: process.platform,
    cwd: workingDirectory(),
    // An empty or missing HOME means that there is none: nothing is written relative to "/".
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
    compress: async (bytes, encoding) => (await import('./compress.ts')).compress(bytes, encoding),
    readInput,
    confirm: async question => (await import('./confirm.ts')).confirm(question),
    stdout: toOutputStream(process.stdout),
    stderr: toOutputStream(process.stderr),
    writeNow,
    sha256,
    randomName: () => loadCrypto().randomBytes(8).toString('hex'),
    randomBytes: count => loadCrypto().randomBytes(count),
    isSameSecret,
    startAgain,
    staySmall,
    prepareJq: async () => (await loadJq()).prepareJq(),
    runJq: async request => (await loadJq()).runJq(request),
    aside: {
      bulkBytes: limits.bulkBytes,
      runJq: async (request, options) => (await loadAside()).runJq(request, options),
      draw: async (view, options) => (await loadAside()).draw(view, options),
      doBulk: async (task, options) => (await loadAside()).doBulk(task, options),
    },
    interrupted,
    deferSignals,
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

function isSameSecret(left: string, right: string): boolean {
  const [first, second] = [Buffer.from(left), Buffer.from(right)]
  return first.length === second.length && loadCrypto().timingSafeEqual(first, second)
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
      // A terminal that nobody gave a size says 0.
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
