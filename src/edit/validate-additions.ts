import type { Edit } from '../journal/commit-edit.ts'
import { type JsonPath, parsePointer } from '../lib/json/json-value.ts'
import type { Host } from '../platform/host.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import { createTextValidation, findNewFindings, type TextFinding } from '../validate/validate-content.ts'
import type { Addition } from './addition.ts'
import { type AdditionPlan, planAdditions } from './plan-additions.ts'
import { type EditProblem, throwProblems } from './problems.ts'

/** Additions as an edit. Its plan throws a NexusError('input') that lists why they are not possible. */
export function toAdditionEdit(
  additions: readonly Addition[],
  host: Pick<Host, 'clock'>,
): Edit<AdditionPlan> {
  // Each text is parsed once, for the preview and for the commit.
  const { validate } = createTextValidation(host)
  return {
    command: 'add',
    names: registryNames,
    plan: async texts => {
      const { problems, ...plan } = planAdditions(texts, additions)
      if (plan.added.length === 0 && problems.length === 0) return { ...plan, warnings: [] }
      const change = { before: texts, after: new Map([...texts, ...plan.texts]) }
      const found = await findNewFindings(change, validate)
      const errors = found.filter(({ severity }) => severity === 'error')
      const known = new Set(problems.map(({ place, message }) => place ?? message))
      const more = errors
        .map(error => toProblem(error, additions))
        .filter(({ place }) => !known.has(place ?? ''))
      throwProblems([...problems, ...more], 'nothing can be added')
      const warnings = found.filter(({ severity }) => severity === 'warning')
      return { ...plan, warnings: warnings.map(({ message }) => message) }
    },
  }
}

function toProblem(finding: TextFinding, additions: readonly Addition[]): EditProblem {
  const path = parsePointer(finding.pointer)
  const { message, hint } = finding
  for (const addition of additions) {
    const inner = toInnerPath(addition, { ...finding, path })
    if (inner !== undefined) return { place: addition.toPlace?.(inner), message, hint: hint ?? undefined }
  }
  return { place: undefined, message, hint: hint ?? undefined }
}

/** The path of a finding in the entry that an addition makes; undefined when it is about something else. */
function toInnerPath(addition: Addition, { registry, path, message }: PlacedFinding): JsonPath | undefined {
  if (addition.registry === 'hyper') {
    const [first, second, , field] = path
    const ends = [addition.edge.from, addition.edge.to].map(name => JSON.stringify(name))
    const isOwn =
      first === 'dependency_graph' && second === 'edges' && ends.some(end => message.includes(end))
    return isOwn ? [field].filter(part => part !== undefined) : undefined
  }
  const own = listPlaces(addition).find(
    place => place.registry === registry && place.path.every((part, index) => part === path[index]),
  )
  return own && path.slice(own.path.length)
}

interface PlacedFinding extends Pick<TextFinding, 'registry' | 'message'> {
  readonly path: readonly string[]
}

/** Where an addition stands in the registries. */
function listPlaces(
  addition: Exclude<Addition, { registry: 'hyper' }>,
): { readonly registry: RegistryName; readonly path: readonly string[] }[] {
  const { id, registry } = addition
  if (registry === 'dashboard') return [{ registry, path: ['sections', 'metrics', addition.group, id] }]
  const section = registry === 'providers' ? 'providers' : 'tools'
  return [
    { registry, path: [id] },
    { registry: 'dashboard', path: ['sections', section, 'entries', id] },
  ]
}
