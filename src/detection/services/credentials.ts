import { limits } from '../../lib/limits.ts'
import { createDeadline } from '../../platform/deadline.ts'
import type { Environment, Host } from '../../platform/host.ts'
import type { Provider } from '../../registry/schema/provider.ts'

/** Whether what a provider needs to sign in is here. `reason` is a sentence without its full stop, `hint` what to do. */
export type CredentialFinding =
  /** `variable` holds the credential; null when it needs none. */
  | { readonly status: 'configured'; readonly variable: string | null }
  | { readonly status: 'unconfigured'; readonly reason: string; readonly hint: string }
  /** `source` is the variable or file that was found; null when the entry names none. */
  | {
      readonly status: 'unknown'
      readonly source: string | null
      readonly reason: string
      readonly hint: string
    }

type CredentialFields = Pick<
  Provider,
  'auth_type' | 'key_env' | 'required_env' | 'file_env' | 'general_env' | 'general_files'
>

export type CredentialHost = Pick<Host, 'env' | 'cwd' | 'userHome' | 'path' | 'fs' | 'clock'>

/**
 * Finds the credential of a provider. A variable is only checked for being empty; the value of one that names a file is
 * used to check that the file exists, and never kept.
 */
export async function findCredential(
  provider: CredentialFields,
  host: CredentialHost,
): Promise<CredentialFinding> {
  if (provider.auth_type === 'none') return { status: 'configured', variable: null }
  const { own, required, general } = namesIn(provider)
  const check = (name: string) => checkVariable(name, provider, host)
  const [keys, needs, generals] = await Promise.all([
    Promise.all(own.map(check)),
    Promise.all(required.map(check)),
    Promise.all(general.map(check)),
  ])
  const found = keys.find(isThere) ?? keys.find(isUnchecked)
  const missing = needs.filter(need => need.state === 'unset' || need.state === 'no-file')
  if (found !== undefined && missing.length > 0) return toIncomplete(found, missing)
  const unchecked = [found, ...needs].find(variable => variable !== undefined && isUnchecked(variable))
  if (found !== undefined && unchecked !== undefined) return toUnchecked(unchecked)
  if (found !== undefined) return { status: 'configured', variable: found.name }
  const source = generals.find(isThere)?.name ?? (await findGeneralFile(provider, host))
  if (source !== undefined) return toGeneral(source, own)
  const uncheckedGeneral = generals.find(isUnchecked)
  if (uncheckedGeneral !== undefined) return toUnchecked(uncheckedGeneral)
  return toUnconfigured(provider, { keys: [...keys, ...generals], missing })
}

/** The credentials of several providers, by id. */
export async function findCredentials(
  providers: Readonly<Record<string, CredentialFields>>,
  host: CredentialHost,
): Promise<ReadonlyMap<string, CredentialFinding>> {
  const found = Object.entries(providers).map(
    async ([id, provider]) => [id, await findCredential(provider, host)] as const,
  )
  return new Map(await Promise.all(found))
}

/** The variables that the credential of a provider may be in, or that it needs; each once. */
export function credentialVariables(provider: CredentialFields): string[] {
  if (provider.auth_type === 'none') return []
  const { own, required, general } = namesIn(provider)
  return [...new Set([...own, ...required, ...general])]
}

function namesIn({
  key_env: keys = [],
  required_env: required = [],
  general_env: general = [],
}: CredentialFields) {
  return { own: [keys].flat(), required, general }
}

interface VariableCheck {
  readonly name: string
  /** no-file: it names a file that does not exist. unchecked: that could not be found out. */
  readonly state: 'set' | 'unset' | 'no-file' | 'unchecked'
}

type FileCheck = Exclude<VariableCheck['state'], 'unset'>

function isThere({ state }: VariableCheck): boolean {
  return state === 'set'
}

function isUnchecked({ state }: VariableCheck): boolean {
  return state === 'unchecked'
}

async function checkVariable(
  name: string,
  { file_env: files = [] }: CredentialFields,
  host: CredentialHost,
): Promise<VariableCheck> {
  if (!isVariableSet(name, host.env)) return { name, state: 'unset' }
  return { name, state: files.includes(name) ? await checkNamedFile(name, host) : 'set' }
}

/** Whether the file exists that a variable names. A relative path starts at the working directory, as everywhere. */
export function checkNamedFile(
  name: string,
  host: Pick<Host, 'env' | 'cwd' | 'path' | 'fs' | 'clock'>,
): Promise<FileCheck> {
  return checkFile(host.path.resolve(host.cwd, host.env[name] ?? ''), host)
}

/** Whether a variable is set and not empty. */
export function isVariableSet(name: string, env: Environment): boolean {
  // `constructor` is a name that every object knows.
  return Object.hasOwn(env, name) && Boolean(env[name])
}

async function checkFile(path: string, { fs, clock }: Pick<Host, 'fs' | 'clock'>): Promise<FileCheck> {
  const deadline = createDeadline(limits.directoryTimeoutMs, clock)
  const check = fs.statAnywhere(path).then(
    info => (info === undefined || info.kind === 'directory' ? 'no-file' : 'set'),
    () => 'unchecked' as const,
  )
  return (await deadline(check)) ?? 'unchecked'
}

async function findGeneralFile(
  { general_files: files = [] }: CredentialFields,
  host: CredentialHost,
): Promise<string | undefined> {
  const { userHome, path } = host
  if (userHome === undefined) return undefined
  const states = await Promise.all(files.map(file => checkFile(path.join(userHome, file.slice(2)), host)))
  return files.find((_, index) => states[index] === 'set')
}

function toIncomplete({ name }: VariableCheck, missing: readonly VariableCheck[]): CredentialFinding {
  const names = missing.map(each => each.name)
  return {
    status: 'unconfigured',
    reason: `${name} is set, but ${describeMissing(missing)}`,
    hint: `Set ${names.join(' and ')} too: export ${names.map(each => `${each}=…`).join(' ')}`,
  }
}

function toUnchecked({ name }: VariableCheck): CredentialFinding {
  return {
    status: 'unknown',
    source: name,
    reason: `the file that ${name} names could not be checked`,
    hint: `See whether you may read the file that ${name} names`,
  }
}

function toGeneral(source: string, own: readonly string[]): CredentialFinding {
  const check = 'Check it: nexus-registry sync providers --deep'
  return {
    status: 'unknown',
    source,
    reason: `only general credentials (${source}) are here, and whether they allow its use is not known`,
    hint: own.length === 0 ? check : `${check}; or set ${own.join(' or ')} to a key of its own`,
  }
}

function toUnconfigured(
  provider: CredentialFields,
  { keys, missing }: { readonly keys: readonly VariableCheck[]; readonly missing: readonly VariableCheck[] },
): CredentialFinding {
  const { own, general } = namesIn(provider)
  const { general_files: files = [] } = provider
  const withoutFile = keys.filter(({ state }) => state === 'no-file')
  if (withoutFile.length > 0) {
    const names = withoutFile.map(({ name }) => name)
    const hint = `Set ${names.join(' or ')} to the path of a file that exists`
    return { status: 'unconfigured', reason: describeMissing([...withoutFile, ...missing]), hint }
  }
  if (own.length > 0) {
    const others = missing.length === 0 ? '' : `; ${describeMissing(missing)}`
    const names = missing.map(({ name }) => ` and ${name}`).join('')
    const hint = `Set ${own.join(' or ')} to your key${names && `,${names}`}: export ${own[0]}=…`
    return { status: 'unconfigured', reason: `${describeUnset(own)}${others}`, hint }
  }
  if (general.length + files.length > 0) {
    const sources = [...general, ...files].join(', ')
    const hint = `Sign in with the tool of its platform${general.length === 0 ? '' : `, or set ${general.join(' or ')}`}`
    return { status: 'unconfigured', reason: `it has no credential: none of ${sources} is here`, hint }
  }
  const hint = 'Name the variable in key_env of its entry in provider_registry.json'
  return { status: 'unknown', source: null, reason: 'its entry names no variable with the key', hint }
}

function describeUnset(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]} is not set` : `neither ${names.join(' nor ')} is set`
}

function describeMissing(variables: readonly VariableCheck[]): string {
  const unset = variables.filter(({ state }) => state === 'unset').map(({ name }) => name)
  const withoutFile = variables.filter(({ state }) => state === 'no-file')
  const sentences = withoutFile.map(({ name }) => `the file that ${name} names does not exist`)
  if (unset.length > 0) sentences.push(`${unset.join(' and ')} ${unset.length === 1 ? 'is' : 'are'} not set`)
  return sentences.join(' and ')
}

/** Largest `.env` file that is read, in bytes. */
const dotenvBytes = 64 * 1024

/**
 * Those of the variables that `.env` in the working directory sets to something, in their order. Shells do not load that
 * file. Keeps no value. Empty when there is no such file or it cannot be read.
 */
export async function findInDotenv(
  names: readonly string[],
  { fs, cwd, path }: Pick<Host, 'fs' | 'cwd' | 'path'>,
): Promise<string[]> {
  const file = path.join(cwd, '.env')
  const info = await fs.stat(file).catch(() => undefined)
  if (info?.kind !== 'file') return []
  const text = await fs.readText(file, dotenvBytes).catch(() => undefined)
  const set = new Set(text?.split(/\r?\n/).map(toAssignedName))
  return names.filter(name => set.has(name))
}

// A comment or an empty value, also in quotes, sets nothing.
function toAssignedName(line: string): string | undefined {
  return /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?!["'`]{2}\s*$)[^\s#]/.exec(line)?.[1]
}
