import type { Service } from '../sync/service/service.ts'
import type { CommandContext } from './command-context.ts'

/**
 * Variables of this shell that select the home and influence detection. Not those of a virtual environment: it exists
 * only in this shell.
 */
const passedVariables = [
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

/** Describes a service that does the same as `sync --watch` in this shell. */
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
      passedVariables.flatMap(name => {
        const value = env[name]
        return value ? [[name, value]] : []
      }),
    ),
    userHome: host.userHome,
  }
}
