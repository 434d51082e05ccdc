import { NexusError } from '../core/errors.ts'
import type { RegistryHome } from '../core/home.ts'
import { limits } from '../core/limits.ts'
import { detectedRegistryNames, registryFiles } from '../schema/names.ts'
import { forgetAnswers } from './answers.ts'
import { type Grant, type GrantHost, loadGrant, loadGrants, removeGrant, saveGrant } from './grants.ts'
import { explainForeignControl } from './ownership.ts'

/** SHA-256 of the two files that declare commands, of the very bytes that were parsed; undefined for a missing one. */
export interface TrustHashes {
  readonly tools?: string | undefined
  readonly ml_frameworks?: string | undefined
}

export interface TrustJudgement {
  /** Whether the home's own commands may be executed. */
  readonly isTrusted: boolean
  /** Why not, a sentence; null when it is trusted. */
  readonly reason: string | null
}

const trusted: TrustJudgement = { isTrusted: true, reason: null }

/**
 * Whether a home may run its commands: the default one by its place, as long as nobody else can write to it, and any
 * home by a grant for exactly these bytes.
 */
export async function judgeTrust(
  home: RegistryHome,
  hashes: TrustHashes,
  host: GrantHost,
): Promise<TrustJudgement> {
  // Whoever can change what the program ships can change the program.
  if (home.origin === 'shipped') return trusted
  const trouble = home.origin === 'default' ? await explainPlace(home.directory, host) : 'it is not trusted'
  if (trouble === undefined) return trusted
  const grant = await loadGrant(await toRealPath(home.directory, host), host)
  if (!grant) return distrust(`${home.directory} may not run commands: ${trouble}`)
  const changed = detectedRegistryNames.find(name => !isGranted(grant, name, hashes))
  return changed ? distrust(`${registryFiles[changed]} has changed since it was trusted`) : trusted
}

function distrust(what: string): TrustJudgement {
  return { isTrusted: false, reason: `${what}: run nexus-registry trust` }
}

// A file that is missing declares nothing.
function isGranted(grant: Grant, name: (typeof detectedRegistryNames)[number], hashes: TrustHashes): boolean {
  const hash = hashes[name]
  return hash === undefined || grant[name].includes(hash)
}

/** Why the default home is not trusted by its place; undefined when it is. */
async function explainPlace(directory: string, host: GrantHost): Promise<string | undefined> {
  const files = detectedRegistryNames.map(name => host.path.join(directory, registryFiles[name]))
  for (const path of [directory, ...files]) {
    const info = await host.fs.stat(path)
    const trouble = info && explainForeignControl(info, host)
    if (trouble) return `${path} ${trouble}`
  }
  return undefined
}

/**
 * Trusts a home as it is now: `hashes` are those of the bytes that the user was shown, without them those on the disk.
 * Returns what was granted. Throws a NexusError when there is nothing to trust or it cannot be kept.
 */
export async function grantTrust(directory: string, host: GrantHost, hashes?: TrustHashes): Promise<Grant> {
  const path = await toRealPath(directory, host)
  const { tools, ml_frameworks } = hashes ?? (await hashFiles(path, host))
  if (tools === undefined && ml_frameworks === undefined)
    throw new NexusError(
      'trust',
      `${directory} has neither tool_registry.json nor ml_framework_registry.json`,
      {
        hint: 'Name a registry home; nexus-registry init DIR creates one',
      },
    )
  const grant = {
    path,
    granted_at: new Date(host.clock.now()).toISOString(),
    tools: toList(tools),
    ml_frameworks: toList(ml_frameworks),
  }
  await saveGrant(grant, host)
  await forgetAnswers(host)
  return grant
}

/** Takes a grant back; false when there was none. */
export async function revokeTrust(directory: string, host: GrantHost): Promise<boolean> {
  const wasTrusted = await removeGrant(await toRealPath(directory, host), host)
  await forgetAnswers(host)
  return wasTrusted
}

/** All grants, sorted by path. */
export async function listTrust(host: GrantHost): Promise<Grant[]> {
  return loadGrants(host)
}

/**
 * Lets a grant follow a change that this program makes to a home's files under their lock, which does not touch what
 * they run. Call it before the change: until it has happened, both are trusted; older ones are forgotten.
 */
export async function renewTrust(
  directory: string,
  before: TrustHashes,
  after: TrustHashes,
  host: GrantHost,
): Promise<void> {
  const grant = await loadGrant(await toRealPath(directory, host), host)
  if (!grant) return
  const renewed = {
    ...grant,
    tools: renew(grant.tools, before.tools, after.tools),
    ml_frameworks: renew(grant.ml_frameworks, before.ml_frameworks, after.ml_frameworks),
  }
  if (JSON.stringify(renewed) !== JSON.stringify(grant)) await saveGrant(renewed, host)
}

// Only what was trusted hands its trust on.
function renew(
  granted: readonly string[],
  before: string | undefined,
  after: string | undefined,
): readonly string[] {
  if (before === undefined || after === undefined || !granted.includes(before)) return granted
  return toList(after, before)
}

function toList(...hashes: readonly (string | undefined)[]): string[] {
  return [...new Set(hashes.filter(hash => hash !== undefined))]
}

async function hashFiles(directory: string, host: GrantHost): Promise<TrustHashes> {
  const [tools, ml_frameworks] = await Promise.all(
    detectedRegistryNames.map(async name => {
      const bytes = await host.fs.readBytes(host.path.join(directory, registryFiles[name]), limits.fileBytes)
      return bytes && host.sha256(bytes)
    }),
  )
  return { tools, ml_frameworks }
}

// A home that was removed can still lose its grant.
async function toRealPath(directory: string, host: GrantHost): Promise<string> {
  return host.fs.realPath(directory).catch(() => host.path.resolve(directory))
}
