import { checkNamedFile, isVariableSet } from '../../detection/services/credentials.ts'
import { isJsonObject } from '../../lib/json/json-value.ts'
import type { Host } from '../../platform/host.ts'

/** Most variables that shells check. Of more, changes show when the exports are refreshed. */
const maxWatched = 256

/** The variables that decide whether providers are exported as present. Their values are never kept. */
export interface ProviderVariables {
  /** Set and not empty, sorted. */
  readonly set: readonly string[]
  /** Unset or empty, sorted. */
  readonly unset: readonly string[]
  /** Those of the set ones that name a file, by whether it exists. Sorted. */
  readonly files: { readonly existing: readonly string[]; readonly missing: readonly string[] }
}

/** Names of the variables that the providers of a home declare, and those of them that name files. */
interface DeclaredVariables {
  readonly names: readonly string[]
  readonly fileNames: readonly string[]
}

type VariablesHost = Pick<Host, 'env' | 'cwd' | 'path' | 'fs' | 'clock'>

/** Checks the variables that providers declare. `entries` is what `withoutDetected` returns. Never rejects. */
export async function checkProviderVariables(
  entries: string,
  host: VariablesHost,
): Promise<ProviderVariables> {
  const { names, fileNames } = listDeclared(entries)
  const isSet = (name: string) => isVariableSet(name, host.env)
  const files = await Promise.all(
    fileNames.filter(isSet).map(async name => ({
      name,
      exists: (await checkNamedFile(name, host)) === 'set',
    })),
  )
  return {
    set: names.filter(isSet),
    unset: names.filter(name => !isSet(name)),
    files: {
      existing: files.filter(({ exists }) => exists).map(({ name }) => name),
      missing: files.filter(({ exists }) => !exists).map(({ name }) => name),
    },
  }
}

/** Lines of a cache key. */
export function renderProviderVariables({ set, files }: ProviderVariables): string {
  return `set=${set.join(' ')}\nfiles=${files.existing.join(' ')}\n`
}

/**
 * Names that shells give values of their own, or the hooks use: what a shell says of them is not what programs see. No key
 * is in one of them. They are not checked.
 */
const ofShells = /^(?:_.*|[a-z][A-Za-z0-9]*|IFS|LINENO|OPTARG|OPTIND|PPID|PS\d|RANDOM|SECONDS|TZ)$/

// Without the schema, whose library takes longer to load than all of this. General credentials do not change exports.
function listDeclared(text: string): DeclaredVariables {
  const names = new Set<string>()
  const fileNames = new Set<string>()
  for (const entry of listEntries(text)) {
    // A local runtime is exported as what the last sync saw of it, whatever keys there are.
    if (entry.auth_type === 'none' || entry.kind === 'local') continue
    const declared = [...toNames(entry.key_env), ...toNames(entry.required_env)]
    const files = new Set(toNames(entry.file_env))
    for (const name of declared) {
      names.add(name)
      if (files.has(name)) fileNames.add(name)
    }
  }
  const watched = [...names]
    .filter(name => !ofShells.test(name))
    .sort()
    .slice(0, maxWatched)
  return { names: watched, fileNames: watched.filter(name => fileNames.has(name)) }
}

function listEntries(text: string): Readonly<Record<string, unknown>>[] {
  try {
    const pairs: unknown = JSON.parse(text)
    if (!Array.isArray(pairs)) return []
    return pairs.flatMap((pair: unknown) => (Array.isArray(pair) && isJsonObject(pair[1]) ? [pair[1]] : []))
  } catch {
    return []
  }
}

// These names become part of scripts, so nothing else may pass: see `environmentNameSchema`.
function toNames(value: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.filter(
    (name): name is string =>
      typeof name === 'string' && name.length <= 128 && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name),
  )
}
