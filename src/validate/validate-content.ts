import { toPointer } from '../lib/json/json-value.ts'
import type { Host } from '../platform/host.ts'
import type { Diagnostic } from '../registry/diagnostic.ts'
import { toPlaceName } from '../registry/load/diagnose.ts'
import { parseRegistry } from '../registry/load/parse-registry.ts'
import { type RegistryName, registryFiles, registryNames } from '../registry/schema/names.ts'
import { type LoadedRegistry, mapRegistries, type Snapshot } from '../registry/snapshot.ts'
import { findViolations } from './diagnose.ts'
import { rules } from './rules/index.ts'

/** A diagnostic of content that is in no file yet: it contains no path of this machine. */
export interface TextFinding extends Pick<Diagnostic, 'rule' | 'severity' | 'message' | 'pointer' | 'hint'> {
  readonly registry: RegistryName
}

/** Validates content of registries again and again. Most of it is the same, so each text is parsed once. */
export interface TextValidation {
  readonly load: <Name extends RegistryName>(name: Name, text: string | undefined) => LoadedRegistry<Name>
  /** All errors and warnings in these texts and between them. What only other registries could show is not found. */
  readonly validate: ValidateContent
}

export type ValidateContent = (
  texts: ReadonlyMap<RegistryName, string | undefined>,
) => Promise<readonly TextFinding[]>

/** `known` are registries that were loaded before: their texts are not parsed again. */
export function createTextValidation(
  host: Pick<Host, 'clock'>,
  known?: Pick<Snapshot, 'registries'>,
): TextValidation {
  const load = createLoader(known)
  return {
    load,
    validate: async texts => {
      const snapshot = createSnapshot(name => load(name, texts.get(name)))
      const violations = await findViolations(snapshot, host, {})
      return registryNames.flatMap(registry => {
        const { diagnostics, text } = snapshot.registries[registry]
        if (text === undefined) return []
        return [
          ...diagnostics.map(found => toFinding(registry, found)),
          ...violations
            .filter(found => found.registry === registry)
            .map(found => toFinding(registry, toUnplacedDiagnostic(registry, found))),
        ]
      })
    },
  }
}

/** Rules about the calendar: no change of content causes their findings. */
const advice = new Set(rules.filter(({ isAdvice }) => isAdvice).map(({ id }) => id))

/** Findings that a change brings. Only where there are some, the content before it has to be validated too. */
export async function findNewFindings(
  { before, after }: Readonly<Record<'before' | 'after', Parameters<ValidateContent>[0]>>,
  validate: ValidateContent,
): Promise<readonly TextFinding[]> {
  const found = (await validate(after)).filter(({ rule }) => !advice.has(rule))
  if (found.length === 0) return []
  const known = new Set((await validate(before)).map(toFindingKey))
  return found.filter(finding => !known.has(toFindingKey(finding)))
}

function toFindingKey({ registry, rule, message, pointer }: TextFinding): string {
  return JSON.stringify([registry, rule, message, pointer])
}

function toUnplacedDiagnostic(
  registry: RegistryName,
  found: Awaited<ReturnType<typeof findViolations>>[number],
) {
  const message = `${toPlaceName(registry, found.path)}: ${found.message}`
  return { ...found, message, pointer: toPointer(found.path) }
}

function toFinding(registry: RegistryName, found: Omit<TextFinding, 'registry'>): TextFinding {
  const { rule, severity, message, pointer, hint } = found
  return { registry, rule, severity, message, pointer, hint }
}

type Loaded = { readonly [Name in RegistryName]: Map<string, LoadedRegistry<Name>> }

function createLoader(known: Pick<Snapshot, 'registries'> | undefined): TextValidation['load'] {
  const loaded: Loaded = {
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
    if (text === undefined) return parseText(name, text, registryFiles[name])
    const earlier = known?.registries[name]
    const isReusable = earlier !== undefined && earlier.text === text && isFaultless(earlier)
    const found =
      loaded[name].get(text) ??
      (isReusable ? { ...earlier, path: registryFiles[name] } : parseText(name, text, registryFiles[name]))
    loaded[name].set(text, found)
    return found
  }
}

// A backup in place of a file, or a file with diagnostics that contain its path, is parsed again.
function isFaultless({ state, copy, diagnostics }: LoadedRegistry): boolean {
  return state === 'ok' && copy === undefined && diagnostics.length === 0
}

/** A snapshot of one registry. The others are unknown, and cause no findings. */
export function toLoneSnapshot(registry: LoadedRegistry): Snapshot {
  const unknown = createSnapshot(toUnknown)
  return { ...unknown, registries: { ...unknown.registries, [registry.name]: registry } }
}

/** A snapshot of registries with known content; the others count as missing. */
export function toContentSnapshot(
  texts: ReadonlyMap<RegistryName, string | undefined>,
  paths: Readonly<Record<RegistryName, string>>,
): Snapshot {
  return createSnapshot(name => parseText(name, texts.get(name), paths[name]))
}

/** Parses the content of a registry; without content it counts as missing. */
export function parseText<Name extends RegistryName>(
  name: Name,
  text: string | undefined,
  path: string,
): LoadedRegistry<Name> {
  if (text === undefined) return toUnknown(name)
  return { ...parseRegistry(name, path, new TextEncoder().encode(text)), sha256: undefined }
}

/** A snapshot of registries that `load` returns one by one. */
export function createSnapshot(
  load: <Name extends RegistryName>(name: Name) => LoadedRegistry<Name>,
): Snapshot {
  return { home: '', registries: mapRegistries(load) }
}

function toUnknown<Name extends RegistryName>(name: Name): LoadedRegistry<Name> {
  return {
    name,
    path: '',
    state: 'missing',
    content: undefined,
    text: undefined,
    sha256: undefined,
    quarantined: [],
    diagnostics: [],
  }
}
