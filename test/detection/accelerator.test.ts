import { readFile, rm, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  compareParts,
  matchArchitectures,
  matchDriver,
  parseArchitecture,
} from '../../src/detection/accelerator/cuda-rules.ts'
import { gpuProbe } from '../../src/detection/gpu/gpu-probe.ts'
import type { Finding, ProbeCache, ProbeMode } from '../../src/detection/probe.ts'
import { pythonProbe } from '../../src/detection/python/python-probe.ts'
import { createMemoryCache, createProbeContext, createTarget } from '../support/probe-context.ts'
import { createMachine, type KernelTree, type PciDevice } from '../support/processes/kernel-tree.ts'
import { createVenv, createVenvTemplate, type Venv } from '../support/processes/python-venv.ts'
import { writeScript } from '../support/processes/script.ts'
import { lastingDirectory } from '../support/test-host.ts'

let template: Awaited<ReturnType<typeof createVenvTemplate>>
let shared: string
beforeAll(async () => {
  template = await createVenvTemplate()
  shared = await lastingDirectory()
})
afterAll(() => template.remove())

interface Installed {
  readonly venv: Venv
  readonly cache: ProbeCache
}

// Detection leaves an environment as it is, so tests of one package share it and what was found out about it.
const environments = new Map<string, Promise<Installed>>()

function installOnce(packages: object, install: (venv: Venv) => Promise<void>): Promise<Installed> {
  const key = JSON.stringify(packages)
  const create = async () => {
    const venv = await createVenv(template.directory, nodePath.join(shared, String(environments.size)))
    await install(venv)
    return { venv, cache: createMemoryCache() }
  }
  const environment = environments.get(key) ?? create()
  environments.set(key, environment)
  return environment
}

// `nvidia-smi --query-gpu=uuid,pci.bus_id,memory.total,driver_version,mig.mode.current,compute_cap,name`
const card: PciDevice = { vendor: '0x10de', device: '0x20b2', class: '0x030200', driver: 'nvidia' }
const toModule = (driver: string) =>
  `NVRM version: NVIDIA UNIX x86_64 Kernel Module  ${driver}  Tue Sep 17 16:54:04 UTC 2024\n`

interface Smi {
  readonly driver: string
  readonly rows: readonly (readonly [name: string, capability: string, mig?: string])[]
  /** What `nvidia-smi -L` lists. */
  readonly list?: string
}

interface Laid {
  readonly tree: KernelTree
  readonly tools?: Record<string, string>
}

function layOutNvidia({ driver, rows, list = '' }: Smi): Laid {
  const lines = rows.map(
    ([name, capability, mig = '[N/A]'], index) =>
      `GPU-${index}, 00000000:0${index + 1}:00.0, 24564, ${driver}, ${mig}, ${capability}, ${name}`,
  )
  const pci = Object.fromEntries(rows.map((_row, index) => [`0000:0${index + 1}:00.0`, card]))
  const nodes = Object.fromEntries(rows.map((_row, index) => [`/dev/nvidia${index}`, '']))
  return {
    tree: { pci, files: { '/proc/driver/nvidia/version': toModule(driver), '/dev/nvidiactl': '', ...nodes } },
    tools: {
      'nvidia-smi': `if [ "$1" = -L ]; then cat <<'EOF'\n${list}\nEOF\nelse cat <<'EOF'\n${lines.join('\n')}\nEOF\nfi`,
    },
  }
}

interface Wheel {
  readonly version: string
  readonly cuda?: string | null
  readonly hip?: string | null
  /** What the module says once it is imported; without it, it says nothing. */
  readonly flags?: string
  readonly source?: string
}

/** A torch package whose functions that open a GPU leave a file. */
async function installTorch(venv: Venv, { version, cuda = null, hip = null, flags, source = '' }: Wheel) {
  const quote = (text: string | null) => (text === null ? 'None' : `'${text}'`)
  const opened = JSON.stringify(nodePath.join(venv.directory, 'opened'))
  await venv.install({
    distribution: 'torch',
    version,
    topLevel: 'torch\n',
    files: {
      'torch/version.py': `from typing import Optional\n\n__all__ = ['__version__', 'debug', 'cuda', 'git_version', 'hip', 'xpu']\n__version__ = '${version}'\ndebug = False\ncuda: Optional[str] = ${quote(cuda)}\ngit_version = 'abc'\nhip: Optional[str] = ${quote(hip)}\nxpu: Optional[str] = None\n`,
      'torch/__init__.py': `from torch import version, cuda, _C\n__version__ = version.__version__\n${source}\n`,
      'torch/_C.py': flags === undefined ? '' : `def _cuda_getArchFlags(): return '${flags}'\n`,
      'torch/cuda.py': `def is_available(*_):\n    open(${opened}, 'w').close()\n    return False\nget_arch_list = get_device_capability = device_count = is_available\n`,
    },
  })
}

interface Run {
  readonly module?: string
  readonly distributions?: string[]
  readonly mode?: ProbeMode
  readonly env?: Record<string, string>
  /** Whether the detection includes the GPUs; else only a framework. */
  readonly hasGpuTarget?: boolean
}

/** `details.accelerator` of a framework on a machine, and the processes that were started. */
async function detectOn({ tree, tools = {} }: Laid, { venv, cache }: Installed, run: Run = {}) {
  const host = await createMachine(tree)
  const bin = nodePath.join(host.directory, 'bin')
  for (const [name, script] of Object.entries(tools)) await writeScript(nodePath.join(bin, name), script)
  const env = { ...host.env, HOME: '/nowhere', PATH: bin, VIRTUAL_ENV: venv.directory, ...run.env }
  const context = await createProbeContext({ ...host, env }, { mode: run.mode ?? 'normal', cache })
  const started: string[] = []
  const counting = {
    ...context,
    run: (argv: Parameters<typeof context.run>[0], options: Parameters<typeof context.run>[1]) => {
      started.push(nodePath.basename(argv[0]))
      return context.run(argv, { ...options, env: { PATH: '/usr/bin:/bin', ...options.env } })
    },
  }
  const { module: name = 'torch', distributions = [] } = run
  const target = createTarget({ kind: 'python', module: { name, distributions }, timeoutMs: 20_000 })
  const [finding] = await Promise.all([
    pythonProbe.detect(target, counting),
    ...(run.hasGpuTarget === false
      ? []
      : [gpuProbe.detect(createTarget({ kind: 'gpu', timeoutMs: 20_000 }), counting)]),
  ])
  return { accelerator: toAccelerator(finding), finding, started }
}

function toAccelerator({ details }: Finding): unknown {
  return details?.accelerator
}

const cu130 = 'sm_75 sm_80 sm_86 sm_90 sm_100 sm_120 compute_120'
const cu128 = 'sm_75 sm_80 sm_86 sm_90 sm_100 sm_120'
const cu126 = 'sm_50 sm_60 sm_70 sm_75 sm_80 sm_86 sm_90'
const torch13: Wheel = { version: '2.11.0+cu130', cuda: '13.0', flags: cu130 }
const torch128: Wheel = { version: '2.11.0+cu128', cuda: '12.8', flags: cu128 }
const torch126: Wheel = { version: '2.11.0+cu126', cuda: '12.6', flags: cu126 }
const torchCpu: Wheel = { version: '2.11.0+cpu' }

const rtx4090 = layOutNvidia({ driver: '570.124.06', rows: [['NVIDIA GeForce RTX 4090', '8.9']] })
const a100 = layOutNvidia({ driver: '535.216.01', rows: [['NVIDIA A100-SXM4-80GB', '8.0']] })
const nothing: Laid = { tree: {} }
const migList = `GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-0)
  MIG 1g.10gb     Device  0: (UUID: MIG-feb88891-0321-5fef-9c87-d4af3b54259e)`

interface Expected {
  readonly built_for: string | null
  readonly usable: boolean | null
  /** What the reason contains. */
  readonly reason: string | null
  readonly text?: string
  /** What stands behind the interpreter. */
  readonly command?: string | null
}

const reinstall = (label: string) =>
  `-m pip install --force-reinstall torch --index-url https://download.pytorch.org/whl/${label}`

// Written before the code. x86_64 only, because the published builds are known for it.
const machines: [what: string, machine: Laid, wheel: Wheel, expected: Expected][] = [
  [
    'a driver too old for the wheel, with a wheel that fits it',
    a100,
    torch13,
    {
      built_for: 'cuda 13.0',
      usable: false,
      reason: 'the NVIDIA driver 535.216.01 is too old for CUDA 13.0: it needs 580',
      text: 'Update the NVIDIA driver to 580 or later, or install a build for CUDA 12.8',
      command: reinstall('cu128'),
    },
  ],
  [
    'a driver too old for all wheels',
    layOutNvidia({ driver: '470.223.02', rows: [['NVIDIA GeForce RTX 3090', '8.6']] }),
    torch128,
    {
      built_for: 'cuda 12.8',
      usable: false,
      reason: 'the NVIDIA driver 470.223.02 is too old for CUDA 12.8: it needs 525.60.13',
      text: 'Update the NVIDIA driver to 525.60.13 or later',
      command: null,
    },
  ],
  [
    'a CPU wheel beside a GPU',
    a100,
    torchCpu,
    {
      built_for: 'cpu',
      usable: false,
      reason: 'the build runs on the CPU alone, and there is a GPU (NVIDIA A100-SXM4-80GB)',
      text: 'Install a build for CUDA 12.8',
      command: reinstall('cu128'),
    },
  ],
  [
    'a GPU in a container without its devices',
    { tree: { pci: { '0000:01:00.0': card }, files: { '/.dockerenv': '' } } },
    torch128,
    {
      built_for: 'cuda 12.8',
      usable: false,
      reason: 'its device files (/dev/nvidia*) are not in this container',
      text: 'Start the container with its GPUs, like docker run --gpus all (NVIDIA Container Toolkit)',
      command: null,
    },
  ],
  [
    'a GPU in MIG mode with an instance',
    layOutNvidia({
      driver: '535.216.01',
      rows: [['NVIDIA A100-SXM4-80GB', '8.0', 'Enabled']],
      list: migList,
    }),
    torch126,
    { built_for: 'cuda 12.6', usable: true, reason: null },
  ],
  [
    'a GPU in MIG mode without an instance',
    layOutNvidia({ driver: '535.216.01', rows: [['NVIDIA A100-SXM4-80GB', '8.0', 'Enabled']] }),
    torch126,
    { built_for: 'cuda 12.6', usable: null, reason: 'is in MIG mode, and none of its instances is listed' },
  ],
  [
    'no GPU, and a wheel for CUDA',
    nothing,
    torch13,
    { built_for: 'cuda 13.0', usable: false, reason: 'the build is for CUDA, and there is no GPU of NVIDIA' },
  ],
  [
    'no GPU, and a wheel for the CPU',
    nothing,
    torchCpu,
    { built_for: 'cpu', usable: false, reason: 'the build runs on the CPU alone' },
  ],
  [
    'a driver newer than the wheel',
    rtx4090,
    torch128,
    { built_for: 'cuda 12.8', usable: true, reason: null },
  ],
  [
    'a driver of the same family that is older than the toolkit',
    a100,
    torch128,
    { built_for: 'cuda 12.8', usable: true, reason: null },
  ],
  [
    'several GPUs, of which one is too old for the wheel',
    layOutNvidia({
      driver: '570.124.06',
      rows: [
        ['NVIDIA GeForce GTX 1080', '6.1'],
        ['NVIDIA GeForce RTX 5090', '12.0'],
      ],
    }),
    torch128,
    {
      built_for: 'cuda 12.8',
      usable: true,
      reason: 'the build has no code for NVIDIA GeForce GTX 1080 (compute capability 6.1)',
    },
  ],
  [
    'a GPU that is too new for the wheel',
    layOutNvidia({ driver: '570.124.06', rows: [['NVIDIA GeForce RTX 5090', '12.0']] }),
    torch126,
    {
      built_for: 'cuda 12.6',
      usable: false,
      reason: 'the build has no code for NVIDIA GeForce RTX 5090 (compute capability 12.0)',
      text: 'Install a build for CUDA 12.8',
      command: reinstall('cu128'),
    },
  ],
  [
    'a GPU that is too old for the wheel',
    layOutNvidia({ driver: '580.95.05', rows: [['Tesla V100-SXM2-16GB', '7.0']] }),
    torch13,
    {
      built_for: 'cuda 13.0',
      usable: false,
      reason: 'the build has no code for Tesla V100-SXM2-16GB (compute capability 7.0)',
      text: 'Install a build for CUDA 12.6',
      command: reinstall('cu126'),
    },
  ],
  [
    'CUDA that the table does not know',
    layOutNvidia({ driver: '610.10', rows: [['NVIDIA H100 80GB HBM3', '9.0']] }),
    { version: '2.16.0+cu135', cuda: '13.5', flags: cu130 },
    {
      built_for: 'cuda 13.5',
      usable: null,
      reason: 'nothing is known of CUDA 13.5 with the NVIDIA driver 610.10',
    },
  ],
  [
    'an nvidia-smi that fails',
    {
      ...a100,
      tools: { 'nvidia-smi': 'echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18' },
    },
    torch128,
    { built_for: 'cuda 12.8', usable: null, reason: 'Driver/library version mismatch' },
  ],
  [
    'a card without a driver',
    { tree: { pci: { '0000:01:00.0': { vendor: card.vendor, device: card.device } } } },
    torch128,
    {
      built_for: 'cuda 12.8',
      usable: false,
      reason: 'no driver is loaded',
      text: 'Install the NVIDIA driver',
      command: null,
    },
  ],
  [
    'a card with the free driver',
    { tree: { pci: { '0000:01:00.0': { ...card, driver: 'nouveau' } }, files: { '/dev/dri/card0': '' } } },
    torch128,
    {
      built_for: 'cuda 12.8',
      usable: false,
      reason: 'the GPU uses the driver nouveau, and CUDA needs that of NVIDIA',
      text: 'Install the NVIDIA driver',
      command: null,
    },
  ],
  [
    'WSL, whose driver is that of Windows',
    {
      tree: { files: { '/dev/dxg': '' } },
      tools: layOutNvidia({ driver: '531.61', rows: [['NVIDIA GeForce RTX 3080', '8.6']] }).tools ?? {},
    },
    torch128,
    { built_for: 'cuda 12.8', usable: true, reason: null },
  ],
  [
    'WSL with a driver of Windows that is too old',
    {
      tree: { files: { '/dev/dxg': '' } },
      tools: layOutNvidia({ driver: '526.98', rows: [['NVIDIA GeForce RTX 3080', '8.6']] }).tools ?? {},
    },
    torch128,
    {
      built_for: 'cuda 12.8',
      usable: false,
      reason: 'the NVIDIA driver 526.98 is too old for CUDA 12.8: it needs 527.41',
      text: 'Update the NVIDIA driver to 527.41 or later',
      command: null,
    },
  ],
]

describe('PyTorch', () => {
  test.each(machines)('on a machine with %s', async (_what, machine, wheel, expected) => {
    const installed = await installOnce(wheel, venv => installTorch(venv, wheel))
    const { venv } = installed
    const { accelerator } = await detectOn(machine, installed)
    const { built_for, usable, reason, text, command } = expected
    expect(accelerator).toEqual({
      built_for,
      usable,
      architectures: wheel.flags?.split(' ') ?? null,
      reason: reason === null ? null : expect.stringContaining(reason),
      fix: text === undefined ? null : { text, command: command ? `${venv.python} ${command}` : null },
    })
    await expect(readFile(nodePath.join(venv.directory, 'opened')), 'a GPU was opened').rejects.toThrow()
  })
})

const onTorch = (wheel: Wheel) => installOnce(wheel, venv => installTorch(venv, wheel))

describe('what is known of PyTorch', () => {
  test('without an import comes from its file and the published lists, and proves no yes', async () => {
    const installed = await installOnce({ quick: true }, venv => installTorch(venv, torch128))
    const { accelerator, started } = await detectOn(rtx4090, installed, { mode: 'quick' })
    expect(started).toEqual(['python'])
    expect(accelerator).toMatchObject({ built_for: 'cuda 12.8', usable: null })
  })

  test('without an import proves a no', async () => {
    const installed = await installOnce({ quick: 2 }, venv => installTorch(venv, torch13))
    const { accelerator } = await detectOn(a100, installed, { mode: 'quick' })
    expect(accelerator).toMatchObject({ built_for: 'cuda 13.0', usable: false })
  })

  test('of one framework alone starts no process for the GPUs: the kernel names driver and card', async () => {
    const information = 'Model: \t\t NVIDIA A100-SXM4-80GB\nDevice Minor: \t 0\n'
    const files = { ...a100.tree.files, '/proc/driver/nvidia/gpus/0000:01:00.0/information': information }
    const machine = { ...a100, tree: { ...a100.tree, files } }
    const yes = await detectOn(machine, await onTorch(torch126), { hasGpuTarget: false })
    expect(yes.started).not.toContain('nvidia-smi')
    expect(yes.accelerator).toMatchObject({
      usable: null,
      reason: 'driver and GPU fit, but nvidia-smi has not confirmed that the driver works',
    })
    const no = await detectOn(machine, await onTorch(torch13), { hasGpuTarget: false })
    expect(no.accelerator).toMatchObject({ usable: false })
  })

  test.each(['', '-1', '-1,0'])('with CUDA_VISIBLE_DEVICES=%j is that every GPU is hidden', async hidden => {
    const run = { env: { CUDA_VISIBLE_DEVICES: hidden } }
    expect((await detectOn(rtx4090, await onTorch(torch128), run)).accelerator).toMatchObject({
      usable: false,
      reason: 'CUDA_VISIBLE_DEVICES hides every GPU',
    })
  })

  test('with libraries that make older drivers run newer CUDA is no proof', async () => {
    const run = { env: { LD_LIBRARY_PATH: '/usr/local/cuda-13.0/compat' } }
    expect((await detectOn(a100, await onTorch(torch13), run)).accelerator).toMatchObject({ usable: null })
  })

  test('when its import fails is that nothing can be used', async () => {
    const wheel = { ...torch128, source: 'raise OSError("libcudart.so.12: cannot open shared object file")' }
    const { accelerator, finding } = await detectOn(rtx4090, await onTorch(wheel))
    expect(finding.status).toBe('broken')
    expect(accelerator).toMatchObject({
      built_for: 'cuda 12.8',
      usable: false,
      reason: 'importing torch fails',
    })
  })

  // `import torch` fails with these, or says nothing.
  test.each([
    ['raises', 'cuda = "12.8"\nraise SystemExit(3)\n', 'cuda 12.8', false],
    ['is empty', '', null, null],
    ['is computed', 'cuda = open("/etc/passwd").read()\n', null, null],
    ['says two things', 'cuda = "12.8"\ncuda = None\n', null, null],
    ['says it under a condition', 'if True:\n    cuda = "12.8"\ncuda = None\n', null, null],
    ['is huge', `cuda = "12.8"\n${'#'.repeat(70_000)}\n`, null, null],
    ['computes what would be ROCm', 'cuda = None\nhip = str(6)\n', null, null],
    ['has control characters', 'cuda = "12.8\u001b[31m"\n', 'cuda 12.8', null],
    [
      'is that of Debian 12',
      "__version__ = '1.13.0a0'\ndebug = False\ncuda = None\ngit_version = 'Unknown'\nhip = None\n",
      'cpu',
      false,
    ],
  ])('when version.py %s', async (_what, text, builtFor, usable) => {
    const installed = await installOnce({ text }, venv =>
      venv.install({
        distribution: 'torch',
        version: '2.11.0',
        files: {
          'torch/__init__.py': text.includes('raise') ? 'from torch import version\n' : '',
          'torch/version.py': text,
        },
      }),
    )
    expect((await detectOn(rtx4090, installed)).accelerator).toMatchObject({ built_for: builtFor, usable })
  })

  test.each([
    ['another version.py', 'other.py', 'cuda 12.8'],
    ['a device', '/dev/zero', null],
    ['nothing', 'gone.py', null],
  ])('when version.py is a link to %s', async (_what, target, builtFor) => {
    const venv = await createVenv(template.directory)
    await venv.install({
      distribution: 'torch',
      version: '2.11.0',
      files: { 'torch/__init__.py': '', 'torch/version.py': '' },
    })
    await writeFile(nodePath.join(venv.sitePackages, 'torch/other.py'), 'cuda = "12.8"\n')
    const file = nodePath.join(venv.sitePackages, 'torch/version.py')
    await rm(file)
    await symlink(target, file)
    const { accelerator } = await detectOn(rtx4090, { venv, cache: createMemoryCache() }, { mode: 'quick' })
    expect(accelerator).toMatchObject({ built_for: builtFor, usable: null })
  })
})

describe('Apple', () => {
  // The import says so by torch.backends.mps, which is_built and is_available describe.
  const toMps = (isAvailable: string): Wheel => ({
    version: '2.11.0',
    source: `import sys, types\nsys.platform = 'darwin'\nbackends = types.SimpleNamespace(mps=types.SimpleNamespace(is_built=lambda: True, is_available=lambda: ${isAvailable}))`,
  })
  const mac: Laid = { tree: { host: { platform: 'darwin' } } }

  test.each([
    ['True', true, null],
    ['False', false, expect.stringContaining('macOS 12.3')],
  ])('with is_available() == %s', async (isAvailable, usable, reason) => {
    const { accelerator } = await detectOn(mac, await onTorch(toMps(isAvailable)))
    expect(accelerator).toEqual({ built_for: 'metal', architectures: null, usable, reason, fix: null })
  })
})

describe('ROCm', () => {
  const radeon: PciDevice = { vendor: '0x1002', device: '0x744c', driver: 'amdgpu' }
  const rocm: Wheel = {
    version: '2.9.0+rocm6.4',
    hip: '6.4.43483-a187df25c',
    flags: 'gfx900 gfx906 gfx90a gfx942 gfx1030 gfx1100',
  }
  const layOutAmd = (target: number, files: Record<string, string> = { '/dev/kfd': '' }): Laid => ({
    tree: {
      pci: { '0000:03:00.0': radeon },
      files: {
        '/dev/dri/renderD128': '',
        '/sys/class/kfd/kfd/topology/nodes/0/properties': 'cpu_cores_count 16\ngfx_target_version 0\n',
        '/sys/class/kfd/kfd/topology/nodes/1/properties': `simd_count 96\ngfx_target_version ${target}\n`,
        ...files,
      },
    },
  })
  test.each([
    ['code for the GPU', layOutAmd(110_000), null, 'the build has code for the GPU (gfx1100)'],
    ['code for a GPU with a letter', layOutAmd(90_010), null, 'the build has code for the GPU (gfx90a)'],
    ['no code for the GPU', layOutAmd(100_301), false, 'the build has no code for the GPU (gfx1031)'],
    ['no /dev/kfd', layOutAmd(110_000, {}), false, 'ROCm needs /dev/kfd, which is not here'],
    ['no GPU of AMD', rtx4090, false, 'the build is for ROCm, and there is no GPU of AMD'],
  ])('with %s', async (_what, machine, usable, reason) => {
    const { accelerator } = await detectOn(machine, await onTorch(rocm))
    expect(accelerator).toMatchObject({
      built_for: 'rocm 6.4',
      usable,
      reason: expect.stringContaining(reason),
    })
  })
})

describe('other frameworks', () => {
  interface Package {
    readonly module: string
    readonly packages: Record<string, string>
    readonly source?: string
    readonly env?: Record<string, string>
  }
  const install = ({ module, packages, source = '' }: Package) =>
    installOnce({ module, packages, source }, async venv => {
      for (const [distribution, version] of Object.entries(packages))
        await venv.install({ distribution, version, files: { [`${module}/__init__.py`]: source } })
    })
  const tensorflow = (info: string) =>
    `import types\nsysconfig = types.SimpleNamespace(get_build_info=lambda: ${info})`
  const cudaInfo =
    "{'is_cuda_build': True, 'is_rocm_build': False, 'cuda_version': '12.5.1', 'cuda_compute_capabilities': ['sm_60', 'sm_70', 'sm_80', 'sm_89', 'compute_90']}"
  const onnx = (providers: string) => `def get_available_providers(): return ${providers}`
  const cuda = "['TensorrtExecutionProvider', 'CUDAExecutionProvider', 'CPUExecutionProvider']"
  const old = layOutNvidia({ driver: '470.223.02', rows: [['NVIDIA GeForce RTX 3090', '8.6']] })
  const v100 = layOutNvidia({ driver: '580.95.05', rows: [['Tesla V100-SXM2-16GB', '7.0']] })
  const p100 = layOutNvidia({ driver: '535.216.01', rows: [['Tesla P100-PCIE-16GB', '6.0']] })

  const rows: [what: string, installed: Package, machine: Laid, expected: Record<string, unknown>][] = [
    [
      'TensorFlow for CUDA',
      { module: 'tensorflow', packages: { tensorflow: '2.20.0' }, source: tensorflow(cudaInfo) },
      rtx4090,
      {
        built_for: 'cuda 12.5',
        usable: null,
        reason: 'driver and GPU fit, but only a run of tensorflow loads its libraries for CUDA',
      },
    ],
    [
      'TensorFlow with an old driver',
      { module: 'tensorflow', packages: { tensorflow: '2.20.0' }, source: tensorflow(cudaInfo) },
      old,
      {
        built_for: 'cuda 12.5',
        usable: false,
        fix: { text: 'Update the NVIDIA driver to 525.60.13 or later', command: null },
      },
    ],
    [
      'TensorFlow for the CPU',
      { module: 'tensorflow', packages: { 'tensorflow-cpu': '2.20.0' } },
      rtx4090,
      { built_for: 'cpu', usable: false, fix: { text: 'Replace it by tensorflow[and-cuda]', command: null } },
    ],
    [
      'JAX without a plug-in',
      { module: 'jax', packages: { jax: '0.8.0', jaxlib: '0.8.0' } },
      rtx4090,
      {
        built_for: 'cpu',
        usable: false,
        fix: {
          text: 'Install jax[cuda12]',
          command: expect.stringMatching(/\/python -m pip install --upgrade 'jax\[cuda12\]'$/),
        },
      },
    ],
    [
      'JAX for CUDA 13 with a driver of CUDA 12',
      { module: 'jax', packages: { jax: '0.8.0', jaxlib: '0.8.0', 'jax-cuda13-plugin': '0.8.0' } },
      rtx4090,
      {
        built_for: 'cuda 13',
        usable: false,
        reason: 'the NVIDIA driver 570.124.06 is too old for CUDA 13: it needs 580',
      },
    ],
    [
      'JAX for CUDA 13 with a GPU of Volta',
      { module: 'jax', packages: { jax: '0.8.0', jaxlib: '0.8.0', 'jax-cuda13-plugin': '0.8.0' } },
      v100,
      {
        built_for: 'cuda 13',
        usable: false,
        reason: 'jax needs compute capability 7.5, and Tesla V100-SXM2-16GB has 7.0',
      },
    ],
    [
      'JAX with two plug-ins',
      {
        module: 'jax',
        packages: {
          jax: '0.8.0',
          jaxlib: '0.8.0',
          'jax-cuda12-plugin': '0.8.0',
          'jax-cuda13-plugin': '0.8.0',
        },
      },
      rtx4090,
      {
        built_for: 'cuda',
        usable: null,
        reason: 'plug-ins of JAX for CUDA 12 and 13 are installed side by side',
      },
    ],
    [
      'ONNX Runtime for CUDA without a GPU, which lists its provider all the same',
      { module: 'onnxruntime', packages: { 'onnxruntime-gpu': '1.22.0' }, source: onnx(cuda) },
      nothing,
      { built_for: 'cuda 12', usable: false, reason: 'the build is for CUDA, and there is no GPU of NVIDIA' },
    ],
    [
      'ONNX Runtime for CUDA',
      { module: 'onnxruntime', packages: { 'onnxruntime-gpu': '1.22.0' }, source: onnx(cuda) },
      rtx4090,
      { built_for: 'cuda 12', usable: null },
    ],
    [
      'ONNX Runtime for the CPU',
      {
        module: 'onnxruntime',
        packages: { onnxruntime: '1.22.0' },
        source: onnx("['AzureExecutionProvider', 'CPUExecutionProvider']"),
      },
      rtx4090,
      {
        built_for: 'cpu',
        usable: false,
        fix: {
          text: 'Replace onnxruntime by onnxruntime-gpu',
          command: expect.stringContaining('pip install onnxruntime-gpu'),
        },
      },
    ],
    [
      'vLLM on a GPU that it does not support',
      { module: 'vllm', packages: { vllm: '0.11.0' } },
      p100,
      {
        built_for: 'cuda 12.6',
        usable: false,
        reason: 'vllm needs compute capability 7.0, and Tesla P100-PCIE-16GB has 6.0',
      },
    ],
  ]

  test.each(rows)('%s', async (_what, framework, machine, expected) => {
    const installed = await install(framework)
    if (framework.module === 'vllm')
      await installed.venv.write({
        'torch/version.py': "__version__ = '2.11.0+cu126'\ncuda = '12.6'\nhip = None\nxpu = None\n",
      })
    const distributions = Object.keys(framework.packages)
    const { accelerator } = await detectOn(machine, installed, { module: framework.module, distributions })
    expect(accelerator).toMatchObject(expected)
  })

  test('have none where they use no GPU', async () => {
    const installed = await install({ module: 'sklearn', packages: { 'scikit-learn': '1.5.2' } })
    expect((await detectOn(rtx4090, installed, { module: 'sklearn' })).accelerator).toBeUndefined()
  })
})

describe('the rules of CUDA', () => {
  const part = fc.integer({ min: 0, max: 9 })
  const major = fc.integer({ min: 1, max: 20 })
  const release = fc.array(fc.integer({ min: 0, max: 9999 }), { minLength: 1, maxLength: 4 })

  test('machine code runs on later minor versions of one major version, and nowhere else', () => {
    fc.assert(
      fc.property(major, part, major, part, (ownMajor, ownMinor, gpuMajor, gpuMinor) => {
        const match = matchArchitectures([`sm_${ownMajor}${ownMinor}`], `${gpuMajor}.${gpuMinor}`)
        expect(match).toBe(ownMajor === gpuMajor && ownMinor <= gpuMinor ? 'code' : 'none')
      }),
    )
  })

  test('PTX runs from its version on; with a on one version alone, with f in one major version', () => {
    fc.assert(
      fc.property(major, part, major, part, (ownMajor, ownMinor, gpuMajor, gpuMinor) => {
        const order = ownMajor * 10 + ownMinor - (gpuMajor * 10 + gpuMinor)
        const match = (suffix: string) =>
          matchArchitectures([`compute_${ownMajor}${ownMinor}${suffix}`], `${gpuMajor}.${gpuMinor}`)
        expect(match('')).toBe(order <= 0 ? 'ptx' : 'none')
        expect(match('a')).toBe(order === 0 ? 'ptx' : 'none')
        expect(match('f')).toBe(ownMajor === gpuMajor && order <= 0 ? 'ptx' : 'none')
      }),
    )
  })

  test('what is no architecture is never a no', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        if (parseArchitecture(text) === undefined)
          expect(matchArchitectures(['sm_10', text], '9.0')).toBe('unknown')
      }),
    )
  })

  test('versions are ordered by their numbers', () => {
    fc.assert(
      fc.property(release, release, release, (a, b, c) => {
        const [left, middle, right] = [a.join('.'), b.join('.'), c.join('.')]
        expect(Math.sign(compareParts(left, middle))).toBe(-Math.sign(compareParts(middle, left)))
        if (compareParts(left, middle) <= 0 && compareParts(middle, right) <= 0)
          expect(compareParts(left, right)).toBeLessThanOrEqual(0)
        expect(compareParts(left, `${left}.0`)).toBe(0)
      }),
    )
    expect(compareParts('570.124.06', '570.26')).toBeGreaterThan(0)
  })

  test('a newer driver never fits worse', () => {
    const worst = ['too old', 'family', 'newer']
    const known = fc.constantFrom('13.0', '12.8', '12.1', '11.8', '10.2', '12', '13')
    fc.assert(
      fc.property(release, release, known, fc.constantFrom('linux', 'windows'), (a, b, cuda, system) => {
        const drivers = [a.join('.'), b.join('.')].sort(compareParts)
        const [older, newer] = drivers.map(driver => worst.indexOf(matchDriver(driver, cuda, system)))
        if (older !== -1 && newer !== -1) expect(newer).toBeGreaterThanOrEqual(older ?? 0)
      }),
    )
  })
})
