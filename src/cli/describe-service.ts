import type { Service } from '../sync/service/service.ts'
import type { CommandContext } from './command-context.ts'

/**
 * Variables of this shell that decide what is found, and which home it is written to. Those of a virtual environment
 * are left out: it is of one shell, and ends with it.
 */
const passedOn = [
  'PATH',
  'KUBECONFIG',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'XDG_CACHE_HOME',
  'NEXUS_REGISTRY_HOME',
  'NEXUS_REGISTRY_PYTHON',
  'NEXUS_REGISTRY_TIMEOUT',
  'NEXUS_REGISTRY_CONCURRENCY',
] as const

/** The daemon as a service that does what `sync --watch` would do in this shell. */
export function describeService({ globals, host }: Pick<CommandContext, 'globals' | 'host'>): Service {
  const { path, env } = host
  const absolute = (flag: string, value: string | undefined) =>
    value === undefined ? [] : [flag, path.resolve(host.cwd, value)]
  return {
    argv: [
      path.join(host.programRoot, 'bin', 'nexus-registry'),
      'sync',
      '--watch',
      '--log-format',
      'json',
      ...absolute('--home', globals.home),
      ...absolute('--config', globals.config),
    ],
    variables: Object.fromEntries(
      passedOn.flatMap(name => {
        const value = env[name]
        return value ? [[name, value]] : []
      }),
    ),
    userHome: host.userHome,
  }
}
