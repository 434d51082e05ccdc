import { type EntryNames, indexEntryNames, listPrograms, type NamedFields } from '../registry/entry-names.ts'
import { toRef } from '../registry/refs.ts'
import type { Provider } from '../registry/schema/provider.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { type CatalogFramework, type CatalogTool, type KnownThings, toFrameworkEntry } from './catalog.ts'

/** What a name means that only the catalog knows. */
export type CatalogMatch =
  | {
      readonly kind: 'tool'
      readonly id: string
      readonly tool: CatalogTool
      /** The executable that the name is; undefined when it is another name of the tool. */
      readonly command: string | undefined
    }
  | { readonly kind: 'framework'; readonly id: string; readonly framework: CatalogFramework }
  | { readonly kind: 'provider'; readonly id: string; readonly provider: Provider }

export interface CatalogNames {
  /** The known thing of a name: an id, an executable, an alias, an import name, a package or a display name. */
  find(name: string): CatalogMatch | undefined
  readonly names: readonly string[]
}

/** Indexes the names of the catalog, for any number of searches. */
export function indexCatalog(catalog: KnownThings): CatalogNames {
  const index = indexNames(catalog)
  return {
    names: index.names,
    find: name => {
      const match = index.find(name)
      if (match.kind !== 'entry') return undefined
      const { registry, id } = match.entry
      const [tool, framework] = [catalog.tools.get(id), catalog.frameworks.get(id)]
      const provider = catalog.providers.get(id)
      if (registry === 'tools' && tool) {
        return { kind: 'tool', id, tool, command: tool.commands.find(command => command === name) }
      }
      if (registry === 'ml_frameworks' && framework) return { kind: 'framework', id, framework }
      return registry === 'providers' && provider ? { kind: 'provider', id, provider } : undefined
    },
  }
}

function indexNames({ tools, frameworks, providers }: KnownThings): EntryNames {
  const named = <T>(items: ReadonlyMap<string, T>, toFields: (item: T, id: string) => NamedFields) => ({
    content: Object.fromEntries([...items].map(([id, item]) => [id, toFields(item, id)])),
    quarantined: [],
  })
  return indexEntryNames({
    tools: named(tools, ({ name, commands, aliases }) => ({
      display_name: name,
      aliases: [...commands, ...aliases],
    })),
    ml_frameworks: named(frameworks, (framework, id) => toFrameworkEntry(id, framework)),
    providers: named(providers, provider => provider),
  })
}

/**
 * The ref of the registry's own entry about something of the catalog: one with its id, or a tool that is detected by one
 * of its executables. Undefined when the registry has none, and when the name is an executable that none is detected by.
 */
export function findOwnRef(
  match: CatalogMatch,
  {
    registries,
  }: { readonly registries: Pick<Snapshot['registries'], 'tools' | 'ml_frameworks' | 'providers'> },
): string | undefined {
  if (match.kind === 'framework') return ownRef('ml_frameworks', match.id, { registries })
  if (match.kind === 'provider') return ownRef('providers', match.id, { registries })
  const { id, tool, command } = match
  const commands: readonly string[] = command === undefined ? tool.commands : [command]
  const detected = Object.entries(entriesOf({ registries }, 'tools')).find(([, entry]) =>
    listPrograms(entry).some(program => commands.includes(program)),
  )
  if (detected) return toRef('tools', detected[0])
  return command === undefined ? ownRef('tools', id, { registries }) : undefined
}

function ownRef<Name extends 'tools' | 'ml_frameworks' | 'providers'>(
  registry: Name,
  id: string,
  snapshot: { readonly registries: Pick<Snapshot['registries'], Name> },
): string | undefined {
  return Object.hasOwn(entriesOf(snapshot, registry), id) ? toRef(registry, id) : undefined
}
