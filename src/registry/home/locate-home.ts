import { NexusError } from '../../lib/errors.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import type { Host } from '../../platform/host.ts'
import { type CreateHost, placeHome } from './create-home.ts'
import { dataDirectory, isOwnedByUserOrRoot, type RegistryHome, writing } from './directories.ts'

export interface HomeChoice {
  /** Value of `--home`. */
  readonly flag: string | undefined
  /** `home` of the user's configuration. */
  readonly configured: string | undefined
  /** Whether nothing may be created: the shipped registries stand for a default home that is not there yet. */
  readonly isDryRun?: boolean
}

type LocateHost = CreateHost & Pick<Host, 'env' | 'userHome' | 'cwd' | 'uid'>

const origins = {
  flag: '--home',
  environment: 'NEXUS_REGISTRY_HOME',
  config: 'home in the configuration',
  default: 'the default',
  shipped: 'shipped with the program',
} as const satisfies Record<RegistryHome['origin'], string>

/**
 * Finds the registry home: `--home`, NEXUS_REGISTRY_HOME, the user's configuration, the default. The default one is
 * created on first use. Where it can be neither made nor entered, as for a user without a home directory, those who only
 * read get the registries that the program ships. Throws a NexusError when a home that was named is missing, not readable
 * or another user's, or when there is no place to write to.
 */
export async function locateHome(
  choice: HomeChoice,
  host: LocateHost,
  purpose: 'read' | 'write' = 'write',
): Promise<RegistryHome> {
  const home = chooseHome(choice, host)
  if (home && home.origin !== 'default') {
    await requireReadable(home, host)
    return home
  }
  // A dry run creates nothing: it reads what a new home would hold.
  if (home && choice.isDryRun && (await isUnused(home.directory, host).catch(() => false)))
    return { ...home, directory: host.path.join(host.programRoot, 'registries') }
  const problem = home ? await explainUnusable(home, host) : toHomelessError()
  if (problem === undefined && home) return home
  if (problem instanceof NexusError && purpose === 'read') {
    const directory = host.path.join(host.programRoot, 'registries')
    return {
      directory,
      origin: 'shipped',
      whyShipped: problem.message.replace(/\. Nothing was changed$/, ''),
    }
  }
  throw problem
}

function toHomelessError(): NexusError {
  return new NexusError('home', 'There is no registry home: neither HOME nor XDG_DATA_HOME is set', {
    hint: 'Name one with --home DIR or NEXUS_REGISTRY_HOME',
  })
}

/** Why the default home cannot be used here; undefined when it can. Throws when it is this user's own and broken. */
async function explainUnusable(home: RegistryHome, host: LocateHost): Promise<unknown> {
  try {
    await createOnFirstUse(home.directory, host)
  } catch (error) {
    host.interrupted.throwIfAborted()
    const hint = 'Name a place that you may write to: --home DIR, NEXUS_REGISTRY_HOME or XDG_DATA_HOME'
    return error instanceof NexusError && error.code === 'write'
      ? new NexusError('write', error.message, { hint, cause: error })
      : error
  }
  if (await isOutOfReach(home.directory, host)) return requireReadable(home, host).catch(error => error)
  await requireReadable(home, host)
  return undefined
}

/** Whether a directory is behind one that this user may not enter, or another user's. */
async function isOutOfReach(directory: string, host: LocateHost): Promise<boolean> {
  const info = await host.fs.stat(directory).catch(() => undefined)
  return info === undefined || (host.uid !== 0 && !isOwnedByUserOrRoot(info, host))
}

function chooseHome(choice: HomeChoice, host: LocateHost): RegistryHome | undefined {
  if (choice.flag === '')
    throw new NexusError('usage', '--home needs a directory', { hint: 'For example --home ./registries' })
  if (choice.flag) return { directory: host.path.resolve(host.cwd, choice.flag), origin: 'flag' }
  const named = host.env.NEXUS_REGISTRY_HOME
  if (named) return { directory: host.path.resolve(host.cwd, named), origin: 'environment' }
  if (choice.configured)
    return { directory: host.path.resolve(host.cwd, expandTilde(choice.configured, host)), origin: 'config' }
  const directory = dataDirectory(host)
  return directory ? { directory, origin: 'default' } : undefined
}

// No shell expands what stands in a configuration file.
function expandTilde(path: string, host: LocateHost): string {
  if (!host.userHome || (path !== '~' && !path.startsWith('~/'))) return path
  return host.path.join(host.userHome, path.slice(1))
}

async function createOnFirstUse(directory: string, host: LocateHost): Promise<void> {
  if (await writing(directory, () => isUnused(directory, host))) await placeHome(directory, 0o700, host)
}

async function isUnused(directory: string, host: LocateHost): Promise<boolean> {
  const info = await host.fs.stat(directory)
  return info === undefined || (info.kind === 'directory' && (await isEmpty(directory, host)))
}

// One that cannot be read is reported where every home is checked.
async function isEmpty(directory: string, host: LocateHost): Promise<boolean> {
  return host.fs.list(directory).then(
    names => names.length === 0,
    () => false,
  )
}

async function requireReadable({ directory, origin }: RegistryHome, host: LocateHost): Promise<void> {
  const fail = (what: string, hint: string, cause?: unknown): never => {
    throw new NexusError('home', `The registry home ${directory} (${origins[origin]}) ${what}`, {
      hint,
      cause,
    })
  }
  const info = await host.fs.stat(directory).catch(cause => {
    throw fail('cannot be reached', 'Check who may enter the directories above it', cause)
  })
  if (!info) return fail('does not exist', `Create it: nexus-registry init ${toShellWord(directory)}`)
  if (info.kind !== 'directory')
    return fail('is not a directory', 'Name the directory that holds the nine files')
  // Root may work on files of any user, as in a container.
  if (host.uid !== 0 && !isOwnedByUserOrRoot(info, host))
    return fail(
      `belongs to another user (uid ${info.uid})`,
      `Copy it, or make it yours: chown -R "$USER" ${toShellWord(directory)}`,
    )
  if (!(await host.fs.isReadable(directory)))
    return fail('cannot be read', `Check its permissions: ls -ld ${toShellWord(directory)}`)
}
