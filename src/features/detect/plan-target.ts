import { parseDetection } from '../../core/command-line.ts'
import { parseCommandLine } from '../../core/command-line.ts'
import { limits } from '../../core/limits.ts'
import type { Argv, Finding, ProbeKind, ProbeTarget } from '../../core/probe.ts'
import { type Ref, toRef } from '../../core/refs.ts'
import type { MlFramework } from '../../schema/ml-framework.ts'
import type { Tool } from '../../schema/tool.ts'

/** An entry that can be detected, and the ref it has. */
export type Detectable =
  | { readonly registry: 'tools'; readonly id: string; readonly entry: Tool }
  | { readonly registry: 'ml_frameworks'; readonly id: string; readonly entry: MlFramework }

export interface PlanOptions {
  /** Whether the entry's own commands and imports may be executed. */
  readonly isTrusted: boolean
  /** Deadline for entries that name none, in milliseconds. */
  readonly timeoutMs: number | undefined
}

/** What to look for, or why it cannot be looked for. */
export type Plan =
  | { readonly ref: Ref; readonly target: ProbeTarget }
  | { readonly ref: Ref; readonly target: undefined; readonly finding: Finding }

/** Decides how an entry is looked for. Commands that are no plain commands are not run: the finding says why. */
export function planTarget(detectable: Detectable, options: PlanOptions): Plan {
  const { registry, id, entry } = detectable
  const ref = toRef(registry, id)
  const detection = parseDetection(entry.detection)
  if (!detection.ok) return { ref, target: undefined, finding: refuse('detection', detection.message) }
  const versionCheck = parseVersionCheck(entry.version_check)
  if (versionCheck === 'refused') return { ref, target: undefined, finding: refuse('version_check', 'shell syntax') }
  const target: ProbeTarget = {
    ref,
    id,
    kind: toKind(detectable, detection.detection.kind),
    program: detection.detection.kind === 'path' ? detection.detection.program : undefined,
    command: detection.detection.kind === 'command' ? detection.detection.argv : undefined,
    module: toModule(detectable, detection.detection),
    versionCheck,
    versionPattern: entry.version_pattern,
    timeoutMs: entry.timeout_ms ?? options.timeoutMs ?? limits.probeTimeoutMs,
    isTrusted: options.isTrusted,
  }
  return { ref, target }
}
