import { findCycles, followCapabilities } from '../../lib/find-cycles.ts'
import { type Components, toComponentKey } from '../../registry/components/components.ts'
import { toRef } from '../../registry/refs.ts'
import { listEdges, listItems, listReadEntries, listRequirements } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const dependencyCycle: Rule = {
  id: 'dependency-cycle',
  severity: 'error',
  summary: 'components need each other in a cycle',
  check: context => {
    const named = [
      ...edgeLinks(context),
      ...requireLinks(context),
      ...pluginLinks(context),
      ...toolLinks(context),
    ]
    const links = followCapabilities(named, id => listProviders(id, context.components))
    const places = new Map(links.map(({ from, to, ...place }) => [`${from}\0${to}`, place]))
    return findCycles(links).flatMap((cycle): Violation[] => {
      const place = places.get(`${cycle.at(-1)}\0${cycle[0]}`)
      const message = `this closes a cycle: ${describeCycle(cycle)}`
      const hint = 'Remove one of these dependencies; an edge of type "references" needs nothing'
      return place ? [{ ...place, message, hint }] : []
    })
  },
}

// A cycle can have a hundred thousand names.
const mostNamed = 30

function describeCycle(cycle: readonly string[]): string {
  const left = cycle.length - mostNamed
  const named = left > 1 ? [...cycle.slice(0, mostNamed), `${left} others`] : cycle
  return [...named, cycle[0]].join(' → ')
}

interface Link extends Pick<Violation, 'registry' | 'path'> {
  readonly from: string
  readonly to: string
}

function edgeLinks({ snapshot, components }: RuleContext): Link[] {
  return listEdges(snapshot).flatMap(({ from, to, type, path }): Link[] => {
    if (type !== 'requires' || from === undefined || to === undefined) return []
    const ends = { from: toKey(components, from), to: toKey(components, to) }
    return [{ registry: 'hyper', path: [...path, 'to'], ...ends }]
  })
}

function requireLinks({ snapshot, components }: RuleContext): Link[] {
  return listRequirements(snapshot).map(({ registry, id, path, name }) => ({
    registry,
    path,
    from: toRef(registry, id),
    to: toKey(components, name),
  }))
}

// What a plug-in calls is a tool, even where a plug-in has the same name.
function pluginLinks({ snapshot, components, known }: RuleContext): Link[] {
  const tools = known.ids('tools')
  return listReadEntries(snapshot, 'plugins').flatMap(([id, { dependencies }]) =>
    listItems(dependencies).map(({ item: name, index }): Link => {
      const to = tools.has(name) ? toRef('tools', name) : toKey(components, name)
      return { registry: 'plugins', path: [id, 'dependencies', index], from: toRef('plugins', id), to }
    }),
  )
}

function toolLinks({ snapshot, components }: RuleContext): Link[] {
  return listReadEntries(snapshot, 'tools').flatMap(([id, { dependency }]) =>
    listItems(dependency).map(({ item: name, index }): Link => {
      const to = toKey(components, name)
      return { registry: 'tools', path: [id, 'dependency', index], from: toRef('tools', id), to }
    }),
  )
}

function listProviders(id: string, components: Components): readonly string[] | undefined {
  const component = components.resolve(id)
  return component?.kind === 'capability' ? component.providers : undefined
}

function toKey(components: Components, name: string): string {
  const component = components.resolve(name)
  return component ? toComponentKey(component) : name
}
