import { toShellWord } from '../lib/shell/quote.ts'
import { formatAge, formatBytes, renderCount } from '../lib/text/format.ts'
import {
  hasRecorded,
  isLocalModel,
  isLocalRuntime,
  type LocalModelEntry,
  toRuntimeId,
} from '../registry/local-models.ts'
import { localDetectionOf } from '../registry/provider-detection.ts'
import { parseRef, toRef } from '../registry/refs.ts'
import type { LocalDetected } from '../registry/schema/detected.ts'
import type { Model } from '../registry/schema/model.ts'
import { maxLocalModels } from '../registry/schema/names.ts'
import type { Provider, RuntimeName } from '../registry/schema/provider.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import {
  notReady,
  notSetUp,
  type ReadinessCondition,
  type ReadinessFix,
  ready,
  toFix,
  unknown,
} from './readiness.ts'
import type { Fact } from './render-explanation.ts'
import { entryAt } from './tool-condition.ts'

/** The runtime's own commands. Each takes no word from a registry but the id of a model. */
interface RuntimeCommands {
  /** Starts its server. Left out where that needs a model, a container or a window. */
  readonly start?: string
  /** Gets a model; its id follows. */
  readonly pull?: string
}

/** By `runtime` of the provider. From the documentation and source of each runtime, read in November 2026. */
const runtimeCommands: Readonly<Partial<Record<RuntimeName, RuntimeCommands>>> = {
  ollama: { start: 'ollama serve', pull: 'ollama pull' },
  lmstudio: { start: 'lms server start', pull: 'lms get' },
  localai: { start: 'local-ai run', pull: 'local-ai models install' },
  'docker-model-runner': { pull: 'docker model pull' },
  'mlx-lm': { start: 'mlx_lm.server' },
  'open-webui': { start: 'open-webui serve' },
}

function commandsOf({ runtime }: Provider): RuntimeCommands {
  return (runtime && runtimeCommands[runtime]) ?? {}
}

const thenSync = 'then run nexus-registry sync providers'

/** Whether the last sync found a local runtime up, and if not, whether it was ever up here. */
export function toRuntimeCondition(provider: Provider): ReadinessCondition {
  const detected = localDetectionOf(provider)
  if (detected?.status === 'up') return ready()
  const reason = detected?.reason ?? undefined
  if (detected?.status === 'unknown') return unknown(reason ?? 'it could not be checked', checkRuntimes)
  if (detected?.last_up_at === undefined) return notSetUp(reason ?? 'it was never up here', installRuntime)
  return notReady(reason ?? 'it does not respond', toFix(`Start it, ${thenSync}`, commandsOf(provider).start))
}

const installRuntime = toFix(`Install and start it, ${thenSync}`)
const checkRuntimes = toFix('Check it', 'nexus-registry sync providers')

/** Why a model of a local runtime that is up cannot be used: it is not there. Undefined when it is, and for other models. */
export function toMissingModelCondition(
  ref: string,
  model: Model,
  snapshot: Snapshot,
): ReadinessCondition | undefined {
  const { provider: id } = model
  const providers = entriesOf(snapshot, 'providers')
  const provider = Object.hasOwn(providers, id) ? providers[id] : undefined
  if (isLocalModel(model) || provider === undefined || !isLocalRuntime(provider)) return undefined
  const detected = localDetectionOf(provider)
  const name = toRuntimeId(parseRef(ref)?.id ?? ref, id)
  // What a runtime has that is not up, nobody knows: its provider is the cause.
  if (detected?.status !== 'up' || hasRecorded(name, id, detected)) return undefined
  const doubt = describeDoubt(id, detected)
  if (doubt !== undefined) return unknown(doubt, checkRuntimes)
  return notReady(`${id} does not have it`, toPullFix(name, provider))
}

/** Why a model may be there that was not recorded; undefined when it may not. */
function describeDoubt(provider: string, { models, reason }: LocalDetected): string | undefined {
  if (models.length >= maxLocalModels)
    return `${provider} has more models than are recorded, and it is none of those`
  return reason ?? undefined
}

function toPullFix(name: string, provider: Provider): ReadinessFix {
  const { pull } = commandsOf(provider)
  // The program would take it for an option.
  const command = pull === undefined || name.startsWith('-') ? null : `${pull} ${toShellWord(name)}`
  return toFix(`Install it, ${thenSync}`, command)
}

/** Refs of the providers that are local runtimes. */
export function listLocalRuntimes(snapshot: Snapshot): ReadonlySet<string> {
  const providers = Object.entries(entriesOf(snapshot, 'providers'))
  return new Set(providers.filter(([, each]) => isLocalRuntime(each)).map(([id]) => toRef('providers', id)))
}

/** What a local runtime said of itself or of one of its models, for the lines of its explanation. `now`: milliseconds since 1970. */
export function describeLocalEntry(ref: string, snapshot: Snapshot, now: number): Fact[] {
  const model = entryAt<Model>(ref, 'models', entriesOf(snapshot, 'models'))
  if (model && isLocalModel(model)) return describeModel(model)
  const detected = findLocalDetection(ref, snapshot)
  return detected ? describeRuntime(detected, now) : []
}

/** What a local runtime said at the last sync; undefined for anything else. */
export function findLocalDetection(ref: string, snapshot: Snapshot): LocalDetected | undefined {
  const provider = entryAt<Provider>(ref, 'providers', entriesOf(snapshot, 'providers'))
  return provider && localDetectionOf(provider)
}

function describeModel(model: LocalModelEntry): Fact[] {
  const { size_bytes: size, quantization, context_tokens: context, loaded, vram_bytes: vram } = model
  const memory = vram === null ? '' : `, ${formatBytes(vram)} of GPU memory`
  return [
    ['size', size === null ? null : formatBytes(size)],
    ['quantization', quantization],
    ['context', context === null ? null : renderCount(context, 'token')],
    ['loaded', loaded === null ? null : loaded ? `yes${memory}` : 'no'],
  ]
}

function describeRuntime({ version, models, checked_at: checkedAt }: LocalDetected, now: number): Fact[] {
  const loaded = models.filter(model => model.loaded).length
  return [
    ['version', version],
    ['models', models.length === 0 ? null : `${models.length}, ${loaded} of them loaded`],
    ['checked', formatAge(now - Date.parse(checkedAt))],
  ]
}
