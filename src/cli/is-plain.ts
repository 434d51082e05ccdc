import type { Host } from '../platform/host.ts'
import type { CommandContext } from './command-context.ts'
import type { GlobalOptions } from './global-options.ts'

interface Call extends Pick<CommandContext, 'configNotes'> {
  readonly globals: Pick<GlobalOptions, 'home' | 'config'>
  readonly host: Pick<Host, 'env' | 'path'>
}

/**
 * Whether this call asks what any shell with these variables asks: no option and no working directory has a part in it,
 * and nobody has to be told about the configuration. Only then may shells give its answer themselves.
 */
export function isPlain({ globals, configNotes, host }: Call): boolean {
  const { NEXUS_REGISTRY_HOME: home, NEXUS_REGISTRY_PYTHON: python, KUBECONFIG: kubeconfig = '' } = host.env
  const paths = [home, python?.includes('/') ? python : undefined, ...kubeconfig.split(host.path.delimiter)]
  const isAnywhere = paths.every(path => !path || host.path.isAbsolute(path))
  return isAnywhere && globals.home === undefined && globals.config === undefined && configNotes.length === 0
}
