import { InvalidArgumentError } from 'commander'
import { NexusError } from '../lib/errors.ts'
import { suggest } from '../lib/text/nearest.ts'
import type { Host } from '../platform/host.ts'
import type { CommandContext, GlobalOptions } from './command-context.ts'

/** Parses a whole number, 1 or more. */
export function parseCount(text: string): number {
  const count = Number(text)
  if (isWhole(text) && count > 0 && Number.isSafeInteger(count)) return count
  throw new InvalidArgumentError('Expected a whole number, 1 or more.')
}

/** Parses a number of parallel processes, with the limits of the configuration. */
export function parseConcurrency(text: string): number {
  const count = Number(text)
  if (isWhole(text) && count > 0 && count <= 256) return count
  throw new InvalidArgumentError('Expected a whole number from 1 to 256.')
}

/** Parses a deadline in seconds to milliseconds. */
export function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (/^\d*\.?\d+$/.test(text) && seconds > 0 && seconds <= 3600) return Math.ceil(seconds * 1000)
  throw new InvalidArgumentError('Expected a number of seconds, at most 3600.')
}

// Number() also accepts an empty string, 0x10 and 1e3.
function isWhole(text: string): boolean {
  return /^\d+$/.test(text)
}

/** Parses a port; 0 means any free one. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (isWhole(text) && port <= 65_535) return port
  throw new InvalidArgumentError('Expected a port from 0 to 65535.')
}

/** Options of a sync that come from the configuration alone. Without `network`, upstreams are not queried. */
export function defaultSyncOptions(context: CommandContext) {
  const { config, globals } = context
  const { python, concurrency, timeoutMs } = config
  return {
    mode: 'normal',
    isForced: false,
    isDryRun: false,
    isPlain: isPlain(context),
    configFile: globals.config,
    python,
    concurrency,
    timeoutMs,
    alerts: { ...config.alerts, allowPrivate: config.network.allowPrivate },
  } as const
}

interface Call extends Pick<CommandContext, 'configNotes'> {
  readonly globals: Pick<GlobalOptions, 'home' | 'config'>
  readonly host: Pick<Host, 'env' | 'path'>
}

/**
 * Whether the exports of this call are the same for every shell with these variables: they depend on no option and no
 * working directory, and the configuration causes no warning. Only such exports may shells read from the cache.
 */
export function isPlain({ globals, configNotes, host }: Call): boolean {
  const { NEXUS_REGISTRY_HOME: home, NEXUS_REGISTRY_PYTHON: python, KUBECONFIG: kubeconfig = '' } = host.env
  const paths = [home, python?.includes('/') ? python : undefined, ...kubeconfig.split(host.path.delimiter)]
  const isAnywhere = paths.every(path => !path || host.path.isAbsolute(path))
  return isAnywhere && globals.home === undefined && globals.config === undefined && configNotes.length === 0
}

/** Returns the format that `--format` names. Throws a NexusError('usage') that suggests formats. */
export function requireFormat<Name extends string>(
  name: string,
  formats: Readonly<Record<Name, unknown>>,
): Name {
  if (isKeyOf(formats, name)) return name
  const names = Object.keys(formats)
  const hint = suggest(name, names) ?? `Formats are ${names.join(', ')}`
  throw new NexusError('usage', `--format: there is no format ${JSON.stringify(name)}`, { hint })
}

function isKeyOf<Key extends string>(object: Readonly<Record<Key, unknown>>, key: string): key is Key {
  return Object.hasOwn(object, key)
}
