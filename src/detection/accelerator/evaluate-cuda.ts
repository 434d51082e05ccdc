import { findNvidiaSigns, isJetson } from '../gpu/survey.ts'
import type { Gpu, VendorReport, WorkingReport } from '../gpu/vendor-report.ts'
import {
  type AcceleratorVerdict,
  cannot,
  type FrameworkBuild,
  type Machine,
  notKnown,
  systemOf,
} from './accelerator.ts'
import {
  capabilityOfName,
  compareParts,
  type DriverMatch,
  driverOfToolkit,
  lowestDriver,
  matchArchitectures,
  matchDriver,
} from './cuda-rules.ts'
import { driverFix, suggestOtherBuild } from './suggest-fix.ts'

/** Whether a build for CUDA can use one of NVIDIA's GPUs here. */
export function evaluateCuda(build: FrameworkBuild, machine: Machine): AcceleratorVerdict {
  const { gpus } = machine
  if (gpus === undefined) return notKnown('the kernel did not list its GPUs')
  const report = gpus.reports.find(({ vendor }) => vendor === 'nvidia')
  if (report === undefined) return evaluateNone(machine)
  if (report.kind !== 'working') return evaluateFailure(report, machine)
  if (hidesAll(machine.env.CUDA_VISIBLE_DEVICES))
    return cannot('CUDA_VISIBLE_DEVICES hides every GPU', unhide)
  if (isJetson(gpus.survey)) return notKnown('a Jetson needs builds of its own, which are not known here')
  const foreign = report.gpus.map(({ driver }) => driver).find(isForeign)
  if (foreign !== undefined && report.gpus.every(({ driver }) => isForeign(driver)))
    return cannot(`the GPU uses the driver ${foreign}, and CUDA needs that of NVIDIA`, installDriver)
  return evaluateDriver(build, report, machine)
}

// CUDA Programming Guide, "CUDA Environment Variables": what stands behind an index that is none is not visible.
function hidesAll(devices: string | undefined): boolean {
  return devices !== undefined && /^\s*(?:-1\b.*|NoDevFiles\s*)?$/.test(devices)
}

const unhide = { text: 'Unset CUDA_VISIBLE_DEVICES, or name a GPU in it', command: null }

function isForeign(driver: string | undefined): boolean {
  return driver !== undefined && driver !== 'nvidia'
}

const installDriver = { text: 'Install the NVIDIA driver', command: null }

/** No sign of a GPU of NVIDIA: proof where the kernel shows its devices. */
function evaluateNone({ gpus }: Machine): AcceleratorVerdict {
  const survey = gpus?.survey
  if (survey === undefined || !survey.isReadable)
    return notKnown('this system does not show its devices, and no tool reports a GPU')
  if (survey.nodes.includes('/dev/dxg'))
    return notKnown('Windows shares a GPU with this WSL (/dev/dxg), but no tool reports it')
  return cannot('the build is for CUDA, and there is no GPU of NVIDIA', null)
}

function evaluateFailure(
  { kind, gpus, reason }: Exclude<VendorReport, { kind: 'working' }>,
  machine: Machine,
): AcceleratorVerdict {
  const survey = machine.gpus?.survey
  if (kind === 'absent' && survey !== undefined && findNvidiaSigns(survey).isShutOut) {
    const text = 'Start the container with its GPUs, like docker run --gpus all (NVIDIA Container Toolkit)'
    return cannot(reason, { text, command: null })
  }
  const isUndriven = gpus.length > 0 && gpus.every(({ driver }) => driver === undefined)
  if (kind === 'broken' && isUndriven && survey?.nvidiaDriver === undefined)
    return cannot(reason, installDriver)
  return notKnown(reason)
}

function evaluateDriver(build: FrameworkBuild, report: WorkingReport, machine: Machine): AcceleratorVerdict {
  const { version: cuda } = build
  const { driverVersion: driver } = report
  if (driver === null) return notKnown('the version of the NVIDIA driver is not known')
  if (cuda === null) return notKnown(build.doubt ?? 'it is not known for which CUDA the build is made')
  const system = systemOf(machine)
  const match = matchDriver(driver, cuda, system)
  if (match === 'unknown')
    return notKnown(`nothing is known of CUDA ${cuda} with the NVIDIA driver ${driver}`)
  if (match === 'too old') {
    const needed = lowestDriver(cuda, system)
    const reason = `the NVIDIA driver ${driver} is too old for CUDA ${cuda}${needed ? `: it needs ${needed}` : ''}`
    if (machine.hasCompatLibraries)
      return notKnown(`${reason}, unless the installed compatibility libraries of CUDA make up for it`)
    return cannot(reason, driverFix(build, { report, machine, needed }))
  }
  return evaluateGpus(build, { report, machine, driver: { version: driver, match }, cuda })
}

interface CudaCheck {
  readonly report: WorkingReport
  readonly machine: Machine
  readonly driver: { readonly version: string; readonly match: DriverMatch }
  readonly cuda: string
}

interface GpuVerdict {
  readonly usable: boolean | null
  readonly reason: string | null
}

/** One GPU that can be used is enough; all have to be excluded for a no. */
function evaluateGpus(build: FrameworkBuild, check: CudaCheck): AcceleratorVerdict {
  const { report, machine } = check
  const verdicts = report.gpus
    .filter(({ vendor }) => vendor === 'nvidia')
    .map(gpu => evaluateGpu(gpu, build, check))
  const reasons = [...new Set(verdicts.flatMap(({ reason }) => reason ?? []))].join('; ') || null
  const isMixed = new Set(verdicts.map(({ usable }) => usable)).size > 1
  if (verdicts.length > 0 && verdicts.every(({ usable }) => usable === false))
    return cannot(reasons ?? 'the build has no code for the GPU', suggestOtherBuild(build, report, machine))
  if (!verdicts.some(({ usable }) => usable === true))
    return notKnown(reasons ?? 'nothing is known of the GPU')
  if (isMixed && machine.env.CUDA_VISIBLE_DEVICES)
    return notKnown(`${reasons}, and CUDA_VISIBLE_DEVICES chooses among the GPUs`)
  if (report.evidence !== 'command')
    return notKnown('driver and GPU fit, but nvidia-smi has not confirmed that the driver works')
  if (!build.isLoaded) return notKnown(`driver and GPU fit, but ${whatIsMissing(build)}`)
  return { usable: true, reason: reasons, fix: null }
}

function whatIsMissing({ framework, doubt }: FrameworkBuild): string {
  if (doubt !== null) return doubt
  if (framework === 'torch') return 'torch has not been imported'
  return `only a run of ${framework} loads its libraries for CUDA`
}

function evaluateGpu(gpu: Gpu, build: FrameworkBuild, check: CudaCheck): GpuVerdict {
  const name = gpu.name ?? gpu.address ?? 'the GPU'
  if (isForeign(gpu.driver)) return { usable: false, reason: `${name} uses the driver ${gpu.driver}` }
  if (gpu.mig?.length === 0)
    return { usable: null, reason: `${name} is in MIG mode, and none of its instances is listed` }
  const capability = gpu.compute_capability ?? (gpu.name === null ? undefined : capabilityOfName(gpu.name))
  if (capability === undefined)
    return { usable: null, reason: `the compute capability of ${name} is not known` }
  const { minCapability, architectures, framework } = build
  if (minCapability !== null && compareParts(capability, minCapability) < 0) {
    const reason = `${framework} needs compute capability ${minCapability}, and ${name} has ${capability}`
    return { usable: false, reason }
  }
  if (architectures !== null) return evaluateCode({ name, capability, architectures }, check)
  // The plug-ins of JAX have code for everything from their lowest capability on.
  if (framework === 'jax') return { usable: true, reason: null }
  return { usable: null, reason: 'it is not known for which GPUs the build has code' }
}

function evaluateCode(
  { name, capability, architectures }: { name: string; capability: string; architectures: readonly string[] },
  { driver, cuda, machine }: CudaCheck,
): GpuVerdict {
  const code = matchArchitectures(architectures, capability)
  if (code === 'none')
    return { usable: false, reason: `the build has no code for ${name} (compute capability ${capability})` }
  if (code === 'unknown')
    return { usable: null, reason: 'some architectures of the build are not known here' }
  if (code === 'code' || driver.match === 'newer') return { usable: true, reason: null }
  const needed = driverOfToolkit(cuda, systemOf(machine))
  if (needed === undefined)
    return { usable: null, reason: `it is not known which driver compiles code of CUDA ${cuda} for ${name}` }
  return {
    usable: false,
    reason: `the build has no machine code for ${name}, and the driver ${driver.version} is too old to compile it: that needs ${needed}`,
  }
}
