import { toCleanText } from '../../lib/text/text.ts'
import { detectAccelerator } from '../accelerator/detect-accelerator.ts'
import {
  type Finding,
  type Probe,
  type ProbeContext,
  type ProbeTarget,
  type PythonModule,
  toBareFinding,
} from '../probe.ts'
import { type FoundModule, type InspectedModule, type Inspection, inspectModules } from './inspect-modules.ts'
import type { Interpreter } from './interpreter.ts'
import { recallImport, type Verification, verifyImport } from './verify-import.ts'

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
  if (result.kind === 'no-python') return toBareFinding('absent', toCleanText(result.reason))
  if (result.kind !== 'inspected') return toBareFinding('unknown', toCleanText(result.reason))
  const inspected = result.inspection.modules.find(({ name }) => name === module.name)
  if (inspected === undefined)
    return toBareFinding('unknown', toCleanText(`Python was not queried for ${module.name}`))
  if (inspected.state !== 'found') return toMissingFinding(inspected, result)
  const outcome = await evaluateInspection(inspected, result, { target, context })
  const accelerator = await detectAccelerator({ module: inspected, ...result, outcome }, context)
  const finding = toFoundFinding(inspected, result, outcome)
  return accelerator === undefined ? finding : { ...finding, details: { ...finding.details, accelerator } }
}

interface InspectionOutcome {
  readonly interpreter: Interpreter
  readonly inspection: Inspection
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

/** The finding for a module that the interpreter does not have. */
function toMissingFinding(
  module: Exclude<InspectedModule, FoundModule>,
  { interpreter, inspection }: InspectionOutcome,
): Finding {
  const python = `${interpreter.path} (${inspection.version})`
  const details = { interpreter: interpreter.path, python_version: inspection.version }
  if (module.state === 'failed') {
    const reason = `${python} could not check ${module.name}: ${module.reason}`
    return { ...toBareFinding('unknown', toCleanText(reason)), details }
  }
  const leftover =
    module.state === 'namespace' && module.path !== null
      ? `; ${module.path} is a directory without a package in it`
      : ''
  const reason = `${module.name} is not installed for ${python}${leftover}`
  return { ...toBareFinding('absent', toCleanText(reason)), details }
}

type Outcome = Verification | { readonly kind: 'unverified'; readonly reason: string | null }

/** The finding for an installed module. `unverified` has the reason why it was not imported, or null. */
function toFoundFinding(module: FoundModule, inspected: InspectionOutcome, outcome: Outcome): Finding {
  const [distribution] = module.distributions
  const { raw, doubt } = toVersion(module, outcome)
  const version = raw === null ? null : normalizePythonVersion(raw)
  const evaluated = toModuleStatus(module, outcome, version)
  const reason = doubt === null || evaluated.status !== 'present' ? evaluated.reason : joined(outcome, doubt)
  return {
    ...evaluated,
    reason,
    path: module.path,
    version,
    evidence: outcome.kind === 'imported' || outcome.kind === 'broken' ? 'import' : 'metadata',
    details: {
      interpreter: inspected.interpreter.path,
      python_version: inspected.inspection.version,
      ...(distribution && { distribution: toCleanText(distribution.name) }),
      ...(module.distributions.length > 1 && {
        distributions: module.distributions.map(({ name }) => toCleanText(name)),
      }),
      ...(raw !== null && { version_raw: toCleanText(raw) }),
    },
  }
}

function toModuleStatus(
  module: FoundModule,
  outcome: Outcome,
  version: string | null,
): Pick<Finding, 'status' | 'reason'> {
  if (outcome.kind === 'broken') return { status: 'broken', reason: outcome.reason }
  if (outcome.kind === 'undecided') return { status: 'unknown', reason: outcome.reason }
  if (outcome.kind === 'unverified' && outcome.reason !== null)
    return { status: 'present', reason: outcome.reason }
  return { status: 'present', reason: version === null ? `${module.name} reports no version` : null }
}

function joined(outcome: Outcome, doubt: string): string {
  const why = outcome.kind === 'unverified' ? outcome.reason : null
  return toCleanText(why === null ? doubt : `${why}; ${doubt}`)
}

/**
 * The version as it is written, and a sentence when several are installed and it is not known which one runs. Then the
 * module's own word counts where one of them agrees. Without it none is claimed.
 */
function toVersion(
  module: FoundModule,
  outcome: Outcome,
): { readonly raw: string | null; readonly doubt: string | null } {
  const imported = outcome.kind === 'imported' ? outcome.version : null
  const [first] = module.distributions
  const installed = module.distributions
    .filter(({ name }) => toPlainName(name) === toPlainName(first?.name ?? ''))
    .flatMap(({ version }) => version ?? [])
  if (new Set(installed.map(toComparable)).size <= 1) return { raw: installed[0] ?? imported, doubt: null }
  const own = installed.find(version => imported !== null && toComparable(version) === toComparable(imported))
  if (own !== undefined) return { raw: own, doubt: null }
  const several = `several versions of ${first?.name} are installed (${[...new Set(installed)].join(', ')})`
  if (outcome.kind !== 'imported') return { raw: null, doubt: `${several}, so its version is not known` }
  const report = imported === null ? 'reports none' : `reports ${imported}`
  return { raw: installed[0] ?? null, doubt: `${several}, and ${module.name} itself ${report}` }
}

// PEP 503, "Normalized Names".
function toPlainName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase()
}

// PEP 440 ignores zeros at the end of a release: 2.5 is 2.5.0.
function toComparable(version: string): string {
  const normal = normalizePythonVersion(version)
  return normal === null
    ? version
    : normal.replace(/^((?:\d+!)?\d+(?:\.\d+)*?)(?:\.0)+(?=[^.\d]|\.[a-z]|$)/, '$1')
}

// The pattern of PEP 440, appendix B, without the local part's details.
const pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/

const preReleases: Record<string, string> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' }

/**
 * The public version of a Python distribution in the normal form of PEP 440: `2.4.1+cu121` is `2.4.1`,
 * `3.13.0-RC2` is `3.13.0rc2`. Null when it is no such version.
 */
export function normalizePythonVersion(raw: string): string | null {
  if (raw.length > 128) return null
  const match = pattern.exec(raw.trim().toLowerCase())
  if (!match) return null
  const [, epoch, release = '', pre, preNumber, postShort, post, postNumber, dev, devNumber] = match
  return [
    epoch === undefined || toNumber(epoch) === '0' ? '' : `${toNumber(epoch)}!`,
    release.split('.').map(toNumber).join('.'),
    pre === undefined ? '' : `${preReleases[pre] ?? pre}${toNumber(preNumber)}`,
    toPost(postShort, post, postNumber),
    dev === undefined ? '' : `.dev${toNumber(devNumber)}`,
  ].join('')
}

function toPost(short: string | undefined, post: string | undefined, number: string | undefined): string {
  if (short !== undefined) return `.post${toNumber(short)}`
  return post === undefined ? '' : `.post${toNumber(number)}`
}

function toNumber(digits: string | undefined): string {
  return (digits ?? '').replace(/^0+(?=\d)/, '') || '0'
}
