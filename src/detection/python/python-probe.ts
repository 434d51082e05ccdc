import type { Finding, Probe, ProbeContext, ProbeTarget, PythonModule } from '../probe.ts'
import { type FoundModule, inspectModules } from './inspect-modules.ts'
import { type InspectionOutcome, toBareFinding, toFoundFinding, toMissingFinding } from './to-finding.ts'
import { recallImport, verifyImport } from './verify-import.ts'

/**
 * Detects a Python module. One start of the interpreter finds all modules of a detection without importing them. Each
 * module that it finds is then imported once in a process of its own.
 */
export const pythonProbe: Probe = {
  kind: 'python',
  detect: async (target, context) =>
    target.module === undefined
      ? toBareFinding('unknown', 'the entry names no Python module')
      : detectModule(target.module, target, context),
}

async function detectModule(
  module: PythonModule,
  target: ProbeTarget,
  context: ProbeContext,
): Promise<Finding> {
  const result = await inspectModules(module, context)
  if (result.kind === 'no-python') return toBareFinding('absent', result.reason)
  if (result.kind !== 'inspected') return toBareFinding('unknown', result.reason)
  const inspected = result.inspection.modules.find(({ name }) => name === module.name)
  if (inspected === undefined) return toBareFinding('unknown', `Python was not queried for ${module.name}`)
  if (inspected.state !== 'found') return toMissingFinding(inspected, result)
  return toFoundFinding(inspected, result, await evaluateInspection(inspected, result, { target, context }))
}

async function evaluateInspection(
  module: FoundModule,
  outcome: InspectionOutcome,
  { target, context }: { target: ProbeTarget; context: ProbeContext },
) {
  const request = { ...outcome, module, timeoutMs: target.timeoutMs }
  const recalled = recallImport(request, context)
  if (recalled) return recalled
  if (context.mode === 'quick') return { kind: 'unverified', reason: null } as const
  if (!target.isTrusted) {
    const why = target.isFromUpstream ? 'its entry came over the network' : 'the registry home is not trusted'
    const reason = `importing ${module.name} was not tried: ${why}`
    return { kind: 'unverified', reason } as const
  }
  return verifyImport(request, context)
}
