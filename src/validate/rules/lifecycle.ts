import { findCycles } from '../../lib/find-cycles.ts'
import type { Model } from '../../registry/schema/model.ts'
import type { Readable } from '../readable.ts'
import {
  listEdges,
  listReadEntries,
  listRequirements,
  listShownModels,
  type Reference,
} from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const lifecycle: Rule = {
  id: 'lifecycle',
  severity: 'warning',
  summary:
    'something uses a model that is retired or soon will be, successors lead nowhere or in a circle, or the dates of a model contradict each other',
  check: context => [
    ...findUsesOfRetired(context),
    ...findSuccessors(context),
    ...findSuccessorCycles(context),
    ...findContradictions(context),
  ],
}

// That its provider lists a model is no use of it: that is what it is.
function listUses(context: RuleContext): Reference[] {
  return [
    ...listShownModels(context.snapshot),
    ...successors(context),
    ...listRequirements(context.snapshot),
    ...listEdges(context.snapshot).flatMap(({ to, path }) =>
      to === undefined ? [] : [{ registry: 'hyper' as const, path: [...path, 'to'], name: to }],
    ),
  ]
}

function successors({ snapshot }: RuleContext): Reference[] {
  return listReadEntries(snapshot, 'models').flatMap(([id, { successor }]) =>
    successor === undefined ? [] : [{ registry: 'models', path: [id, 'successor'], name: successor }],
  )
}

function findUsesOfRetired(context: RuleContext): Violation[] {
  const models = new Map(listReadEntries(context.snapshot, 'models'))
  return listUses(context).flatMap(({ name, registry, path }): Violation[] => {
    const component = context.components.resolve(name)
    if (component?.kind !== 'entry' || component.registry !== 'models') return []
    const model = models.get(component.id)
    const end = model && describeEnd(component.id, model, context)
    if (!end) return []
    const successor = findReplacement(component.id, context) ?? 'another model'
    return [{ registry, path, ...end, hint: `Use ${successor} instead` }]
  })
}

/** The first one of a model's successors that has not retired, as it is named; undefined when there is none. */
function findReplacement(id: string, context: RuleContext): string | undefined {
  const models = new Map(listReadEntries(context.snapshot, 'models'))
  const seen = new Set([id])
  for (let name = models.get(id)?.successor; name !== undefined; ) {
    const next = findModelId(name, context)
    const model = next === undefined ? undefined : models.get(next)
    if (next === undefined || model === undefined) return name
    if (seen.has(next)) return undefined
    if (describeEnd(next, model, context)?.severity !== 'error') return name
    seen.add(next)
    name = model.successor
  }
  return undefined
}

// An id comes before an alias.
function findModelId(name: string, { components, known }: RuleContext): string | undefined {
  if (known.ids('models').has(name)) return name
  const component = components.resolve(name)
  return component?.kind === 'entry' && component.registry === 'models' ? component.id : undefined
}

function findSuccessorCycles(context: RuleContext): Violation[] {
  const links = successors(context).map(({ name, path }) => {
    const from = String(path[0])
    return { from, to: findModelId(name, context) ?? name }
  })
  return findCycles(links)
    .filter(({ length }) => length > 1)
    .map(cycle => ({
      registry: 'models',
      path: [cycle.at(-1) ?? '', 'successor'],
      severity: 'error',
      message: `the successors lead in a circle: ${[...cycle, cycle[0]].join(' → ')}`,
      hint: 'Name a model that stays as the successor of one of them',
    }))
}

function describeEnd(
  id: string,
  { status, retires_on: day }: Readable<Model>,
  { today, horizon }: RuleContext,
): Pick<Violation, 'message' | 'severity'> | undefined {
  const name = JSON.stringify(id)
  if (day !== undefined && day <= today) {
    return { message: `${name} retired on ${day}`, severity: 'error' }
  }
  if (status === 'retired') return { message: `${name} is retired`, severity: 'error' }
  if (day !== undefined && day <= horizon) return { message: `${name} retires on ${day}` }
  return undefined
}

function findSuccessors(context: RuleContext): Violation[] {
  return successors(context).flatMap(({ name, ...place }): Violation[] => {
    if (findModelId(name, context) === place.path[0]) {
      const message = `${JSON.stringify(name)} is the model itself`
      return [{ ...place, severity: 'error', message, hint: 'Name the model to use instead' }]
    }
    if (context.known.mayExist('models', name)) return []
    const message = `there is no model ${JSON.stringify(name)}`
    const hint = context.suggest(name, context.known.ids('models')) ?? 'Add it to model_registry.json'
    return [{ ...place, severity: 'error', message, hint }]
  })
}

function findContradictions({ snapshot, today }: RuleContext): Violation[] {
  return listReadEntries(snapshot, 'models').flatMap(([id, model]) =>
    contradictions(model, today).map(({ field, ...text }) => ({
      registry: 'models',
      path: [id, field],
      ...text,
    })),
  )
}

interface Contradiction extends Pick<Violation, 'message' | 'hint'> {
  readonly field: 'status' | 'deprecated_on' | 'retires_on'
}

function contradictions(model: Readable<Model>, today: string): Contradiction[] {
  const { status, released_on: released, deprecated_on: deprecated, retires_on: retires } = model
  const found: Contradiction[] = []
  if (status !== undefined && status !== 'retired' && retires !== undefined && retires <= today) {
    const message = `it says ${JSON.stringify(status)}, but the model retired on ${retires}`
    found.push({ field: 'status', message, hint: 'Set it to "retired"' })
  }
  if (status === 'retired' && retires !== undefined && retires > today) {
    const message = `it says "retired", but the model retires on ${retires}`
    found.push({ field: 'status', message, hint: 'Set it to "deprecated"' })
  }
  if (isBefore(deprecated, released)) found.push(toDisorder('deprecated_on', 'released_on'))
  if (isBefore(retires, deprecated)) found.push(toDisorder('retires_on', 'deprecated_on'))
  if (deprecated === undefined && isBefore(retires, released)) {
    found.push(toDisorder('retires_on', 'released_on'))
  }
  return found
}

function isBefore(day: string | undefined, other: string | undefined): boolean {
  return day !== undefined && other !== undefined && day < other
}

function toDisorder(field: 'deprecated_on' | 'retires_on', earlier: string): Contradiction {
  return { field, message: `it lies before ${earlier}`, hint: 'Correct one of the days' }
}
