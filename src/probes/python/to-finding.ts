import type { Finding } from '../../core/probe.ts'
import { toCleanText } from '../../core/text.ts'
import type { FoundModule, InspectedModule, Inspection } from './inspection.ts'
import type { Interpreter } from './locate-interpreter.ts'
import { normalizePythonVersion } from './normalize-version.ts'
import type { Verification } from './verify-import.ts'

export interface Asked {
  readonly interpreter: Interpreter
  readonly inspection: Inspection
}

/** A finding of which nothing more is known than why. */
export function toBareFinding(status: 'absent' | 'unknown', reason: string): Finding {
  return { status, path: null, version: null, evidence: null, reason: toCleanText(reason) }
}

/** The finding for a module that the interpreter does not have. */
export function toMissingFinding(
  module: Exclude<InspectedModule, FoundModule>,
  { interpreter, inspection }: Asked,
): Finding {
  const python = `${interpreter.path} (${inspection.version})`
  const details = { interpreter: interpreter.path, python_version: inspection.version }
  if (module.state === 'failed') {
    const reason = `${python} could not look for ${module.name}: ${module.reason}`
    return { ...toBareFinding('unknown', reason), details }
  }
  const leftover =
    module.state === 'namespace' && module.path !== null
      ? `; ${module.path} is a directory without a package in it`
      : ''
  return { ...toBareFinding('absent', `${module.name} is not installed for ${python}${leftover}`), details }
}

/** The finding for a module that is there; `unverified` says why it was not imported, null when that is no loss. */
export function toFoundFinding(
  module: FoundModule,
  asked: Asked,
  outcome: Verification | { readonly kind: 'unverified'; readonly reason: string | null },
): Finding {
  const [distribution] = module.distributions
  const imported = outcome.kind === 'imported' ? outcome.version : null
  const raw = distribution?.version ?? imported
  const version = raw === null ? null : normalizePythonVersion(raw)
  return {
    ...toVerdict(module, outcome, version),
    path: module.path,
    version,
    evidence: outcome.kind === 'imported' || outcome.kind === 'broken' ? 'import' : 'metadata',
    details: {
      interpreter: asked.interpreter.path,
      python_version: asked.inspection.version,
      ...(distribution && { distribution: toCleanText(distribution.name) }),
      ...(module.distributions.length > 1 && {
        distributions: module.distributions.map(({ name }) => toCleanText(name)),
      }),
      ...(raw !== null && { version_raw: toCleanText(raw) }),
    },
  }
}

function toVerdict(
  module: FoundModule,
  outcome: Verification | { readonly kind: 'unverified'; readonly reason: string | null },
  version: string | null,
): Pick<Finding, 'status' | 'reason'> {
  if (outcome.kind === 'broken') return { status: 'broken', reason: outcome.reason }
  if (outcome.kind === 'undecided') return { status: 'unknown', reason: outcome.reason }
  if (outcome.kind === 'unverified' && outcome.reason !== null)
    return { status: 'present', reason: outcome.reason }
  return { status: 'present', reason: version === null ? `${module.name} tells no version` : null }
}
