import { isJsonObject } from '../lib/json/json-value.ts'
import type { Host } from '../platform/host.ts'
import { toExportName } from '../registry/refs.ts'
import type { PackageManager } from '../registry/schema/detectable.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import type { toolCategories } from '../registry/schema/names.ts'
import type { Provider } from '../registry/schema/provider.ts'
import type { Tool } from '../registry/schema/tool.ts'

/** What is known of a tool that a registry need not have. */
export interface CatalogTool {
  readonly name: string
  readonly category: string | undefined
  /** Its executables; the first is the usual one. */
  readonly commands: readonly [string, ...string[]]
  readonly aliases: readonly string[]
  /** Command that prints the version, of the first executable. */
  readonly version: string | undefined
  readonly versionPattern: string | undefined
  /** Why no command is run for the version, a clause. */
  readonly noVersion: string | undefined
  readonly install: Readonly<Partial<Record<PackageManager, string>>>
}

/** A Python library that a registry need not have. */
export interface CatalogFramework {
  readonly name: string
  /** Name that Python imports. */
  readonly module: string
  readonly distributions: readonly string[]
}

/** Known tools, libraries and providers, by id. */
export interface KnownThings {
  readonly tools: ReadonlyMap<string, CatalogTool>
  readonly frameworks: ReadonlyMap<string, CatalogFramework>
  readonly providers: ReadonlyMap<string, Provider>
}

export type CatalogHost = Pick<Host, 'fs' | 'path' | 'programRoot'>

/** Reads the catalog that the program ships. A part that is missing is empty. */
export async function loadCatalog(host: CatalogHost): Promise<KnownThings> {
  const [tools, frameworks, providers] = await Promise.all([
    loadPart('tools', toCatalogTool, host),
    loadPart('frameworks', toCatalogFramework, host),
    loadCatalogProviders(host),
  ])
  return { tools, frameworks, providers }
}

/** Providers that the catalog knows, by id: a small part of it. */
export function loadCatalogProviders(host: CatalogHost): Promise<KnownThings['providers']> {
  return loadPart('providers', value => (isProvider(value) ? value : undefined), host)
}

async function loadPart<T>(
  part: string,
  toItem: (value: unknown, id: string) => T | undefined,
  { fs, path, programRoot }: CatalogHost,
): Promise<ReadonlyMap<string, T>> {
  const text = await fs.readText(path.join(programRoot, 'catalog', `${part}.json`)).catch(() => undefined)
  const document: unknown = text === undefined ? {} : JSON.parse(text)
  if (!isJsonObject(document)) return new Map()
  return new Map(
    Object.entries(document).flatMap(([id, value]): [string, T][] => {
      const item = toItem(value, id)
      return item === undefined ? [] : [[id, item]]
    }),
  )
}

function toCatalogTool(value: unknown, id: string): CatalogTool | undefined {
  if (!isJsonObject(value)) return undefined
  const [first = id, ...others] = toTexts(value.commands)
  return {
    name: toText(value.name) ?? id,
    category: toText(value.category),
    commands: [first, ...others],
    aliases: toTexts(value.aliases),
    version: toText(value.version),
    versionPattern: toText(value.version_pattern),
    noVersion: toText(value.no_version),
    install: isJsonObject(value.install) ? value.install : {},
  }
}

function toCatalogFramework(value: unknown, id: string): CatalogFramework | undefined {
  if (!isJsonObject(value)) return undefined
  return {
    name: toText(value.name) ?? id,
    module: toText(value.module) ?? id,
    distributions: toTexts(value.distributions),
  }
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}

// Tests validate the shipped file against the schema.
function isProvider(value: unknown): value is Provider {
  return isJsonObject(value) && typeof value.endpoint === 'string' && Array.isArray(value.models)
}

/** The tool as an entry of a registry, detected by one of its executables. */
export function toToolEntry(id: string, tool: CatalogTool, command: string = tool.commands[0]): Tool {
  const version = toVersionCommand(tool, command)
  const aliases = tool.aliases.filter(alias => alias !== id)
  return {
    display_name: tool.name,
    ...(aliases.length > 0 && { aliases: [...aliases] }),
    category: toolCategoryOf(tool),
    detection: `which ${command}`,
    env_var: toExportName(id),
    ...(version !== undefined && { version_check: version }),
    ...(version !== undefined &&
      tool.versionPattern !== undefined && { version_pattern: tool.versionPattern }),
    ...(Object.keys(tool.install).length > 0 && { install: { ...tool.install } }),
  }
}

// `fdfind` prints its version as `fd` does.
function toVersionCommand({ version, commands }: CatalogTool, command: string): string | undefined {
  const usual = `${commands[0]} `
  return version?.startsWith(usual) ? `${command} ${version.slice(usual.length)}` : version
}

/** The library as an entry of a registry. */
export function toFrameworkEntry(id: string, { name, module, distributions }: CatalogFramework): MlFramework {
  const [first] = distributions
  return {
    display_name: name,
    import_name: module,
    ...(distributions.length > 0 && { distribution: [...distributions] }),
    detection: `python -c 'import ${module}'`,
    env_var: toExportName(id),
    ...(first !== undefined && { install: { pip: first } }),
  }
}

/** All tools and libraries as entries, a tool once for each of its executables. */
export function listCatalogEntries({
  tools,
  frameworks,
}: KnownThings): { readonly id: string; readonly entry: Tool | MlFramework }[] {
  return [
    ...[...tools].flatMap(([id, tool]) =>
      tool.commands.map(command => ({ id, entry: toToolEntry(id, tool, command) })),
    ),
    ...[...frameworks].map(([id, framework]) => ({ id, entry: toFrameworkEntry(id, framework) })),
  ]
}

type ToolCategory = (typeof toolCategories)[number]

/** The specification's categories, and where the other groups of the catalog are shown. */
const toolCategoryByGroup: Readonly<Record<string, ToolCategory>> = {
  container: 'container',
  orchestration: 'orchestration',
  compute: 'compute',
  hpc: 'compute',
  ml_framework: 'ml_framework',
  llm_client: 'ml_framework',
  llm_server: 'ml_framework',
  vcs: 'vcs',
  cloud: 'cloud',
  iac: 'iac',
}

/** The category that a tool is shown in. */
export function toolCategoryOf({ category = '' }: Pick<CatalogTool, 'category'>): ToolCategory {
  return toolCategoryByGroup[category] ?? 'runtime'
}
