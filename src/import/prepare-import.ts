import type { CatalogHost } from '../catalog/catalog.ts'
import { loadCatalogProviders } from '../catalog/catalog.ts'
import type { NetworkConfig } from '../config/config.ts'
import { NexusError } from '../lib/errors.ts'
import { suggest } from '../lib/text/nearest.ts'
import type { Host, RequestHost, UserFilesHost } from '../platform/host.ts'
import { type ImportFormatName, importFormatNames } from '../registry/schema/names.ts'
import { loadShippedDocuments } from '../upgrade/shipped-documents.ts'
import { importFormats } from './formats/index.ts'
import type { ImportFormat } from './import-record.ts'
import { importStrategies, type MergeOptions } from './merge-record.ts'
import type { ImportRequest } from './plan-import.ts'
import { readSource } from './read-source.ts'
import { type RecordFilter, selectRecords } from './select-records.ts'

type ImportHost = UserFilesHost & RequestHost & CatalogHost & Pick<Host, 'cwd' | 'readInput' | 'programRoot'>

/** An import as the caller asked for it. */
export interface ImportCall extends RecordFilter {
  /** Name of a format. */
  readonly source: string
  /** A file, an address or `-`; undefined for the format's own address. */
  readonly from: string | undefined
  readonly strategy: string | undefined
  readonly isForced: boolean
  readonly network: NetworkConfig
  readonly mirrors: Readonly<Partial<Record<ImportFormatName, string>>>
}

/** Reads a source, and all that decides what it changes in a home. Throws a NexusError for what cannot be imported. */
export async function prepareImport(
  call: ImportCall,
  home: string,
  host: ImportHost,
): Promise<ImportRequest> {
  const format = requireImportFormat(call.source)
  const strategy = requireStrategy(call.strategy)
  const { from, network, mirrors } = call
  const { document, mark } = await readSource({ format, from, network, mirror: mirrors[format.name] }, host)
  const parsed = format.parse(document, new Date(host.clock.now()).toISOString().slice(0, 10))
  const selected = selectRecords(format, parsed, call)
  const [shipped, known] = await Promise.all([loadShippedModels(home, host), loadCatalogProviders(host)])
  return {
    ...selected,
    providers: parsed.providers,
    known: new Set(known.keys()),
    source: mark,
    strategy,
    isForced: call.isForced,
    shipped,
  }
}

function requireImportFormat(name: string): ImportFormat {
  const format = importFormats.find(each => each.name === name)
  if (format) return format
  const hint = suggest(name, importFormatNames) ?? `Sources are ${importFormatNames.join(', ')}`
  throw new NexusError('usage', `there is no source ${JSON.stringify(name)}`, { hint })
}

function requireStrategy(name: string | undefined): MergeOptions['strategy'] {
  const strategy = importStrategies.find(each => each === name)
  if (strategy !== undefined || name === undefined) return strategy
  throw new NexusError('usage', `--strategy: there is no strategy ${JSON.stringify(name)}`, {
    hint: suggest(name, importStrategies) ?? `Strategies are ${importStrategies.join(', ')}`,
  })
}

/** All versions of the models that were ever shipped: whether a value here is one of theirs. */
async function loadShippedModels(home: string, host: ImportHost): Promise<ImportRequest['shipped']> {
  const shipped = await loadShippedDocuments('models', home, host)
  return id => shipped.flatMap(({ document }) => (Object.hasOwn(document, id) ? [document[id]] : []))
}
