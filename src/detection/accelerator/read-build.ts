import type { Host } from '../../platform/host.ts'
import { exists } from '../kernel-files.ts'
import type { FoundModule, Inspection } from '../python/inspect-modules.ts'
import type { ImportedBuild } from '../python/verify-import.ts'
import type { AcceleratedModule, Backend, FrameworkBuild } from './accelerator.ts'
import { compareParts } from './cuda-rules.ts'
import { parseLabel, readTorchVersion, type TorchVersion, toRelease } from './torch-version.ts'
import { jaxPlugins, onnxruntimeCuda, torchArchitectures, vllmCapability } from './wheel-facts.ts'

/** What is known of an installed framework. */
export interface BuildEvidence {
  readonly framework: AcceleratedModule
  readonly module: FoundModule
  readonly inspection: Inspection
  readonly interpreter: string
  /** What it said when it was imported; undefined when it was not. */
  readonly imported: ImportedBuild | undefined
  readonly host: Pick<Host, 'fs' | 'path' | 'platform' | 'env'>
}

type BuildFacts = Pick<FrameworkBuild, 'backend' | 'version' | 'architectures'> &
  Partial<Pick<FrameworkBuild, 'minCapability' | 'doubt' | 'isMetalAvailable' | 'isLoaded'>>

/** What an installed framework is made for: by its files, the packages beside it, and what it said itself. */
export async function readBuild(evidence: BuildEvidence): Promise<FrameworkBuild> {
  const { framework, inspection, interpreter, host } = evidence
  return {
    framework,
    interpreter,
    isManaged: inspection.managed,
    isLinuxX64: isLinuxX64(inspection, host),
    minCapability: null,
    doubt: null,
    isMetalAvailable: null,
    isLoaded: false,
    ...(await readers[framework](evidence)),
  }
}

function isLinuxX64({ machine }: Inspection, { platform }: BuildEvidence['host']): boolean {
  return platform === 'linux' && machine === 'x86_64'
}

const readers: Record<AcceleratedModule, (evidence: BuildEvidence) => Promise<BuildFacts>> = {
  torch: readTorch,
  tensorflow: async evidence => readTensorflow(evidence),
  jax: readJax,
  onnxruntime: readOnnxruntime,
  vllm: readVllm,
}

function plain(
  backend: Backend | null,
  version: string | null = null,
  doubt: string | null = null,
): BuildFacts {
  return { backend, version, architectures: null, doubt }
}

async function readTorch(evidence: BuildEvidence): Promise<BuildFacts> {
  return describeTorch(evidence, evidence.module.path)
}

async function describeTorch(evidence: BuildEvidence, directory: string): Promise<BuildFacts> {
  const { imported, module, host } = evidence
  const file = await readTorchVersion(directory, host)
  if (host.platform === 'darwin') return describeMetal(imported)
  const isLoaded = imported !== undefined
  const written = typeof file === 'string' ? undefined : file
  const [distribution] = module.distributions
  const label = written?.version ?? (evidence.framework === 'torch' ? (distribution?.version ?? null) : null)
  const found = chooseBackend({ imported, written, label })
  if (found === undefined) {
    const why = typeof file === 'string' ? file : 'torch/version.py does not say what the build is made for'
    return plain(null, null, why)
  }
  const architectures = toList(imported?.architectures) ?? publishedArchitectures(label, evidence)
  return { ...found, architectures: found.backend === 'cpu' ? null : architectures, isLoaded }
}

/** What the import says counts before the file, and the file before the label of the package. */
function chooseBackend({
  imported,
  written,
  label,
}: {
  imported: ImportedBuild | undefined
  written: TorchVersion | undefined
  label: string | null
}): Pick<BuildFacts, 'backend' | 'version'> | undefined {
  const { cuda, hip = null, xpu = null } = imported ?? {}
  for (const source of [cuda === undefined ? undefined : { cuda, hip, xpu }, written]) {
    if (typeof source?.cuda === 'string') return { backend: 'cuda', version: toRelease(source.cuda) ?? null }
    if (typeof source?.hip === 'string') return { backend: 'rocm', version: toRelease(source.hip) ?? null }
    if (typeof source?.xpu === 'string') return { backend: 'xpu', version: null }
    if (source?.cuda === null && source.hip === null && source.xpu === null)
      return { backend: 'cpu', version: null }
  }
  return parseLabel(label)
}

function describeMetal(imported: ImportedBuild | undefined): BuildFacts {
  const { metal_built: isBuilt, metal } = imported ?? {}
  if (isBuilt === undefined)
    return plain(null, null, 'only an import says whether the build is made for Metal')
  if (!isBuilt) return plain('cpu')
  return { ...plain('metal'), isMetalAvailable: metal ?? null, isLoaded: true }
}

function publishedArchitectures(label: string | null, { inspection, host }: BuildEvidence) {
  const [, release, cuda] = /^(\d+\.\d+)\.\d+\+(cu\d+)$/.exec(label ?? '') ?? []
  if (release === undefined || cuda === undefined || !isLinuxX64(inspection, host)) return null
  return torchArchitectures[release]?.[cuda] ?? null
}

/** Words of a list; null where there are none. */
function toList(words: string | null | undefined): string[] | null {
  const list = (words ?? '').split(/\s+/).filter(word => /^[\w.:+-]{1,40}$/.test(word))
  return list.length === 0 ? null : list.slice(0, 64)
}

function readTensorflow({ imported, module, inspection, host }: BuildEvidence): BuildFacts {
  const names = namesOf(module)
  if (host.platform === 'darwin') {
    const hasMetal = inspection.companions.some(([name]) => name === 'tensorflow-metal')
    return hasMetal ? plain('metal') : plain('cpu')
  }
  if (imported?.is_cuda === true) {
    const said = imported.cuda ?? ''
    const version = toRelease(said) ?? /^\d{1,2}$/.exec(said)?.[0] ?? null
    const doubt = version === null ? 'TensorFlow does not say for which CUDA it is built' : null
    return { backend: 'cuda', version, architectures: toList(imported.architectures), doubt }
  }
  if (imported?.is_rocm === true) return plain('rocm')
  if (imported?.is_cuda === false) return plain('cpu')
  if (names.length > 0 && names.every(name => name === 'tensorflow-cpu')) return plain('cpu')
  return plain(null, null, 'only an import says what the build of TensorFlow is made for')
}

async function readJax({ inspection, host }: BuildEvidence): Promise<BuildFacts> {
  const names = inspection.companions.map(([name]) => name)
  const majors = names.flatMap(name => /^jax-cuda(\d{1,2})-plugin$/.exec(name)?.[1] ?? [])
  const [major] = majors
  if (majors.length > 1) {
    return plain('cuda', null, `plug-ins of JAX for CUDA ${majors.join(' and ')} are installed side by side`)
  }
  if (major !== undefined) {
    const isShadowed = Boolean(host.env.LD_LIBRARY_PATH)
    return {
      ...plain('cuda', major),
      minCapability: jaxPlugins.find(each => each.major === Number(major))?.capability ?? null,
      doubt: isShadowed ? 'LD_LIBRARY_PATH may hide the libraries for CUDA that its packages bring' : null,
    }
  }
  const rocm = names.find(name => /^jax-rocm\d*-plugin$/.test(name))
  if (rocm !== undefined) return plain('rocm', /\d+/.exec(rocm)?.[0] ?? null)
  if (names.includes('jax-metal')) return plain('metal')
  // Before the plug-ins, the library itself was built for CUDA: 0.4.23+cuda12.cudnn89.
  const library = inspection.companions.find(([name]) => name === 'jaxlib')?.[1]
  const old = /\+cuda(\d{1,2})(?!\d)/.exec(library ?? '')?.[1]
  if (old !== undefined) return plain('cuda', old)
  if (names.includes('libtpu')) return plain(null, null, 'it is built for TPUs, which are not checked')
  if (library === undefined || (await isConda(inspection, host)))
    return plain(null, null, 'the packages of JAX do not say what they are made for')
  return plain('cpu')
}

async function readOnnxruntime({ imported, inspection, module, host }: BuildEvidence): Promise<BuildFacts> {
  const providers = toList(imported?.providers)
  const packages = inspection.companions.filter(([name]) => /^(?:onnxruntime|ort-nightly)/.test(name))
  const names = [...new Set([...namesOf(module), ...packages.map(([name]) => name)])]
  if (providers !== null) {
    const backend = onnxProviders.find(([provider]) => providers.includes(provider))?.[1] ?? 'cpu'
    return plain(backend, backend === 'cuda' ? onnxCuda(packages) : null)
  }
  if (names.length > 1) return plain(null, null, `${names.sort().join(' and ')} overwrite each other`)
  const [name] = names
  const backend = onnxPackages[name ?? '']
  if (backend === undefined || (await isConda(inspection, host)))
    return plain(null, null, 'only an import says what the build of ONNX Runtime is made for')
  return plain(backend, backend === 'cuda' ? onnxCuda(packages) : null)
}

// The list is that of the build: CUDAExecutionProvider is in it on a machine without a GPU, too.
const onnxProviders: readonly (readonly [provider: string, backend: Backend])[] = [
  ['CUDAExecutionProvider', 'cuda'],
  ['MIGraphXExecutionProvider', 'rocm'],
  ['ROCMExecutionProvider', 'rocm'],
  ['DmlExecutionProvider', 'directml'],
  ['OpenVINOExecutionProvider', 'openvino'],
  ['CoreMLExecutionProvider', 'coreml'],
]

const onnxPackages: Readonly<Record<string, Backend | undefined>> = {
  'onnxruntime-gpu': 'cuda',
  'onnxruntime-directml': 'directml',
  'onnxruntime-openvino': 'openvino',
  'onnxruntime-rocm': 'rocm',
}

function onnxCuda(packages: Inspection['companions']): string | null {
  const version = packages.find(([name]) => name === 'onnxruntime-gpu')?.[1]
  const release = toRelease(version ?? '')
  if (release === undefined) return null
  return onnxruntimeCuda.find(([lowest]) => compareParts(release, lowest) >= 0)?.[1] ?? null
}

/** vLLM runs on the PyTorch beside it. */
async function readVllm(evidence: BuildEvidence): Promise<BuildFacts> {
  const { host, module } = evidence
  const torch = await describeTorch(evidence, host.path.join(host.path.dirname(module.path), 'torch'))
  // Its own code for GPUs is loaded when it runs, and nothing lists it.
  return { ...torch, minCapability: vllmCapability, isLoaded: false }
}

// PEP 503, "Normalized Names".
function namesOf({ distributions }: FoundModule): string[] {
  return distributions.map(({ name }) => name.replace(/[-_.]+/g, '-').toLowerCase())
}

/** Conda's packages have one name for builds for the CPU and for CUDA. */
async function isConda({ prefix }: Inspection, { fs, path }: BuildEvidence['host']): Promise<boolean> {
  return exists(path.join(prefix, 'conda-meta'), { fs })
}
