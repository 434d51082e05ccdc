import type { GpuReports } from '../gpu/gpu-probe.ts'
import { isExactly, isListOf, isNullable, isObjectOf, isOneOf, isText } from '../probe-cache.ts'

/** How to make a framework use an accelerator. */
export interface AcceleratorFix {
  /** What to do, in words without a full stop. */
  readonly text: string
  /** A command to copy; null where none is certain to do it. */
  readonly command: string | null
}

/** What `details.accelerator` of an ML framework says. */
export interface Accelerator {
  /** `cuda 12.8`, `rocm 6.4`, `metal`, `cpu`, …; null when it is not known. */
  readonly built_for: string | null
  /** Architectures with code in the build, like `sm_90`, `compute_120` and `gfx942`; null when they are not known. */
  readonly architectures: readonly string[] | null
  /** Whether the build can use an accelerator of this machine. True and false are proven; null is everything else. */
  readonly usable: boolean | null
  /** A sentence without its full stop: always when it is not usable. */
  readonly reason: string | null
  readonly fix: AcceleratorFix | null
}

/** Whether a value from a registry file is what a detection writes. */
export const isAccelerator = isObjectOf({
  built_for: isNullable(isText),
  architectures: isNullable(isListOf(isText)),
  usable: isNullable(isOneOf(isExactly(true), isExactly(false))),
  reason: isNullable(isText),
  fix: isNullable(isObjectOf({ text: isText, command: isNullable(isText) })),
})

/** The frameworks whose accelerator is detected, by import name. */
export const acceleratedModules = ['torch', 'tensorflow', 'jax', 'onnxruntime', 'vllm'] as const

export type AcceleratedModule = (typeof acceleratedModules)[number]

/** What an accelerator is reached through. */
export type Backend = 'cuda' | 'rocm' | 'metal' | 'xpu' | 'directml' | 'openvino' | 'coreml' | 'cpu'

/** What an installed framework is made for. */
export interface FrameworkBuild {
  readonly framework: AcceleratedModule
  /** Its interpreter, for commands that install. */
  readonly interpreter: string
  /** Whether only the system's package manager installs into it (PEP 668). */
  readonly isManaged: boolean
  /** Null when it is not known. */
  readonly backend: Backend | null
  /** Version of CUDA or ROCm, maybe the major one alone; null when it is not known. */
  readonly version: string | null
  readonly architectures: readonly string[] | null
  /** Lowest compute capability, where it is documented. */
  readonly minCapability: string | null
  /** Whether an import has loaded all that it needs for a GPU. Only then can it be proven usable. */
  readonly isLoaded: boolean
  /** Why something of it is not known, a sentence without its full stop. */
  readonly doubt: string | null
  /** What only its framework says: whether Metal works. */
  readonly isMetalAvailable: boolean | null
  /** Whether it is Linux on x86_64, for which the published builds are known. */
  readonly isLinuxX64: boolean
}

/** What the machine has, as far as a build depends on it. */
export interface Machine {
  /** Undefined when the kernel did not list its GPUs. */
  readonly gpus: GpuReports | undefined
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** AMD's targets, like `gfx942`, as the kernel numbers them. */
  readonly gfxTargets: readonly string[]
  /** Whether a package is installed that makes older drivers run newer CUDA. */
  readonly hasCompatLibraries: boolean
}

/** What is said of a build besides what it is built for. */
export type AcceleratorVerdict = Pick<Accelerator, 'usable' | 'reason' | 'fix'>

/** A verdict that is proven: it cannot be used. */
export function cannot(reason: string, fix: Accelerator['fix']): AcceleratorVerdict {
  return { usable: false, reason, fix }
}

/** No verdict, with the reason. */
export function notKnown(reason: string, fix: Accelerator['fix'] = null): AcceleratorVerdict {
  return { usable: null, reason, fix }
}

/** WSL uses the driver of Windows, whose versions have other numbers. */
export function systemOf({ gpus, platform }: Machine): 'linux' | 'windows' {
  const isWsl = gpus?.survey.nodes.includes('/dev/dxg') === true
  return isWsl || platform === 'win32' ? 'windows' : 'linux'
}
