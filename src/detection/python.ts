import type { Finding, Probe, ProbeContext, ProbeTarget, PythonModule } from './probe.ts'
import { inspectModules } from './python/inspect-modules.ts'
import type { FoundModule } from './python/inspection.ts'
import { type Asked, toBareFinding, toFoundFinding, toMissingFinding } from './python/to-finding.ts'
import { recallImport, verifyImport } from './python/verify-import.ts'

/**
 * Looks for a Python module. One start of the interpreter finds all modules of a detection without importing
 * them; each that is there is then imported once in a process of its own.
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
  const answer = await inspectModules(module, context)
  if (answer.kind === 'no-python') return toBareFinding('absent', answer.reason)
  if (answer.kind !== 'answered') return toBareFinding('unknown', answer.reason)
  const inspected = answer.inspection.modules.find(({ name }) => name === module.name)
  if (inspected === undefined) return toBareFinding('unknown', `Python was not asked for ${module.name}`)
  if (inspected.state !== 'found') return toMissingFinding(inspected, answer)
  return toFoundFinding(inspected, answer, await judge(inspected, answer, { target, context }))
}

async function judge(
  module: FoundModule,
  asked: Asked,
  { target, context }: { target: ProbeTarget; context: ProbeContext },
) {
  const question = { ...asked, module, timeoutMs: target.timeoutMs }
  const recalled = recallImport(question, context)
  if (recalled) return recalled
  if (context.mode === 'quick') return { kind: 'unverified', reason: null } as const
  if (!target.isTrusted) {
    const why = target.isFromUpstream ? 'its entry came over the network' : 'the registry home is not trusted'
    const reason = `importing ${module.name} was not tried: ${why}`
    return { kind: 'unverified', reason } as const
  }
  return verifyImport(question, context)
}
