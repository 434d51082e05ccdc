import type { Argv } from '../lib/shell/command-line.ts'
import type { FileInfo, Host, ProcessResult } from '../platform/host.ts'
import type { Ref } from '../registry/refs.ts'
import type { ProbeKind } from '../registry/schema/detectable.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { ProbeScope } from './probe-environment.ts'

/** One entry to detect. */
export interface ProbeTarget {
  readonly ref: Ref
  readonly id: string
  readonly kind: ProbeKind
  /** Program to find on PATH, for `path` (and `kubernetes`). */
  readonly program: string | undefined
  /** Command whose exit code is the result, for `command`. */
  readonly command: Argv | undefined
  /** Python module and the distributions that may provide it, for `python`. */
  readonly module: PythonModule | undefined
  readonly versionCheck: Argv | undefined
  readonly versionPattern: string | undefined
  readonly timeoutMs: number
  /** Whether this entry's own commands and imports may be executed. */
  readonly isTrusted: boolean
  /** Whether the entry came over the network: then its commands are never executed, but for shipped ones. */
  readonly isFromUpstream?: boolean
}

/** A module that Python imports, and the distributions that may provide it. */
export interface PythonModule {
  /** Import name, may be dotted. */
  readonly name: string
  readonly distributions: readonly string[]
}

/** What a probe found, without the time. */
export type Finding = Omit<Detected, 'checked_at'>

/** A finding of a probe that found nothing, or could not find out. */
export function toBareFinding(status: Finding['status'], reason: string): Finding {
  return { status, path: null, version: null, evidence: null, reason }
}

/** quick: no commands and no import verification. deep: queries engines and clusters too. */
export type ProbeMode = 'quick' | 'normal' | 'deep'

/** A way of finding something out. Never rejects for what it meets on the machine. */
export interface Probe {
  readonly kind: ProbeKind
  detect(target: ProbeTarget, context: ProbeContext): Promise<Finding>
}

/** What probes share during one detection. */
export interface ProbeContext {
  readonly host: Pick<
    Host,
    'env' | 'platform' | 'cwd' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256'
  >
  readonly mode: ProbeMode
  readonly programs: ProgramFinder
  readonly cache: ProbeCache
  /** Explicit interpreter, of `--python`. */
  readonly python: string | undefined
  /** Modules of all `python` targets of this detection: one interpreter start inspects them all. */
  readonly pythonModules: readonly PythonModule[]
  /** Runs a command within the concurrency limit, in an empty directory, with prompts and update checks off. */
  readonly run: RunCommand
}

export type RunCommand = (
  argv: Argv,
  options: {
    timeoutMs: number
    input?: string
    env?: Record<string, string | undefined>
    /** The default is `everything`. Commands about the program itself use `runIsolated`. */
    reach?: ProbeScope
    /** Most bytes kept of each stream; the default is `limits.outputBytes`. */
    maxOutputBytes?: number
  },
) => Promise<ProcessResult>

/** Finds programs on PATH. One directory listing serves all searches of a detection. */
export interface ProgramFinder {
  find(name: string): Promise<ProgramSearch>
}

export interface ProgramSearch {
  /** First usable match, or what stands there broken or cannot be worked out, or nothing. */
  readonly result: FoundProgram | BrokenProgram | UncertainProgram | undefined
  /** Further usable matches, in PATH order. */
  readonly others: readonly string[]
  /** Matches and directories that were not used, and why. */
  readonly passedOver: readonly { readonly path: string; readonly why: string }[]
}

export interface FoundProgram {
  readonly kind: 'found'
  /** The match on PATH: what `command -v` prints. */
  readonly path: string
  /** What to execute: the shim's target, or `path` itself. */
  readonly target: string
  /** Version manager whose shim it is, like `pyenv`. */
  readonly manager: string | undefined
  /** Identity of the target: real path, inode, size, mtime and ctime, and of what it leads to. */
  readonly identity: string
  /**
   * Whether the identity changes with the version. False for a launcher that may start another program the next time:
   * its output is not cached.
   */
  readonly isStable: boolean
  /** Its version, where the manager's files contain it and running the launcher would not. */
  readonly version?: string | undefined
}

/** A shim whose manager would start something that cannot be worked out with certainty. */
interface UncertainProgram {
  readonly kind: 'uncertain'
  readonly path: string
  readonly manager: string
  /** Whether something that can be executed surely stands behind it. */
  readonly isRunnable: boolean
  /** A sentence. */
  readonly reason: string
}

interface BrokenProgram {
  readonly kind: 'broken'
  readonly path: string
  readonly manager: string | undefined
  /** A sentence. */
  readonly reason: string
}

/** Keeps results between runs. A missing or unreadable cache only costs time. */
export interface ProbeCache {
  /** Value stored under the key; undefined when there is none or caches are ignored. */
  get(key: string): unknown
  set(key: string, value: unknown): void
  /** Like `get`, also when caches are ignored. For the order of probes, never for results. */
  hint(key: string): unknown
}

/** What the search for programs needs of the outside. */
export type ProgramHost = Pick<Host, 'env' | 'platform' | 'cwd' | 'userHome' | 'path' | 'fs' | 'clock'>

/** Value of a variable whose name Windows writes as it likes (`Path`). */
export function readVariable(name: string, host: Pick<Host, 'env' | 'platform'>): string | undefined {
  if (host.platform !== 'win32') return host.env[name]
  const spelled = Object.keys(host.env).find(key => key.toUpperCase() === name)
  return spelled === undefined ? undefined : host.env[spelled]
}

/** Whether a regular file stands there that this user may execute. */
export async function isProgram(path: string, host: Pick<Host, 'fs'>): Promise<boolean> {
  const info = await host.fs.stat(path).catch(() => undefined)
  return info?.kind === 'file' && (await host.fs.isExecutable(path))
}

/** Changes when another file stands there, or the same one was written to. */
export function toFileIdentity(realPath: string, info: FileInfo): string {
  return [realPath, info.device, info.inode, info.size, info.mtimeMs, info.ctimeMs].join(' ')
}
