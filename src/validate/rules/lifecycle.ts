import { findCycles } from '../../lib/find-cycles.ts'
import type { Model } from '../../registry/schema/model.ts'
import type { Readable } from '../readable.ts'
import {
  listDisplayedModels,
  listEdges,
  listReadEntries,
  listRequirements,
  type Reference,
} from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const lifecycle: Rule = {
  id: 'lifecycle',
  severity: 'warning',
  summary:
    'something uses a model that is retired or soon will be, a successor cannot be used or leads in a circle, or the dates of a model contradict each other',
  check: context => [
    ...findUsesOfRetired(context),
    ...replacementFields.flatMap(field => findReplacements(field, context)),
    ...replacementFields.flatMap(field => findReplacementCycles(field, context)),
    ...findContradictions(context),
  ],
}

/** Fields that name the model to use instead, or the one that answers instead. */
const replacementFields = ['successor', 'redirects_to'] as const

type ReplacementField = (typeof replacementFields)[number]

// That its provider lists a model is no use of it: that is what it is.
function listUses(context: RuleContext): Reference[] {
  return [
    ...listDisplayedModels(context.snapshot),
    ...listRequirements(context.snapshot),
    ...listEdges(context.snapshot).flatMap(({ to, path }) =>
      to === undefined ? [] : [{ registry: 'hyper' as const, path: [...path, 'to'], name: to }],
    ),
  ]
}

function listReplacements(field: ReplacementField, { snapshot }: RuleContext): Replacement[] {
  return listReadEntries(snapshot, 'models').flatMap(([id, model]) => {
    const name = model[field]
    return name === undefined ? [] : [{ registry: 'models', path: [id, field], id, name }]
  })
}

interface Replacement extends Reference {
  /** Id of the model that is replaced. */
  readonly id: string
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

/**
 * The first one of a model's successors that is neither retired nor deprecated, as it is named, else the first that has
 * not retired; undefined when there is none.
 */
function findReplacement(id: string, context: RuleContext): string | undefined {
  const models = new Map(listReadEntries(context.snapshot, 'models'))
  const seen = new Set([id])
  let deprecated: string | undefined
  for (let name = models.get(id)?.successor; name !== undefined; ) {
    const next = findModelId(name, context)
    const model = next === undefined ? undefined : models.get(next)
    if (next === undefined || model === undefined) return deprecated ?? name
    if (seen.has(next)) break
    if (describeEnd(next, model, context)?.severity !== 'error') {
      if (model.status !== 'deprecated') return name
      deprecated ??= name
    }
    seen.add(next)
    name = model.successor
  }
  return deprecated
}

// An id comes before an alias.
function findModelId(name: string, { components, known }: RuleContext): string | undefined {
  if (known.ids('models').has(name)) return name
  const component = components.resolve(name)
  return component?.kind === 'entry' && component.registry === 'models' ? component.id : undefined
}

function findReplacementCycles(field: ReplacementField, context: RuleContext): Violation[] {
  const links = listReplacements(field, context).map(({ id, name }) => {
    return { from: id, to: findModelId(name, context) ?? name }
  })
  const what = field === 'successor' ? 'successors' : 'redirects'
  return findCycles(links)
    .filter(({ length }) => length > 1)
    .map(cycle => ({
      registry: 'models',
      path: [cycle.at(-1) ?? '', field],
      severity: 'error',
      message: `the ${what} lead in a circle: ${[...cycle, cycle[0]].join(' → ')}`,
      hint: `Name a model that stays as the ${field} of one of them`,
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

function findReplacements(field: ReplacementField, context: RuleContext): Violation[] {
  const models = new Map(listReadEntries(context.snapshot, 'models'))
  return listReplacements(field, context).flatMap(({ id, name, registry, path }): Violation[] => {
    const place = { registry, path }
    const own = findModelId(name, context)
    if (own === id) {
      const message = `${JSON.stringify(name)} is the model itself`
      return [{ ...place, severity: 'error', message, hint: 'Name the model to use instead' }]
    }
    if (!context.known.mayExist('models', name)) {
      const message = `there is no model ${JSON.stringify(name)}`
      const hint = context.suggest(name, context.known.ids('models')) ?? 'Add it to model_registry.json'
      return [{ ...place, severity: 'error', message, hint }]
    }
    const model = own === undefined ? undefined : models.get(own)
    if (own === undefined || model === undefined) return []
    return [
      ...findForeign(models.get(id)?.provider, model, name).map(text => ({ ...place, ...text })),
      ...describeUnfit(own, model, context).map(message => {
        const better = findReplacement(own, context) ?? 'a model that stays'
        return { ...place, message, hint: `Use ${better} instead` }
      }),
    ]
  })
}

function findForeign(
  provider: string | undefined,
  { provider: other }: Readable<Model>,
  name: string,
): Pick<Violation, 'message' | 'hint'>[] {
  if (provider === undefined || other === undefined || provider === other) return []
  const message = `${JSON.stringify(name)} is a model of another provider, ${JSON.stringify(other)}`
  return [{ message, hint: `Name a model of ${JSON.stringify(provider)}` }]
}

function describeUnfit(id: string, model: Readable<Model>, context: RuleContext): string[] {
  const end = describeEnd(id, model, context)
  if (end !== undefined) return [end.message]
  return model.status === 'deprecated' ? [`${JSON.stringify(id)} is deprecated`] : []
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
  readonly field: keyof Model
}

function contradictions(model: Readable<Model>, today: string): Contradiction[] {
  return [...findWrongStatus(model, today), ...findDisorder(model)]
}

function findWrongStatus(model: Readable<Model>, today: string): Contradiction[] {
  const { status, retires_on: retires, redirects_to: target, redirects_on: redirects } = model
  const says = `it says ${JSON.stringify(status)}, but`
  const isOpen = status === 'active' || status === 'preview'
  // A deprecated model becomes a retired one by its day alone: files that nobody changed stay free of findings.
  if (isOpen && retires !== undefined && retires <= today) {
    const message = `${says} the model retired on ${retires}`
    return [{ field: 'status', message, hint: 'Set it to "retired"' }]
  }
  if (status === 'retired' && retires !== undefined && retires > today) {
    const message = `${says} the model retires on ${retires}`
    return [{ field: 'status', message, hint: 'Set it to "deprecated"' }]
  }
  if (isOpen && target !== undefined && redirects !== undefined && redirects <= today) {
    const message = `${says} ${JSON.stringify(target)} answers in its place since ${redirects}`
    return [{ field: 'status', message, hint: 'Set it to "deprecated"' }]
  }
  return []
}

/** Days of which the first is not before the second. */
const orderedDays = [
  ['deprecated_on', 'released_on'],
  ['retires_on', 'deprecated_on'],
  ['retires_on', 'not_retired_before'],
  ['not_retired_before', 'released_on'],
  ['redirects_on', 'released_on'],
] as const

function findDisorder(model: Readable<Model>): Contradiction[] {
  const { released_on: released, redirects_to: target, redirects_on: redirects } = model
  const pairs = orderedDays.filter(([later, earlier]) => isBefore(model[later], model[earlier]))
  const found = pairs.map(([field, earlier]) => toDisorder(field, earlier))
  if (model.deprecated_on === undefined && isBefore(model.retires_on, released)) {
    found.push(toDisorder('retires_on', 'released_on'))
  }
  if (redirects !== undefined && target === undefined) {
    const hint = 'Add "redirects_to" with the model that answers, or remove it'
    found.push({ field: 'redirects_on', message: 'it says nothing without redirects_to', hint })
  }
  return found
}

function isBefore(day: string | undefined, other: string | undefined): boolean {
  return day !== undefined && other !== undefined && day < other
}

function toDisorder(field: Contradiction['field'], earlier: string): Contradiction {
  return { field, message: `it lies before ${earlier}`, hint: 'Correct one of the days' }
}
