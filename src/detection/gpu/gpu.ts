/** Vendors in the order in which one speaks for the machine. */
export const gpuVendors = ['nvidia', 'amd', 'apple', 'intel'] as const

export type GpuVendor = (typeof gpuVendors)[number]

/** One GPU, as it stands in `details.gpus`. What nobody tells is null or left out. */
export interface Gpu {
  readonly vendor: GpuVendor
  readonly name: string | null
  /** Memory of its own, in MiB; null when it has none or does not tell. */
  readonly memory_mib: number | null
  /** It shares the memory of the processor. */
  readonly unified_memory?: true
  /** The kernel's driver, like `nvidia` or `i915`. */
  readonly driver?: string
  readonly uuid?: string
  /** PCI address, like `0000:01:00.0`. */
  readonly address?: string
  /** It was asleep and not woken. */
  readonly asleep?: true
  /** Number of GPU cores that Apple tells. */
  readonly cores?: number
  /** Parts of a GPU in MIG mode; each is a device of its own to CUDA. */
  readonly mig?: readonly { readonly profile: string; readonly uuid: string }[]
}

/** What was found of one vendor. */
export type VendorReport =
  | {
      readonly kind: 'working'
      readonly vendor: GpuVendor
      readonly gpus: readonly Gpu[]
      readonly evidence: 'sysfs' | 'command'
      readonly path: string | null
      readonly driverVersion: string | null
      /** What could not be found out, or does not work beside it. */
      readonly note: string | null
    }
  | {
      readonly kind: 'broken' | 'unknown' | 'absent'
      readonly vendor: GpuVendor
      readonly gpus: readonly Gpu[]
      readonly reason: string
    }

export type WorkingReport = Extract<VendorReport, { kind: 'working' }>
