import { limits } from '../lib/limits.ts'
import { type Detection, parseCommandLine, parseDetection } from '../lib/shell/command-line.ts'
import { type Ref, toRef } from '../registry/refs.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import type { Tool } from '../registry/schema/tool.ts'
import type { Finding, ProbeTarget, PythonModule } from './probe.ts'

/** An entry that can be detected, and the ref it has. */
export type Detectable =
  | { readonly registry: 'tools'; readonly id: string; readonly entry: Tool }
  | { readonly registry: 'ml_frameworks'; readonly id: string; readonly entry: MlFramework }

/** Whether an entry came over the network: it is data, and whoever trusts the home has not seen its commands. */
export function isFromUpstream({ entry }: Detectable): boolean {
  return entry['x-upstream'] !== undefined
}

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

/** Decides how an entry is looked for. Commands that no plain command is are not run: the finding says why. */
export function planTarget(detectable: Detectable, options: PlanOptions): Plan {
  const { registry, id, entry } = detectable
  const ref = toRef(registry, id)
  const detection = parseDetection(entry.detection)
  if (!detection.ok) return { ref, target: undefined, finding: refuse('detection', detection.message) }
  const versionCheck = entry.version_check === undefined ? undefined : parseCommandLine(entry.version_check)
  if (versionCheck?.ok === false) {
    return { ref, target: undefined, finding: refuse('version_check', versionCheck.message) }
  }
  const target: ProbeTarget = {
    ref,
    id,
    ...toQuestion(detectable, detection.detection),
    versionCheck: versionCheck?.argv,
    versionPattern: entry.version_pattern,
    timeoutMs: entry.timeout_ms ?? options.timeoutMs ?? limits.probeTimeoutMs,
    isTrusted: options.isTrusted,
    isFromUpstream: isFromUpstream(detectable),
  }
  return { ref, target }
}

type Question = Pick<ProbeTarget, 'kind' | 'program' | 'command' | 'module'>

function toQuestion(detectable: Detectable, detection: Detection): Question {
  return {
    kind: detectable.entry.probe ?? detection.kind,
    program: detection.kind === 'path' ? detection.program : undefined,
    command: detection.kind === 'command' ? detection.argv : undefined,
    module: toModule(detectable, detection),
  }
}

function toModule(detectable: Detectable, detection: Detection): PythonModule | undefined {
  if (detectable.registry === 'ml_frameworks') {
    return { name: detectable.entry.import_name, distributions: detectable.entry.distribution ?? [] }
  }
  return detection.kind === 'python' ? { name: detection.module, distributions: [] } : undefined
}

function refuse(field: string, message: string): Finding {
  const reason = `Its ${field} is not a plain command: ${message}`
  return { status: 'unknown', path: null, version: null, evidence: null, reason }
}
