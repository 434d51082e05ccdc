import { capabilityNames, cudaDrivers, cudaFamilies } from './cuda-facts.ts'

/** Orders versions by their numbers, part by part: 570.124.06 is above 570.26. A part that is missing counts as 0. */
export function compareParts(left: string, right: string): number {
  const [first, second] = [toParts(left), toParts(right)]
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    const difference = (first[index] ?? 0) - (second[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function toParts(version: string): number[] {
  return version.split('.').map(Number)
}

/** Machine code for one capability (`sm`), or code that the driver compiles for it and for later ones (`compute`). */
interface Architecture {
  readonly kind: 'sm' | 'compute'
  readonly major: number
  readonly minor: number
  /** Where it runs: everywhere by the general rule, in its family (`f`), or on this capability alone (`a`). */
  readonly scope: '' | 'f' | 'a'
}

/** Reads `sm_86`, `compute_120`, `sm_90a`, `sm_100f`; undefined for anything else. */
export function parseArchitecture(text: string): Architecture | undefined {
  const [, kind, major, minor, scope] = /^(sm|compute)_(\d{1,2})(\d)([af]?)$/.exec(text) ?? []
  if ((kind !== 'sm' && kind !== 'compute') || major === undefined) return undefined
  const isScope = scope === 'a' || scope === 'f'
  return { kind, major: Number(major), minor: Number(minor), scope: isScope ? scope : '' }
}

/** How a build runs on a GPU: with machine code, by compiling, not at all, or it is not known. */
export type CodeMatch = 'code' | 'ptx' | 'none' | 'unknown'

/**
 * Whether a build of these architectures has code for a GPU of this capability. Machine code runs on its own and later
 * minor versions of one major version; PTX on everything from its own version on.
 */
export function matchArchitectures(architectures: readonly string[], capability: string): CodeMatch {
  const [major, minor] = toParts(capability)
  if (major === undefined || minor === undefined) return 'unknown'
  const parsed = architectures.map(parseArchitecture)
  const fits = (kind: Architecture['kind']) =>
    parsed.some(each => each?.kind === kind && runsOn(each, major, minor))
  if (fits('sm')) return 'code'
  if (fits('compute')) return 'ptx'
  return parsed.length === 0 || parsed.includes(undefined) ? 'unknown' : 'none'
}

function runsOn({ kind, scope, ...own }: Architecture, major: number, minor: number): boolean {
  if (scope === 'a') return own.major === major && own.minor === minor
  if (own.major === major) return own.minor <= minor
  return kind === 'compute' && scope === '' && own.major < major
}

/**
 * How a driver fits a build: `newer` than its toolkit or as new, so that it compiles PTX too; of its `family`; `too old`;
 * or not known. `cuda` is a version like 12.8, or a major version alone.
 */
export type DriverMatch = 'newer' | 'family' | 'too old' | 'unknown'

/** Whether the driver of this version fits a build for CUDA `cuda`. */
export function matchDriver(driver: string, cuda: string, system: 'linux' | 'windows'): DriverMatch {
  const [major, minor] = toParts(cuda)
  const family = cudaFamilies.find(each => each.major === major)
  const lowest = family?.[system] ?? undefined
  // Newer toolkits may need a newer driver of their family.
  if (minor !== undefined && !isKnownToolkit(cuda)) return 'unknown'
  const own = cudaDrivers.find(each => each.cuda === cuda)?.[system] ?? undefined
  if (own !== undefined && compareParts(driver, own) >= 0) return 'newer'
  const needed = lowest ?? (family === undefined ? own : undefined)
  if (needed !== undefined) return compareParts(driver, needed) >= 0 ? 'family' : 'too old'
  const older = cudaFamilies.find(each => each.major === (major ?? 0) - 1)?.[system] ?? undefined
  return older !== undefined && compareParts(driver, older) < 0 ? 'too old' : 'unknown'
}

function isKnownToolkit(cuda: string): boolean {
  return cudaDrivers.some(each => each.cuda === cuda)
}

/** The lowest driver for builds of this CUDA; undefined when it is not known. */
export function lowestDriver(cuda: string, system: 'linux' | 'windows'): string | undefined {
  const [major] = toParts(cuda)
  const family = cudaFamilies.find(each => each.major === major)
  if (family !== undefined) return family[system] ?? undefined
  return cudaDrivers.find(each => each.cuda === cuda)?.[system] ?? undefined
}

/** The driver that compiles PTX of this toolkit; undefined when it is not known. */
export function driverOfToolkit(cuda: string, system: 'linux' | 'windows'): string | undefined {
  return cudaDrivers.find(each => each.cuda === cuda)?.[system] ?? undefined
}

/** The compute capability of a GPU by its name, like `NVIDIA GeForce RTX 4090 Laptop GPU`. */
export function capabilityOfName(name: string): string | undefined {
  const plain = name.replace(/^NVIDIA\s+/i, '').replace(/^(?:GeForce|Tesla)\s+/i, '')
  const isNamed = (model: string) =>
    plain.toLowerCase().startsWith(model.toLowerCase()) && /^(?:$|[\s-])/.test(plain.slice(model.length))
  return capabilityNames.find(([, names]) => names.some(isNamed))?.[0]
}
