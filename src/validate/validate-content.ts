import type { Host } from '../platform/host.ts'
import type { Diagnostic } from '../registry/diagnostic.ts'
import { type RegistryName, registryFiles, registryNames } from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'
import { diagnoseSnapshot } from './diagnose.ts'
import { createSnapshot, parseText } from './partial-snapshot.ts'

/** A diagnostic of content that is in no file yet: it contains no path of this machine. */
export interface TextFinding extends Pick<Diagnostic, 'rule' | 'severity' | 'message' | 'pointer' | 'hint'> {
  readonly registry: RegistryName
}

/**
 * Validates the content of registries, and the references between them. Registries that are not given are unknown: they
 * cause no findings.
 */
export type ValidateContent = (
  texts: ReadonlyMap<RegistryName, string | undefined>,
) => Promise<readonly TextFinding[]>

/** Creates a validation that parses each text once, for many calls with mostly the same texts. */
export function createTextValidation(host: Pick<Host, 'clock'>): ValidateContent {
  const parse = createCachedParser()
  return async texts => {
    const snapshot = createSnapshot(name => parse(name, texts.get(name)))
    const diagnostics = await diagnoseSnapshot(snapshot, host, {})
    return registryNames.flatMap(registry =>
      diagnostics
        .filter(({ file }) => file === registryFiles[registry])
        .map(found => toFinding(registry, found)),
    )
  }
}

function toFinding(registry: RegistryName, found: Diagnostic): TextFinding {
  const { rule, severity, message, pointer, hint } = found
  return { registry, rule, severity, message, pointer, hint }
}

type ParsedTexts = { readonly [Name in RegistryName]: Map<string, LoadedRegistry<Name>> }

function createCachedParser(): <Name extends RegistryName>(
  name: Name,
  text: string | undefined,
) => LoadedRegistry<Name> {
  const cache: ParsedTexts = {
    hyper: new Map(),
    dashboard: new Map(),
    tools: new Map(),
    providers: new Map(),
    models: new Map(),
    plugins: new Map(),
    microservices: new Map(),
    adapters: new Map(),
    ml_frameworks: new Map(),
  }
  return (name, text) => {
    const cached = text === undefined ? undefined : cache[name].get(text)
    const loaded = cached ?? parseText(name, text, registryFiles[name])
    if (text !== undefined) cache[name].set(text, loaded)
    return loaded
  }
}
