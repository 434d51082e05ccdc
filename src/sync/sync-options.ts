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

/** An interpreter that was named, and where. */
export interface NamedInterpreter {
  readonly python: string
  readonly place: '--python' | 'NEXUS_REGISTRY_PYTHON' | 'python in the configuration'
}

const hint = 'Name a Python interpreter, like /usr/bin/python3, or leave it out'

/**
 * Throws a NexusError for an interpreter that was named and is none. One that a flag names is started once; of the others
 * the file alone is looked at, so that a usual sync starts nothing more.
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
  throw new NexusError(code, `${place}: ${path} does not answer as a Python interpreter`, { hint })
}

// Concatenated, so that a program that repeats its arguments does not answer.
const script = "print('nexus' + '-' + 'python')"

async function isPython(path: string, host: Host): Promise<boolean> {
  const runner = createCommandRunner(1, host)
  try {
    const { outcome, stdout } = await runner.run([path, '-c', script], {
      timeoutMs: 10_000,
      env: quietPython,
    })
    // One that is slow has proved nothing: its frameworks will be unknown.
    return outcome === 'timed-out' || outcome === 'aborted' || stdout.includes('nexus-python')
  } finally {
    await runner.dispose()
  }
}

/** What a sync has to do. */
export interface SyncScope {
  /** Registries to detect in. */
  readonly detected: readonly (typeof detectedRegistryNames)[number][]
  /** Registries of what is talked to over the network, to look at. */
  readonly targets: readonly TargetRegistryName[]
  /** Upstreams to ask. */
  readonly sources: readonly UpstreamSource[]
  /** Sentences about registries that were named, and for which nothing is done. */
  readonly notes: readonly string[]
}

/** Decides what a sync has to do: `sync_enabled` and the registries that were named say so. A quick one asks nobody. */
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
  /** Whether caches are ignored, and what looks like a mistake of an upstream is done all the same. */
  readonly isForced: boolean
  /** Registries to sync; all of them unless said otherwise. */
  readonly only?: readonly SubRegistryName[] | undefined
  readonly concurrency?: number | undefined
  /** Deadline for entries that name none, in milliseconds. */
  readonly timeoutMs?: number | undefined
  readonly python?: string | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

export interface SyncOptions extends DetectHomeOptions {
  /** Whether files stay as they are. */
  readonly isDryRun: boolean
  /** File of `--config`, which is part of what an answer belongs to. */
  readonly configFile?: string | undefined
  /** How upstreams may be reached; without it none is asked. */
  readonly network?: NetworkConfig | undefined
  /** See `EnvQuestion`. */
  readonly isPlain?: boolean | undefined
  /** Who is told of registries that cannot be used; nobody unless said otherwise. */
  readonly alerts?: AlertSettings | undefined
}
