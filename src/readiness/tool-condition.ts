import { toShellWord } from '../lib/shell/quote.ts'
import { parseRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import type { SubRegistryName } from '../registry/schema/names.ts'
import type { Tool } from '../registry/schema/tool.ts'
import { entriesOf } from '../registry/snapshot.ts'
import type { Facts } from './facts.ts'
import type { Purpose } from './packages.ts'
import { notReady, type ReadinessCondition, ready, unknown } from './readiness.ts'

type Detectable = Tool | MlFramework

/** The condition of a tool or framework by its detection, and how to install it when it is not here. */
export function toToolCondition(ref: string, facts: Facts): ReadinessCondition {
  const { detections, belowMinimum, snapshot } = facts
  const detected = detections.get(ref)
  const entry =
    entryAt<Tool>(ref, 'tools', entriesOf(snapshot, 'tools')) ??
    entryAt<MlFramework>(ref, 'ml_frameworks', entriesOf(snapshot, 'ml_frameworks'))
  if (detected === undefined || entry === undefined) return ready()
  const found = { ref, entry, detected }
  if (belowMinimum.has(ref)) return toOldCondition(found, facts)
  const reason = detected.reason ?? `it is ${detected.status}`
  switch (detected.status) {
    case 'present':
      return ready(...describeEngine(detected))
    case 'unknown':
      return unknown(reason, howToDetect(ref, detected, facts))
    case 'broken':
      return notReady(reason, howToRepair(found, facts))
    default:
      return notReady(reason, howToGet(found, facts))
  }
}

interface Found {
  readonly ref: string
  readonly entry: Detectable
  readonly detected: Detected
}

function toOldCondition({ ref, entry, detected }: Found, facts: Facts): ReadinessCondition {
  const { min_version: minimum } = entry
  if (detected.version === null) {
    return unknown(`its version is not known, and ${minimum} is required`, howToDetect(ref, detected, facts))
  }
  const hint = `Install a newer one: ${howToInstall({ ref, entry, detected }, facts, 'newer')}`
  return notReady(`${detected.version} is below ${minimum}`, hint)
}

// No package contains a device.
function howToGet(found: Found, facts: Facts): string {
  const command = howToInstall(found, facts, 'new')
  return isDevice(found.entry)
    ? `It needs the device itself. If this machine has one, install its software: ${command}`
    : command
}

function howToRepair(found: Found, facts: Facts): string {
  const { ref, entry, detected } = found
  const command = howToInstall(found, facts, 'again')
  if (isDevice(entry)) return `Repair its software: ${command}`
  if (ref.startsWith('ml_frameworks/') || detected.path === null) return command
  return `Fix or remove ${detected.path}, or install another one: ${command}`
}

function isDevice(entry: Detectable): boolean {
  return entry.probe === 'gpu' || entry.probe === 'tpu'
}

function howToInstall({ ref, entry, detected }: Found, facts: Facts, purpose: Purpose): string {
  const { display_name: name = ref.slice(ref.indexOf('/') + 1) } = entry
  const { installer } = facts
  const install = facts.packagesOf(ref, entry)
  const command = ref.startsWith('ml_frameworks/')
    ? installFramework(install, detected, facts, purpose)
    : installer.installTool(install, purpose)
  if (command !== undefined) return command
  const packages = installer.listPackages(install).map(([manager, what]) => `${manager}: ${what}`)
  return packages.length > 0
    ? `Install ${name} (${packages.join(', ')})`
    : `Install ${name}, and put it on PATH`
}

function installFramework(
  install: NonNullable<MlFramework['install']>,
  { details }: Detected,
  { installer, managedPythons }: Facts,
  purpose: Purpose,
): string | undefined {
  const path = details?.interpreter
  if (typeof path === 'string') {
    return installer.installFramework(install, { path, isManaged: managedPythons.has(path) }, purpose)
  }
  const command = installer.installFramework(install, { path: 'python3', isManaged: false }, purpose)
  return command && `Install Python first, and then: ${command}`
}

function howToDetect(ref: string, { reason }: Detected, { snapshot }: Facts): string {
  if (reason?.includes('trust')) return `nexus-registry trust ${toShellWord(snapshot.home)}`
  return `Try again with more time: NEXUS_REGISTRY_TIMEOUT=60 nexus-registry explain ${toShellWord(ref)}`
}

// The client works. Only a deep probe of one tool checks its engine.
function describeEngine({ details }: Detected): string[] {
  const engine = details?.engine
  if (typeof engine !== 'object' || engine === null || !('reason' in engine)) return []
  return typeof engine.reason === 'string' ? [`its engine is ${engine.reason}: ${howToReach}`] : []
}

const howToReach = 'start it, check that you have access to it, or set DOCKER_HOST to another one'

/** The entry of a ref among the entries of one registry; undefined when it is none of them. */
export function entryAt<Entry>(
  ref: string,
  registry: SubRegistryName,
  entries: Readonly<Record<string, Entry>>,
): Entry | undefined {
  const parts = parseRef(ref)
  if (parts?.registry !== registry || !Object.hasOwn(entries, parts.id)) return undefined
  return entries[parts.id]
}
