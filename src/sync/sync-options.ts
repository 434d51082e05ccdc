import type { NetworkConfig } from '../config/config.ts'
import { createCommandRunner } from '../detection/command-runner.ts'
import type { Progress } from '../detection/detect.ts'
import type { ProbeMode } from '../detection/probe.ts'
import { createProgramFinder } from '../detection/programs/program-finder.ts'
import { locateInterpreter, quietPython } from '../detection/python/interpreter.ts'
import { NexusError } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'
import {
  detectedRegistryNames,
  isObservedRegistry,
  type SubRegistryName,
  type TargetRegistryName,
  targetRegistryNames,
} from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { type UpstreamSource, upstreamSourcesOf } from '../registry/upstream-source.ts'
import type { AlertSettings } from './alert/alert.ts'

/** An interpreter that the user named, and where. */
export interface NamedInterpreter {
  readonly python: string
  readonly place: '--python' | 'NEXUS_REGISTRY_PYTHON' | 'python in the configuration'
}

const hint = 'Name a Python interpreter, like /usr/bin/python3, or omit it'

/**
 * Throws a NexusError when the named interpreter is not one. An interpreter from a flag is started once; of the others
 * only the file is checked, so that a usual sync starts no further process.
 */
export async function requireInterpreter({ python, place }: NamedInterpreter, host: Host): Promise<void> {
  const code = place === '--python' ? 'usage' : 'config'
  if (python.trim() === '') throw new NexusError(code, `${place} is empty`, { hint })
  const search = await locateInterpreter({ host, python, programs: createProgramFinder(host) })
  const reason = search.kind === 'found' ? undefined : search.reason
  if (reason !== undefined) throw new NexusError(code, `${place}: ${reason}`, { hint })
  if (search.kind !== 'found' || place !== '--python') return
  const { path } = search.interpreter
  if (await isPython(path, host)) return
  throw new NexusError(code, `${place}: ${path} is not a working Python interpreter`, { hint })
}

// Concatenated, so that a program that repeats its arguments does not pass.
const script = "print('nexus' + '-' + 'python')"

async function isPython(path: string, host: Host): Promise<boolean> {
  const runner = createCommandRunner(1, host)
  try {
    const { outcome, stdout } = await runner.run([path, '-c', script], {
      timeoutMs: 10_000,
      env: quietPython,
    })
    // A slow one may be Python: its frameworks will be unknown.
    return outcome === 'timed-out' || outcome === 'aborted' || stdout.includes('nexus-python')
  } finally {
    await runner.dispose()
  }
}

/** What a sync does. */
export interface SyncScope {
  /** Registries to detect in. */
  readonly detected: readonly (typeof detectedRegistryNames)[number][]
  /** Registries of targets to probe: services and providers. */
  readonly targets: readonly TargetRegistryName[]
  /** Upstreams to poll. */
  readonly sources: readonly UpstreamSource[]
  /** Sentences about registries that were named and stay unchanged. */
  readonly notes: readonly string[]
}

/** Decides what a sync does, by `sync_enabled` and the named registries. A quick sync polls no upstream. */
export function toSyncScope(
  { registries: { hyper } }: Snapshot,
  { only, mode, network }: Pick<SyncOptions, 'only' | 'mode' | 'network'>,
): SyncScope {
  const isOff = (name: SubRegistryName) => hyper.content?.sub_registries[name]?.sync_enabled === false
  const isWanted = (name: SubRegistryName) => (only?.includes(name) ?? true) && !isOff(name)
  const sources = upstreamSourcesOf(hyper, only)
  return {
    detected: detectedRegistryNames.filter(isWanted),
    targets: targetRegistryNames.filter(isWanted),
    sources: mode === 'quick' || network === undefined ? [] : sources,
    notes: (only ?? []).flatMap(name => {
      if (isOff(name)) return [`${name} stays as it is: its sync_enabled is false in hyper_registry.json`]
      const isIdle = !isObservedRegistry(name) && sources.every(source => source.name !== name)
      return isIdle ? [`${name} stays as it is: it has no url in hyper_registry.json`] : []
    }),
  }
}

export interface DetectHomeOptions {
  readonly mode: ProbeMode
  /** Whether to ignore caches, and to accept an upstream's change that looks like a mistake. */
  readonly isForced: boolean
  /** Registries to sync; all by default. */
  readonly only?: readonly SubRegistryName[] | undefined
  readonly concurrency?: number | undefined
  /** Deadline of entries without their own, in milliseconds. */
  readonly timeoutMs?: number | undefined
  readonly python?: string | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

export interface SyncOptions extends DetectHomeOptions {
  /** Whether files stay as they are. */
  readonly isDryRun: boolean
  /** File of `--config`, a part of the cache key. */
  readonly configFile?: string | undefined
  /** How upstreams may be reached; without it none is polled. */
  readonly network?: NetworkConfig | undefined
  /** See `ExportRequest`. */
  readonly isPlain?: boolean | undefined
  /** Where alerts about registries that cannot be used go; none by default. */
  readonly alerts?: AlertSettings | undefined
}
