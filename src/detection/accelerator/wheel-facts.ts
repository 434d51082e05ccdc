/** What the published packages of the frameworks are built for. Only what decides whether one can be used, or the fix. */

const cu126 = ['sm_50', 'sm_60', 'sm_70', 'sm_75', 'sm_80', 'sm_86', 'sm_90']
const cu128 = ['sm_75', 'sm_80', 'sm_86', 'sm_90', 'sm_100', 'sm_120']
const cu130 = [...cu128, 'compute_120']

/**
 * Architectures of PyTorch's own builds for Linux on x86_64, by release and local label, for builds that were not imported.
 * Only releases whose lists were published or printed: pytorch/pytorch PR 164471 (2.9), issue 182250 (2.10, 2.11), PR
 * 175253 (2.11), PR 182849 (2.12), retrieved on 2026-11-29.
 */
export const torchArchitectures: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '2.12': { cu126, cu130, cu132: cu130 },
  '2.11': { cu126, cu128, cu130 },
  '2.10': { cu126, cu128: ['sm_70', ...cu128], cu130 },
  '2.9': { cu126, cu128: ['sm_70', ...cu128], cu130 },
}

interface TorchIndex {
  /** Last part of the address of the index. */
  readonly label: string
  readonly cuda: string
  /** Architectures of its newest release. */
  readonly architectures: readonly string[]
}

/**
 * The indexes of PyTorch that a fix may name, the newest CUDA first. Source: pytorch.org/get-started/locally and the lists
 * above; the address has the form `https://download.pytorch.org/whl/cu128`.
 */
export const torchIndexes: readonly TorchIndex[] = [
  { label: 'cu130', cuda: '13.0', architectures: cu130 },
  { label: 'cu128', cuda: '12.8', architectures: cu128 },
  { label: 'cu126', cuda: '12.6', architectures: cu126 },
]

interface JaxPlugin {
  readonly major: number
  /** Lowest compute capability. */
  readonly capability: string
}

/**
 * CUDA plug-ins of JAX, the newest first. Source: docs/installation.md of jax-ml/jax (cuda12: compute capability 5.2);
 * CUDA 13 itself has no code below 7.5 (CUDA Toolkit 13.0 release notes), retrieved on 2026-11-29.
 */
export const jaxPlugins: readonly JaxPlugin[] = [
  { major: 13, capability: '7.5' },
  { major: 12, capability: '5.2' },
]

/**
 * CUDA of onnxruntime-gpu on PyPI, by its lowest release, the newest first; null where two are published. Source:
 * onnxruntime.ai, page "CUDA Execution Provider", retrieved on 2026-11-29.
 */
export const onnxruntimeCuda: readonly (readonly [release: string, cuda: string | null])[] = [
  ['1.19', '12'],
  ['1.18', null],
  ['1.15', '11.8'],
  ['1.13', '11.6'],
  ['1.9', '11.4'],
]

/** Lowest compute capability of vLLM. Source: docs.vllm.ai, installation on GPUs (up to 0.14), retrieved on 2026-11-29. */
export const vllmCapability = '7.0'
