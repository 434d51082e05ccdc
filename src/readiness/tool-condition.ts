import { toShellWord } from '../lib/shell/quote.ts'
import { parseRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import type { SubRegistryName } from '../registry/schema/names.ts'
import type { Tool } from '../registry/schema/tool.ts'
import { entriesOf } from '../registry/snapshot.ts'
import { toAcceleratorCondition } from './accelerators.ts'
import type { Facts } from './facts.ts'
import type { Purpose } from './packages.ts'
import {
  notReady,
  notSetUp,
  type ReadinessCondition,
  type ReadinessFix,
  ready,
  toFix,
  unknown,
} from './readiness.ts'

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
      return toPresentCondition(detected, facts)
    case 'unknown':
      return unknown(reason, howToDetect(ref, detected, facts))
    case 'broken':
      return notReady(reason, howToRepair(found, facts))
    default:
      return notSetUp(reason, howToGet(found, facts))
  }
}

function toPresentCondition(detected: Detected, facts: Facts): ReadinessCondition {
  const condition = toAcceleratorCondition(detected, facts)
  return { ...condition, warnings: [...condition.warnings, ...describeEngine(detected)] }
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
  const fix = howToInstall({ ref, entry, detected }, facts, 'newer')
  return notReady(`${detected.version} is below ${minimum}`, inWords('Install a newer one', fix))
}

// No package contains a device.
function howToGet(found: Found, facts: Facts): ReadinessFix {
  const fix = howToInstall(found, facts, 'new')
  if (!isDevice(found.entry)) return fix
  return inWords('It needs the device itself. If this machine has one, install its software', fix)
}

function howToRepair(found: Found, facts: Facts): ReadinessFix {
  const { ref, entry, detected } = found
  const fix = howToInstall(found, facts, 'again')
  if (isDevice(entry)) return inWords('Repair its software', fix)
  if (ref.startsWith('ml_frameworks/') || detected.path === null) return fix
  return inWords(`Fix or remove ${detected.path}, or install another one`, fix)
}

/** Other words for a command; where there is none, they stand before those of the fix. */
function inWords(text: string, fix: ReadinessFix): ReadinessFix {
  return fix.command === null ? toFix(`${text}: ${fix.text}`) : toFix(text, fix.command)
}

function isDevice(entry: Detectable): boolean {
  return entry.probe === 'gpu' || entry.probe === 'tpu'
}

function howToInstall({ ref, entry, detected }: Found, facts: Facts, purpose: Purpose): ReadinessFix {
  const { display_name: name = ref.slice(ref.indexOf('/') + 1) } = entry
  const { installer } = facts
  const install = facts.packagesOf(ref, entry)
  const isFramework = ref.startsWith('ml_frameworks/')
  const command = isFramework
    ? installFramework(install, detected, facts, purpose)
    : installer.installTool(install, purpose)
  if (command !== undefined) {
    const needsPython = isFramework && typeof detected.details?.interpreter !== 'string'
    return needsPython
      ? toFix(`Install Python first, and then: ${command}`)
      : toFix(`Install ${name}`, command)
  }
  const packages = installer.listPackages(install).map(([manager, what]) => `${manager}: ${what}`)
  return toFix(
    packages.length > 0 ? `Install ${name} (${packages.join(', ')})` : `Install ${name}, and put it on PATH`,
  )
}

function installFramework(
  install: NonNullable<MlFramework['install']>,
  { details }: Detected,
  { installer, managedPythons }: Facts,
  purpose: Purpose,
): string | undefined {
  const path = details?.interpreter
  const python =
    typeof path === 'string'
      ? { path, isManaged: managedPythons.has(path) }
      : { path: 'python3', isManaged: false }
  return installer.installFramework(install, python, purpose)
}

function howToDetect(ref: string, { reason }: Detected, { snapshot }: Facts): ReadinessFix {
  if (reason?.includes('trust'))
    return toFix('Review what it runs, and trust it', `nexus-registry trust ${toShellWord(snapshot.home)}`)
  return toFix(
    'Try again with more time',
    `NEXUS_REGISTRY_TIMEOUT=60 nexus-registry explain ${toShellWord(ref)}`,
  )
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
