import { NexusError } from '../core/errors.ts'
import type { RegistryHome } from '../core/home.ts'
import type { Host } from '../core/host.ts'
import { toShellWord } from '../core/to-shell-word.ts'
import { type CreateHost, placeHome } from './create-home.ts'
import { dataDirectory } from './directories.ts'
import { isOwnedByUserOrRoot } from './ownership.ts'

export interface HomeChoice {
  /** Value of `--home`. */
  readonly flag: string | undefined
  /** `home` of the user's configuration. */
  readonly configured: string | undefined
}

type LocateHost = CreateHost & Pick<Host, 'env' | 'userHome' | 'cwd' | 'uid'>

const origins = {
  flag: '--home',
  environment: 'NEXUS_REGISTRY_HOME',
  config: 'home in the configuration',
  default: 'the default',
} as const satisfies Record<RegistryHome['origin'], string>

/**
 * Finds the registry home: `--home`, NEXUS_REGISTRY_HOME, the user's configuration, the default. The default one is
 * created on first use. Throws a NexusError('home') when it is missing, not readable or another user's.
 */
export async function locateHome(choice: HomeChoice, host: LocateHost): Promise<RegistryHome> {
  const home = chooseHome(choice, host)
  if (home.origin === 'default') await createOnFirstUse(home.directory, host)
  await requireReadable(home, host)
  return home
}

function chooseHome(choice: HomeChoice, host: LocateHost): RegistryHome {
  if (choice.flag === '')
    throw new NexusError('usage', '--home needs a directory', { hint: 'For example --home ./registries' })
  if (choice.flag) return { directory: host.path.resolve(host.cwd, choice.flag), origin: 'flag' }
  const named = host.env.NEXUS_REGISTRY_HOME
  if (named) return { directory: host.path.resolve(host.cwd, named), origin: 'environment' }
  if (choice.configured)
    return { directory: host.path.resolve(host.cwd, expandTilde(choice.configured, host)), origin: 'config' }
  const directory = dataDirectory(host)
  if (directory) return { directory, origin: 'default' }
  throw new NexusError('home', 'There is no registry home: neither HOME nor XDG_DATA_HOME is set', {
    hint: 'Name one with --home DIR or NEXUS_REGISTRY_HOME',
  })
}

// No shell expands what stands in a configuration file.
function expandTilde(path: string, host: LocateHost): string {
  if (!host.userHome || (path !== '~' && !path.startsWith('~/'))) return path
  return host.path.join(host.userHome, path.slice(1))
}

async function createOnFirstUse(directory: string, host: LocateHost): Promise<void> {
  const info = await host.fs.stat(directory)
  if (info && (info.kind !== 'directory' || !(await isEmpty(directory, host)))) return
  await placeHome(directory, 0o700, host)
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
  // Root may be asked to work on anybody's files, as in a container.
  if (host.uid !== 0 && !isOwnedByUserOrRoot(info, host))
    return fail(
      `belongs to another user (uid ${info.uid})`,
      `Copy it, or make it yours: chown -R "$USER" ${directory}`,
    )
  if (!(await host.fs.isReadable(directory)))
    return fail('cannot be read', `Check its permissions: ls -ld ${directory}`)
}
