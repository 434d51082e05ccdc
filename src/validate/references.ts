import { parseRequirement } from '../lib/version/requirement.ts'
import { parseRef } from '../registry/refs.ts'
import { registryFiles, type SubRegistryName } from '../registry/schema/names.ts'
import { listDashboardProviders, listEntries, listItems } from './entries.ts'
import type { Finding, RuleContext } from './rule.ts'

/** A place in a registry that names something else. */
export interface Reference extends Pick<Finding, 'registry' | 'path'> {
  readonly name: string
}

/** References to entries of one registry that it does not have. */
export function findUnknown(
  references: readonly Reference[],
  target: SubRegistryName,
  context: RuleContext,
): Finding[] {
  return references
    .filter(({ name }) => !context.known.mayExist(target, name))
    .map(({ name, registry, path }) => ({
      registry,
      path,
      message: `there is no ${nouns[target]} ${JSON.stringify(name)}`,
      hint:
        context.suggest(name, context.known.ids(target)) ??
        `Add it to ${registryFiles[target]}, or remove it here`,
    }))
}

/** References to components that nothing is called by. Silent when a registry that could not be read may have them. */
export function findUnresolved(references: readonly Reference[], context: RuleContext): Finding[] {
  const { components, known } = context
  return references
    .filter(({ name }) => components.resolve(name) === undefined && !isExcused(name))
    .map(({ name, registry, path }) => ({
      registry,
      path,
      message: `nothing is called ${JSON.stringify(name)}`,
      hint:
        context.suggest(name, components.names) ??
        'Name an entry, a registry, something that a tool provides, or a node of the dependency graph',
    }))

  function isExcused(name: string): boolean {
    if (components.isComplete) return false
    const ref = parseRef(name)
    // A ref says which registry it means: it is excused only when that one could not be read.
    if (!ref || ref.registry === 'hyper' || ref.registry === 'dashboard') return true
    return known.mayExist(ref.registry, ref.id)
  }
}

export interface Requirement extends Reference {
  readonly registry: 'plugins' | 'microservices' | 'adapters'
  /** Id of the entry that requires. */
  readonly id: string
}

/** What plug-ins, services and adapters require. */
export function listRequirements(snapshot: RuleContext['snapshot']): Requirement[] {
  return [
    ...toRequirements('plugins', listEntries(snapshot, 'plugins')),
    ...toRequirements('microservices', listEntries(snapshot, 'microservices')),
    ...toRequirements('adapters', listEntries(snapshot, 'adapters')),
  ]
}

function toRequirements(
  registry: Requirement['registry'],
  entries: readonly [
    id: string,
    entry: { readonly requires?: readonly (string | undefined)[] | undefined },
  ][],
): Requirement[] {
  return entries.flatMap(([id, { requires }]) =>
    listItems(requires).map(({ item: text, index }) => {
      const { name } = parseRequirement(text)
      return { registry, id, path: [id, 'requires', index], name }
    }),
  )
}

/** Models that the cards of providers name. */
export function listShownModels(snapshot: RuleContext['snapshot']): Reference[] {
  return listDashboardProviders(snapshot).flatMap(([id, { models_display: models }]) =>
    listItems(models).map(({ item: name, index }) => ({
      registry: 'dashboard',
      path: ['sections', 'providers', 'entries', id, 'models_display', index],
      name,
    })),
  )
}

/** What one entry of a registry is called. */
export const nouns: Readonly<Record<SubRegistryName, string>> = {
  tools: 'tool',
  providers: 'provider',
  models: 'model',
  plugins: 'plug-in',
  microservices: 'service',
  adapters: 'adapter',
  ml_frameworks: 'ML framework',
}
