import { exists, listNames, readKernelText } from '../kernel-files.ts'
import type { ProbeContext } from '../probe.ts'
import {
  type AcceleratorVerdict,
  cannot,
  type FrameworkBuild,
  type Machine,
  notKnown,
} from './accelerator.ts'
import { suggestGpuBuild } from './suggest-fix.ts'

/**
 * Whether a build for ROCm can use one of AMD's GPUs here. A no can be proven; a yes cannot, because nothing says which
 * version of the kernel's driver runs which ROCm.
 */
export function evaluateRocm(build: FrameworkBuild, machine: Machine): AcceleratorVerdict {
  const { gpus, env, gfxTargets } = machine
  if (gpus === undefined) return notKnown('the kernel did not list its GPUs')
  const { survey, reports } = gpus
  const report = reports.find(({ vendor }) => vendor === 'amd')
  if (report === undefined) {
    if (!survey.isReadable) return notKnown('this system does not show its devices')
    const other = reports.find(each => each.vendor === 'nvidia')
    const fix = other?.kind === 'working' ? suggestGpuBuild(build, other, machine) : null
    return cannot('the build is for ROCm, and there is no GPU of AMD', fix)
  }
  const hasDevice = survey.nodes.includes('/dev/kfd')
  if (survey.isReadable && !hasDevice && (report.kind === 'working' || report.kind === 'absent'))
    return cannot('ROCm needs /dev/kfd, which is not here', survey.isContainer ? passDevices : loadDriver)
  if (report.kind !== 'working') return notKnown(report.reason)
  if (env.HSA_OVERRIDE_GFX_VERSION)
    return notKnown('HSA_OVERRIDE_GFX_VERSION makes the GPU look like another one')
  return evaluateTargets(build, gfxTargets)
}

const passDevices = {
  text: 'Start the container with the devices of the GPU, like docker run --device /dev/kfd --device /dev/dri',
  command: null,
}

const loadDriver = { text: "Load the kernel's driver amdgpu with support for computing", command: null }

// https://llvm.org/docs/AMDGPUUsage.html: features follow a colon, and generic targets run on a range of GPUs.
function evaluateTargets(
  { architectures, version }: FrameworkBuild,
  targets: readonly string[],
): AcceleratorVerdict {
  if (targets.length === 0) return notKnown('the kernel does not say which GPU of AMD it is')
  if (architectures === null || architectures.length === 0)
    return notKnown('it is not known for which GPUs the build has code')
  const known = architectures.map(each => each.split(':')[0])
  const match = targets.find(target => known.includes(target))
  const rocm = version === null ? 'ROCm' : `ROCm ${version}`
  if (match !== undefined)
    return notKnown(
      `the build has code for the GPU (${match}), but only a run shows whether the driver fits ${rocm}`,
    )
  if (known.some(each => each?.includes('generic')))
    return notKnown('the build has generic code, and it is not known whether the GPU runs it')
  return cannot(`the build has no code for the GPU (${targets.join(', ')})`, null)
}

/** The targets of AMD's GPUs by the kernel, like `gfx942`. https://docs.kernel.org/gpu/amdgpu, "KFD topology". */
export async function readGfxTargets({ host }: Pick<ProbeContext, 'host'>): Promise<string[]> {
  const root = '/sys/class/kfd/kfd/topology/nodes'
  const nodes = (await listNames(root, host)) ?? []
  const texts = await Promise.all(nodes.map(node => readKernelText(`${root}/${node}/properties`, host)))
  const numbers = texts.map(text => Number(/^gfx_target_version (\d{1,8})$/m.exec(text ?? '')?.[1] ?? 0))
  return [...new Set(numbers.filter(number => number > 0).map(toGfxTarget))].sort()
}

/** 90402 is gfx942, 90010 is gfx90a, 110000 is gfx1100: minor and stepping are hexadecimal in the name. */
function toGfxTarget(number: number): string {
  const [major, minor, stepping] = [Math.floor(number / 10_000), Math.floor(number / 100) % 100, number % 100]
  return `gfx${major}${minor.toString(16)}${stepping.toString(16)}`
}

/** Whether NVIDIA's compatibility libraries are installed (CUDA Compatibility, "Forward Compatibility"). */
export async function findCompatLibraries({ host }: Pick<ProbeContext, 'host'>): Promise<boolean> {
  const { LD_LIBRARY_PATH: libraries = '', CONDA_PREFIX: conda } = host.env
  if (/compat/.test(libraries)) return true
  const places = ['/usr/local/cuda/compat', ...(conda ? [`${conda}/cuda-compat`] : [])]
  return (await Promise.all(places.map(place => exists(place, host)))).includes(true)
}
