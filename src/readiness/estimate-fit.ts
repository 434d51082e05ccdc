/** What is known of one way to run a model. */
export interface ModelWeights {
  /** Quantization or tag; null when the model has but one. */
  readonly variant: string | null
  /** Size of its weights in bytes. */
  readonly fileBytes: number | null
  /** Memory that its source says it needs, in bytes. */
  readonly memoryBytes: number | null
  /** Number of its parameters. */
  readonly parameters: number | null
  /** Number format of its weights, like Q4_K_M. */
  readonly quantization: string | null
  /** Size of its context window. */
  readonly contextTokens: number
}

/** Memory of this machine. Null is what is not known. */
export interface MemoryFacts {
  /** Free memory of each GPU that has its own, in bytes. Empty where there is none. */
  readonly gpuFreeBytes: readonly number[] | null
  /** Available memory of the processor, in bytes. */
  readonly availableBytes: number | null
  /** Why something is not known, a sentence without its full stop. */
  readonly reason: string | null
}

/** Whether one variant fits. The keys are those of the JSON output. */
export interface VariantFit {
  readonly variant: string | null
  /** Null when it is not known. */
  readonly verdict: 'fits' | 'partly' | 'does not fit' | null
  /** Where it fits: in the memory of a GPU, of several, of the processor, or of both together. */
  readonly where: 'gpu' | 'gpus' | 'memory' | 'gpu and memory' | null
  /** Share of the need that GPUs can hold, from 0 to 1; null when it is not known. */
  readonly gpu_share: number | null
  readonly weights_bytes: number | null
  /** For the whole context window. */
  readonly context_bytes: number | null
  readonly overhead_bytes: number | null
  readonly needed_bytes: number | null
  readonly context_tokens: number | null
  /** Partly: the context with which all of it fits into the GPUs. Does not fit: the context with which it fits at all. */
  readonly context_tokens_that_fit: number | null
  /** A sentence where there is no verdict. */
  readonly reason: string | null
}

/**
 * Bits per weight, as llama.cpp measures them for Llama 3.1 8B (tools/quantize/README.md, retrieved on 2026-11-30), and the
 * plain formats. Larger models need less.
 */
const bitsPerWeight: Readonly<Record<string, number>> = {
  ...{ F32: 32, F16: 16, FP16: 16, BF16: 16, FP8: 8, INT8: 8, Q8_0: 8.5 },
  ...{ Q6_K: 6.57, Q5_K_M: 5.71, Q5_K_S: 5.58, Q5_0: 5.58, Q5_1: 6.05 },
  ...{ Q4_K_M: 4.9, Q4_K_S: 4.67, Q4_0: 4.65, Q4_1: 5.12, IQ4_NL: 4.69, IQ4_XS: 4.46 },
  ...{ Q3_K_L: 4.3, Q3_K_M: 4, Q3_K_S: 3.65, IQ3_M: 3.77, IQ3_S: 3.67, IQ3_XS: 3.5, IQ3_XXS: 3.26 },
  ...{ Q2_K: 3.16, Q2_K_S: 2.97, IQ2_M: 2.93, IQ2_S: 2.75, IQ2_XS: 2.59, IQ2_XXS: 2.39 },
}

/** What holds a file of unknown format: fewer bits mean more parameters, and so more memory for the context. */
const fewestBits = 4

const mib = 2 ** 20

/**
 * Estimates whether a model fits, on the cautious side: need = weights + context + overhead. docs/accelerators.md has the
 * formula and its sources.
 */
export function estimateFit(weights: ModelWeights, memory: MemoryFacts): VariantFit {
  const { variant, contextTokens } = weights
  const size = toWeightBytes(weights)
  if (size === null) return { ...unknownFit(variant), reason: 'the size of its weights is not known' }
  const perToken = contextBytesPerToken(weights.parameters ?? toParameters(size, weights.quantization))
  const context = Math.ceil(contextTokens * perToken)
  const overhead = Math.ceil(Math.max(768 * mib, size / 10))
  const needed = Math.max(size + context + overhead, weights.memoryBytes ?? 0)
  const place = choosePlace(needed, memory)
  const room = place.room - size - overhead
  return {
    variant,
    verdict: place.verdict,
    where: place.where,
    gpu_share: toShare(needed, memory),
    weights_bytes: size,
    context_bytes: context,
    overhead_bytes: overhead,
    needed_bytes: needed,
    context_tokens: contextTokens,
    context_tokens_that_fit:
      place.verdict === null ? null : Math.min(contextTokens, Math.max(0, Math.floor(room / perToken))),
    reason: place.verdict === null ? (memory.reason ?? 'the memory of this machine is not known') : null,
  }
}

function unknownFit(variant: string | null): VariantFit {
  return {
    variant,
    verdict: null,
    where: null,
    gpu_share: null,
    weights_bytes: null,
    context_bytes: null,
    overhead_bytes: null,
    needed_bytes: null,
    context_tokens: null,
    context_tokens_that_fit: null,
    reason: null,
  }
}

function toWeightBytes({ fileBytes, parameters, quantization }: ModelWeights): number | null {
  if (fileBytes !== null && fileBytes > 0) return fileBytes
  if (parameters === null || parameters <= 0) return null
  const bits = quantization === null ? 16 : bitsPerWeight[quantization.toUpperCase()]
  return bits === undefined ? null : Math.ceil((parameters * bits) / 8)
}

function toParameters(bytes: number, quantization: string | null): number {
  return (bytes * 8) / (bitsPerWeight[quantization?.toUpperCase() ?? ''] ?? fewestBits)
}

/**
 * Keys and values of one token, 2 bytes each. The layers of a model are not known here, so they are derived: parameters are
 * 12 × layers × width² (Kaplan et al. 2020, equation 2.1), and layers are width / 128, as in Llama. Half of full attention
 * is assumed, which is more than grouped-query attention needs. Small models need at least 128 KiB.
 */
function contextBytesPerToken(parameters: number): number {
  const width = Math.cbrt((parameters * 128) / 12)
  return Math.max(128 * 1024, (width * width) / 64)
}

interface Place extends Pick<VariantFit, 'verdict' | 'where'> {
  /** Memory in which the context has to fit, in bytes. */
  readonly room: number
}

function choosePlace(needed: number, { gpuFreeBytes, availableBytes }: MemoryFacts): Place {
  const largest = Math.max(0, ...(gpuFreeBytes ?? []))
  const all = sum(gpuFreeBytes ?? [])
  if (needed <= largest) return { verdict: 'fits', where: 'gpu', room: largest }
  if (needed <= all) return { verdict: 'fits', where: 'gpus', room: all }
  const memory = availableBytes ?? 0
  if (needed <= memory && all === 0) return { verdict: 'fits', where: 'memory', room: memory }
  if (needed <= all + memory) return { verdict: 'partly', where: 'gpu and memory', room: all }
  // What is not known may be enough.
  if (gpuFreeBytes === null || availableBytes === null) return { verdict: null, where: null, room: 0 }
  return { verdict: 'does not fit', where: null, room: all + memory }
}

function toShare(needed: number, { gpuFreeBytes }: MemoryFacts): number | null {
  if (gpuFreeBytes === null) return null
  return Math.min(1, Math.floor((sum(gpuFreeBytes) / needed) * 100) / 100)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
