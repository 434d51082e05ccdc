import type { Host } from '../platform/host.ts'
import type { Diagnostic } from '../registry/diagnostic.ts'
import { type RegistryName, registryFiles, registryNames } from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'
import { createSnapshot, parseText } from './partial-snapshot.ts'
import { diagnoseSnapshot } from './validate-home.ts'

/** Something wrong in a registry that lies nowhere yet: what is told of it holds no path of this machine. */
export interface TextFinding extends Pick<Diagnostic, 'rule' | 'severity' | 'message' | 'pointer' | 'hint'> {
  readonly registry: RegistryName
}

/**
 * Everything that is wrong in texts of registries, and between them. Of registries that are not among them nothing is
 * known: nothing is found that only they could tell.
 */
export type ValidateTexts = (
  texts: ReadonlyMap<RegistryName, string | undefined>,
) => Promise<readonly TextFinding[]>

/** Validates texts again and again, of which most are the same: each is read once. */
export function createTextValidation(host: Pick<Host, 'clock'>): ValidateTexts {
  const parse = createParser()
  return async texts => {
    const snapshot = createSnapshot(name => parse(name, texts.get(name)))
    const { diagnostics } = await diagnoseSnapshot(snapshot, host, {})
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

type Known = { readonly [Name in RegistryName]: Map<string, LoadedRegistry<Name>> }

function createParser(): <Name extends RegistryName>(
  name: Name,
  text: string | undefined,
) => LoadedRegistry<Name> {
  const known: Known = {
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
    const loaded =
      (text === undefined ? undefined : known[name].get(text)) ?? parseText(name, text, registryFiles[name])
    if (text !== undefined) known[name].set(text, loaded)
    return loaded
  }
}
