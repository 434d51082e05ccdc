import { readGpuMemory } from '../detection/gpu/gpu-memory.ts'
import { readKernelText } from '../detection/kernel-files.ts'
import { formatBytes } from '../lib/text/format.ts'
import type { Host } from '../platform/host.ts'
import { isLocalModel, type LocalModelEntry } from '../registry/local-models.ts'
import type { Model } from '../registry/schema/model.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { estimateFit, type MemoryFacts, type ModelWeights, type VariantFit } from './estimate-fit.ts'
import { entryAt } from './tool-condition.ts'

/** Whether a model fits into the memory of this machine: an estimate. The keys are those of the JSON output. */
export interface ModelFit {
  readonly estimate: true
  /** Free memory of GPUs of their own, in bytes; null when it is not known. */
  readonly gpu_free_bytes: readonly number[] | null
  /** Available memory of the processor, in bytes; null when it is not known. */
  readonly memory_available_bytes: number | null
  readonly variants: readonly VariantFit[]
  /** Sentences about what could not be known, and what was assumed instead. */
  readonly assumptions: readonly string[]
}

/** Most variants that are compared. */
const maxVariants = 16

/** Context window of a model whose runtime names none, in tokens. */
const assumedContext = 4096

/** Whether a model fits here now; undefined for one whose weights are not known. */
export async function describeFit(
  ref: string,
  snapshot: Snapshot,
  host: Host,
): Promise<ModelFit | undefined> {
  const known = listWeights(ref, snapshot)
  if (known.length === 0) return undefined
  const variants = known.map(weights => ({
    ...weights,
    contextTokens: weights.contextTokens ?? assumedContext,
  }))
  const memory = await readMemory(snapshot, host)
  return {
    estimate: true,
    gpu_free_bytes: memory.gpuFreeBytes,
    memory_available_bytes: memory.availableBytes,
    variants: variants.slice(0, maxVariants).map(weights => estimateFit(weights, memory)),
    assumptions: [
      'the context is computed from the number of parameters, because the layers of the model are not known: a model with full attention needs up to twice as much',
      ...(variants.some(({ fileBytes, quantization }) => fileBytes === null && quantization === null)
        ? ['the weights have 16 bits each']
        : []),
      ...(known.some(({ contextTokens }) => contextTokens === null)
        ? [`a context of ${assumedContext} tokens is assumed, because the runtime names none`]
        : []),
      ...(memory.reason === null ? [] : [memory.reason]),
    ],
  }
}

/** Like `ModelWeights`; the context is null where a runtime names none. */
type KnownWeights = Omit<ModelWeights, 'contextTokens'> & { readonly contextTokens: number | null }

/** The ways to run a model whose size is known: by its entry, or by the local runtime that has it. */
function listWeights(ref: string, snapshot: Snapshot): KnownWeights[] {
  const entry = entryAt<Model | LocalModelEntry>(ref, 'models', entriesOf(snapshot, 'models'))
  if (entry === undefined) return []
  return isLocalModel(entry) ? listLocalWeights(entry) : listEntryWeights(entry)
}

function listEntryWeights({ variants = [], parameters_b: billions, ...model }: Model): KnownWeights[] {
  const parameters = billions === undefined ? null : billions * 1e9
  const contextTokens = model.context_tokens
  if (variants.length === 0) {
    if (parameters === null || parameters === 0) return []
    const unknown = { variant: null, fileBytes: null, memoryBytes: null, quantization: null }
    return [{ ...unknown, parameters, contextTokens }]
  }
  return variants.map(({ tag, quantization, file_bytes: fileBytes, memory_bytes: memoryBytes }) => ({
    variant: tag ?? quantization,
    fileBytes: fileBytes ?? null,
    memoryBytes: memoryBytes ?? null,
    parameters,
    quantization,
    contextTokens,
  }))
}

// A model that is loaded has its memory already.
function listLocalWeights(entry: LocalModelEntry): KnownWeights[] {
  const { size_bytes: fileBytes, quantization, parameters_b: billions, loaded } = entry
  if (fileBytes === null || loaded === true) return []
  const parameters = billions === undefined ? null : billions * 1e9
  const contextTokens = entry.context_tokens
  return [{ variant: null, fileBytes, memoryBytes: null, parameters, quantization, contextTokens }]
}

async function readMemory(snapshot: Snapshot, host: Host): Promise<MemoryFacts> {
  const [gpus, measured, limit] = await Promise.all([
    readGpuMemory(host),
    host.measureMachine(snapshot.home),
    readContainerLimit(host),
  ])
  const available = measured.memory?.availableBytes ?? null
  const reasons = [
    gpus.reason,
    available === null ? 'the available memory of this machine is not known' : null,
  ]
  return {
    gpuFreeBytes: gpus.freeBytes,
    availableBytes: available === null ? null : Math.min(available, limit ?? available),
    reason: reasons.filter(reason => reason !== null).join('; ') || null,
  }
}

/** What the control group of this process may still take (cgroup v2). Other systems have no such files. */
async function readContainerLimit(host: Pick<Host, 'fs'>): Promise<number | undefined> {
  const [most, used] = await Promise.all(
    ['memory.max', 'memory.current'].map(async name => {
      const text = (await readKernelText(`/sys/fs/cgroup/${name}`, host))?.trim()
      return text !== undefined && /^\d{1,18}$/.test(text) ? Number(text) : undefined
    }),
  )
  return most === undefined || used === undefined ? undefined : Math.max(0, most - used)
}

type FitFact = readonly [name: string, text: string]

/** Lines about the fit: one for each variant, then what was assumed. */
export function listFitFacts({ variants, assumptions }: ModelFit): FitFact[] {
  return [
    ...variants.map(
      (fit): FitFact => ['fit', `${fit.variant === null ? '' : `${fit.variant} `}${describeVariant(fit)}`],
    ),
    ['estimate', assumptions.join('; ')],
  ]
}

const places = {
  gpu: 'into the GPU',
  gpus: 'into the GPUs together',
  memory: 'into memory, without a GPU',
  'gpu and memory': 'into GPU and memory together',
}

function describeVariant(fit: VariantFit): string {
  const { verdict, where, needed_bytes: needed, weights_bytes: weights } = fit
  if (verdict === null || needed === null || weights === null) return `is not known: ${fit.reason}`
  const fits = where === null ? verdict : `${verdict === 'partly' ? 'fits partly' : verdict} ${places[where]}`
  const share =
    verdict === 'partly' && fit.gpu_share !== null ? ` (${Math.floor(fit.gpu_share * 100)} % in the GPU)` : ''
  const parts = `${formatBytes(weights)} of weights and a context of ${fit.context_tokens} tokens`
  return `${fits}${share}: it needs about ${formatBytes(needed)} for ${parts}${describeContext(fit)}`
}

function describeContext({ verdict, context_tokens_that_fit: most }: VariantFit): string {
  if (verdict === 'fits' || most === null || most === 0) return ''
  return verdict === 'partly'
    ? `; with ${most} tokens, all of it fits into the GPU`
    : `; with ${most} tokens, it fits`
}
