import { listHomeRequests } from '../../detection/review-home.ts'
import { isSameJson } from '../../lib/json/json-value.ts'
import { limits } from '../../lib/limits.ts'
import type { FullResponse } from '../../platform/http.ts'
import type { FileChange } from '../../registry/home/update-home.ts'
import { parseRegistry } from '../../registry/load/parse-registry.ts'
import { type RegistryName, registryNames } from '../../registry/schema/names.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import type { TextFinding, ValidateContent } from '../../validate/validate-content.ts'
import { toProblem } from '../problem.ts'
import { isReader, type WriteRequest } from './write-request.ts'

/** Texts of all registries by name; undefined for a file that is missing. */
export type Content = ReadonlyMap<RegistryName, string | undefined>

/** All content before and after a write. */
interface ContentChange {
  readonly before: Content
  readonly after: Content
}

/** Whether the registries are valid after a write. */
interface WriteEvaluation {
  readonly refusal: FullResponse | undefined
  /** Warnings about a write that is valid. */
  readonly warnings: readonly TextFinding[]
}

/** Most findings in a response. */
const maxReported = 100

/**
 * Validates all registries as they would be: the written one may have no error, the others no new one. The response
 * omits what the caller may not read.
 */
export async function evaluateWrite(
  write: WriteRequest,
  { before, after }: ContentChange,
  validateContent: ValidateContent,
): Promise<WriteEvaluation> {
  const text = after.get(write.registry) ?? ''
  if (new TextEncoder().encode(text).length > limits.fileBytes)
    return { refusal: toTooLarge(write), warnings: [] }
  const validate = validateOnce(validateContent)
  const errors = await findNewErrors(write, { before, after }, validate)
  const visible = await validate(toVisible(write, after))
  if (errors.length > 0) return { refusal: toRefusal(write, errors, visible), warnings: [] }
  const warnings = visible.filter(({ severity }) => severity === 'warning')
  const findKnown = () => validate(toVisible(write, before))
  return { refusal: undefined, warnings: await findRelevant(write, warnings, findKnown) }
}

/** Validating a large home takes seconds: the same content is validated once. */
function validateOnce(validate: ValidateContent): ValidateContent {
  const known = new Map<Content, Promise<readonly TextFinding[]>>()
  return content => {
    const findings = known.get(content) ?? validate(content)
    known.set(content, findings)
    return findings
  }
}

async function findNewErrors(
  { registry }: WriteRequest,
  { before, after }: ContentChange,
  validate: ValidateContent,
): Promise<readonly TextFinding[]> {
  const errors = (await validate(after)).filter(({ severity }) => severity === 'error')
  if (errors.every(error => error.registry === registry)) return errors
  const known = new Set((await validate(before)).map(toKey))
  return errors.filter(error => error.registry === registry || !known.has(toKey(error)))
}

// A caller that may not read the registry knows only what it sends.
function toVisible(write: WriteRequest, content: Content): Content {
  const { change, registry, readable } = write
  if (registryNames.every(name => readable.has(name))) return content
  if (isReader(write)) return new Map([...content].filter(([name]) => readable.has(name)))
  if (change.kind === 'document') return new Map([[registry, JSON.stringify(change.value)]])
  if (change.kind === 'put') return new Map([[registry, JSON.stringify({ [change.id]: change.value })]])
  return new Map()
}

function toRefusal(
  { registry }: WriteRequest,
  errors: readonly TextFinding[],
  visible: readonly TextFinding[],
): FullResponse {
  const places = new Set(errors.map(toPlace))
  const reported = visible.filter(finding => finding.severity === 'error' && places.has(toPlace(finding)))
  const [first] = reported
  if (first === undefined)
    return toProblem(422, `${registry} would not fit a registry that this role may not read`, {
      hint: 'Ask an admin: nexus-registry validate shows the conflict',
      more: { diagnostics: [] },
    })
  const others = reported.length === 1 ? '' : ` (and ${reported.length - 1} more)`
  return toProblem(422, `${first.message}${others}`, {
    hint: first.hint ?? 'See diagnostics for all errors',
    more: { diagnostics: reported.slice(0, maxReported) },
  })
}

// A warning about something else that existed before would be repeated with every write.
async function findRelevant(
  write: WriteRequest,
  warnings: readonly TextFinding[],
  findKnown: () => Promise<readonly TextFinding[]>,
): Promise<readonly TextFinding[]> {
  if (!isReader(write)) return []
  if (warnings.every(warning => isAbout(write, warning))) return warnings.slice(0, maxReported)
  const known = new Set((await findKnown()).map(toKey))
  return warnings
    .filter(warning => isAbout(write, warning) || !known.has(toKey(warning)))
    .slice(0, maxReported)
}

function isAbout({ registry, change }: WriteRequest, finding: TextFinding): boolean {
  if (finding.registry !== registry) return false
  return change.kind === 'document' || finding.pointer.split('/')[1] === change.id.replaceAll('/', '~1')
}

function toKey(finding: TextFinding): string {
  return `${toPlace(finding)} ${finding.message}`
}

function toPlace({ registry, rule, pointer }: TextFinding): string {
  return `${registry} ${rule} ${pointer}`
}

function toTooLarge({ registry }: WriteRequest): FullResponse {
  return toProblem(422, `${registry} would be larger than ${limits.fileBytes / 1024 ** 2} MiB`, {
    hint: 'Remove entries first',
  })
}

/** Whether a change of the hyper or dashboard registry keeps all requests that this machine sends for them. */
export function hasSameRequests(changes: readonly FileChange[], { registries }: Snapshot): boolean {
  return changes.every(({ name, before, after }) => {
    if (name !== 'hyper' && name !== 'dashboard') return true
    const requestsOf = (text: string | undefined) => {
      const parsed = parseRegistry(name, registries[name].path, new TextEncoder().encode(text ?? ''))
      return listHomeRequests({ registries: { ...registries, [name]: { ...parsed, sha256: undefined } } })
    }
    return isSameJson(requestsOf(before?.text), requestsOf(after.text))
  })
}
