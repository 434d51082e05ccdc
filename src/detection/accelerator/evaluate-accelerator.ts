import type { VendorReport, WorkingReport } from '../gpu/vendor-report.ts'
import {
  type Accelerator,
  type AcceleratorVerdict,
  cannot,
  type FrameworkBuild,
  type Machine,
  notKnown,
} from './accelerator.ts'
import { evaluateCuda } from './evaluate-cuda.ts'
import { evaluateRocm } from './evaluate-rocm.ts'
import { suggestGpuBuild } from './suggest-fix.ts'

/** Whether a build can use an accelerator of this machine, and what to do when it cannot. */
export function evaluateAccelerator(build: FrameworkBuild, machine: Machine): Accelerator {
  const { backend, version, architectures, doubt } = build
  const built = backend === null ? null : [backend, ...(version === null ? [] : [version])].join(' ')
  return { built_for: built, architectures, ...evaluate(build, machine, doubt) }
}

function evaluate(build: FrameworkBuild, machine: Machine, doubt: string | null): AcceleratorVerdict {
  switch (build.backend) {
    case null:
      return notKnown(doubt ?? 'it is not known what the build is made for')
    case 'cpu':
      return evaluateCpu(build, machine)
    case 'cuda':
      return evaluateCuda(build, machine)
    case 'rocm':
      return evaluateRocm(build, machine)
    case 'metal':
      return evaluateMetal(build)
    default:
      return notKnown(`whether ${backendNames[build.backend]} works here is not checked`)
  }
}

const backendNames = { xpu: 'an Intel GPU', directml: 'DirectML', openvino: 'OpenVINO', coreml: 'Core ML' }

/** A build without code for GPUs uses none. That is worth a fix where a GPU waits. */
function evaluateCpu(build: FrameworkBuild, machine: Machine): AcceleratorVerdict {
  const report = machine.gpus?.reports.find(isWaiting)
  if (report === undefined) return cannot('the build runs on the CPU alone', null)
  const name = report.gpus.find(gpu => gpu.name !== null)?.name ?? vendorNames[report.vendor]
  return cannot(
    `the build runs on the CPU alone, and there is a GPU (${name})`,
    suggestGpuBuild(build, report, machine),
  )
}

const vendorNames = { nvidia: 'NVIDIA', amd: 'AMD', apple: 'Apple', intel: 'Intel' } as const

/** Memory of an AMD GPU from which on it is no part of a processor that is set up for displays, in MiB. */
const ownMemoryMib = 6000

// Most GPUs of Intel, and the small ones of AMD, are displays: no build is better for them.
function isWaiting(report: VendorReport): report is WorkingReport {
  if (report.kind !== 'working' || report.vendor === 'intel') return false
  return (
    report.vendor !== 'amd' || report.gpus.some(({ memory_mib: memory }) => (memory ?? 0) >= ownMemoryMib)
  )
}

function evaluateMetal({ isMetalAvailable, framework }: FrameworkBuild): AcceleratorVerdict {
  if (isMetalAvailable === true) return { usable: true, reason: null, fix: null }
  if (isMetalAvailable === null) return notKnown('whether Metal works was not checked by an import')
  return cannot(
    `${framework} says that Metal does not work here: it needs macOS 12.3 and a GPU of Apple or AMD`,
    null,
  )
}
