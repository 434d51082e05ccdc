import { toShellWord } from '../../lib/shell/quote.ts'
import type { WorkingReport } from '../gpu/vendor-report.ts'
import { type AcceleratorFix, type FrameworkBuild, type Machine, systemOf } from './accelerator.ts'
import { capabilityOfName, compareParts, matchArchitectures, matchDriver } from './cuda-rules.ts'
import { jaxPlugins, torchIndexes } from './wheel-facts.ts'

/** What makes a framework without code for GPUs use a GPU that works; null where nothing is published. */
export function suggestGpuBuild(
  build: FrameworkBuild,
  report: WorkingReport,
  machine: Machine,
): AcceleratorFix | null {
  if (report.vendor === 'amd') {
    if (build.framework !== 'torch') return null
    return inWords('Install a build for ROCm: https://pytorch.org/get-started/locally/')
  }
  if (report.vendor !== 'nvidia') return null
  switch (build.framework) {
    case 'torch':
      return suggestTorch(build, report, machine) ?? seePytorch
    case 'tensorflow':
      return machine.platform === 'linux' ? inWords('Replace it by tensorflow[and-cuda]') : null
    case 'jax':
      return suggestJax(build, report, machine)
    case 'onnxruntime':
      return inPip(build, 'Replace onnxruntime by onnxruntime-gpu', python =>
        [`${python} -m pip uninstall -y onnxruntime`, `${python} -m pip install onnxruntime-gpu`].join(
          ' && ',
        ),
      )
    default:
      return inWords('Install vllm again, with a build of PyTorch for CUDA')
  }
}

const seePytorch = inWords('Choose a build that fits the driver: https://pytorch.org/get-started/locally/')

/** What to do about a driver that is too old. */
export function driverFix(
  build: FrameworkBuild,
  { report, machine, needed }: { report: WorkingReport; machine: Machine; needed: string | undefined },
): AcceleratorFix {
  const update =
    needed === undefined ? 'Update the NVIDIA driver' : `Update the NVIDIA driver to ${needed} or later`
  const other = suggestOtherBuild(build, report, machine)
  if (other === null) return inWords(update)
  const text = `${update}, or ${other.text.charAt(0).toLowerCase()}${other.text.slice(1)}`
  return { text, command: other.command }
}

/** Another build of the framework that has code for the GPUs and fits the driver; null where none is known. */
export function suggestOtherBuild(
  build: FrameworkBuild,
  report: WorkingReport,
  machine: Machine,
): AcceleratorFix | null {
  if (build.framework === 'torch') return suggestTorch(build, report, machine)
  if (build.framework !== 'jax') return null
  const major = chooseJax(report, machine)
  return major === undefined
    ? null
    : inWords(`Remove the plug-in of JAX for CUDA, and install jax[cuda${major}]`)
}

function suggestTorch(build: FrameworkBuild, report: WorkingReport, machine: Machine): AcceleratorFix | null {
  if (!build.isLinuxX64) return null
  const capabilities = capabilitiesOf(report)
  const { driverVersion: driver } = report
  if (driver === null || capabilities.length === 0) return null
  const fits = ({ cuda, architectures }: (typeof torchIndexes)[number], capability: string) => {
    const match = matchDriver(driver, cuda, systemOf(machine))
    const code = matchArchitectures(architectures, capability)
    return match === 'newer' ? code === 'code' || code === 'ptx' : match === 'family' && code === 'code'
  }
  const chosen =
    torchIndexes.find(index => capabilities.every(each => fits(index, each))) ??
    torchIndexes.find(index => capabilities.some(each => fits(index, each)))
  if (chosen === undefined) return null
  const address = `https://download.pytorch.org/whl/${chosen.label}`
  return inPip(
    build,
    `Install a build for CUDA ${chosen.cuda}`,
    python => `${python} -m pip install --force-reinstall torch --index-url ${address}`,
  )
}

function suggestJax(build: FrameworkBuild, report: WorkingReport, machine: Machine): AcceleratorFix | null {
  const major = machine.platform === 'linux' ? chooseJax(report, machine) : undefined
  if (major === undefined) return null
  const what = `jax[cuda${major}]`
  return inPip(build, `Install ${what}`, python => `${python} -m pip install --upgrade '${what}'`)
}

function chooseJax(report: WorkingReport, machine: Machine): number | undefined {
  const { driverVersion: driver } = report
  const capabilities = capabilitiesOf(report)
  if (driver === null || capabilities.length === 0) return undefined
  return jaxPlugins.find(
    ({ major, capability }) =>
      ['newer', 'family'].includes(matchDriver(driver, String(major), systemOf(machine))) &&
      capabilities.every(own => compareParts(own, capability) >= 0),
  )?.major
}

function capabilitiesOf({ gpus }: WorkingReport): string[] {
  return gpus.flatMap(
    ({ vendor, compute_capability: capability, name }) =>
      (vendor === 'nvidia'
        ? (capability ?? (name === null ? undefined : capabilityOfName(name)))
        : undefined) ?? [],
  )
}

function inWords(text: string): AcceleratorFix {
  return { text, command: null }
}

/** A command for pip; in words alone where pip refuses to install into this Python. */
function inPip(
  { interpreter, isManaged }: FrameworkBuild,
  text: string,
  toCommand: (python: string) => string,
): AcceleratorFix {
  if (!isManaged) return { text, command: toCommand(toShellWord(interpreter)) }
  return { text: `${text} in a virtual environment: ${toCommand('python')}`, command: null }
}
