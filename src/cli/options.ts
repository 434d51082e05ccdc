import { InvalidArgumentError } from 'commander'
import { NexusError } from '../lib/errors.ts'
import { suggest } from '../lib/text/nearest.ts'
import type { Host } from '../platform/host.ts'
import type { CommandContext, GlobalOptions } from './command-context.ts'

/** A whole number from 1 on, for options that count. */
export function parseCount(text: string): number {
  const count = Number(text)
  if (isWhole(text) && count > 0 && Number.isSafeInteger(count)) return count
  throw new InvalidArgumentError('It takes a whole number from 1 on.')
}

/** How many processes may run at once: what a configuration may say too. */
export function parseConcurrency(text: string): number {
  const count = Number(text)
  if (isWhole(text) && count > 0 && count <= 256) return count
  throw new InvalidArgumentError('It takes a whole number from 1 to 256.')
}

/** Seconds as milliseconds, for options that name a deadline. */
export function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (/^\d*\.?\d+$/.test(text) && seconds > 0 && seconds <= 3600) return Math.ceil(seconds * 1000)
  throw new InvalidArgumentError('It takes a number of seconds, at most 3600.')
}

// Not what JavaScript takes for a number besides: an empty text, 0x10, 1e3.
function isWhole(text: string): boolean {
  return /^\d+$/.test(text)
}

/** A port to listen on; 0 for any that is free. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (isWhole(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It takes a port, from 0 to 65535.')
}

/** How a home is synced when the configuration alone says so. Upstreams are asked by who adds `network`. */
export function usualSyncOptions(context: CommandContext) {
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
 * Whether this call asks what any shell with these variables asks: no option and no working directory has a part in it,
 * and nobody has to be told about the configuration. Only then may shells give its answer themselves.
 */
export function isPlain({ globals, configNotes, host }: Call): boolean {
  const { NEXUS_REGISTRY_HOME: home, NEXUS_REGISTRY_PYTHON: python, KUBECONFIG: kubeconfig = '' } = host.env
  const paths = [home, python?.includes('/') ? python : undefined, ...kubeconfig.split(host.path.delimiter)]
  const isAnywhere = paths.every(path => !path || host.path.isAbsolute(path))
  return isAnywhere && globals.home === undefined && globals.config === undefined && configNotes.length === 0
}

/** The format that `--format` names. Throws a NexusError('usage') with the nearest one, or all of them. */
export function requireFormat<Name extends string>(
  wanted: string,
  formats: Readonly<Record<Name, unknown>>,
): Name {
  if (isKeyOf(formats, wanted)) return wanted
  const names = Object.keys(formats)
  const hint = suggest(wanted, names) ?? `Formats are ${names.join(', ')}`
  throw new NexusError('usage', `--format: there is no format ${JSON.stringify(wanted)}`, { hint })
}

function isKeyOf<Key extends string>(object: Readonly<Record<Key, unknown>>, key: string): key is Key {
  return Object.hasOwn(object, key)
}
