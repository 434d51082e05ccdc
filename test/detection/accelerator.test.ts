import { readFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gpuProbe } from '../../src/detection/gpu/gpu-probe.ts'
import type { Finding, ProbeMode } from '../../src/detection/probe.ts'
import { pythonProbe } from '../../src/detection/python/python-probe.ts'
import { createMemoryCache, createProbeContext, createTarget } from '../support/probe-context.ts'
import { createMachine, type KernelTree, type PciDevice } from '../support/processes/kernel-tree.ts'
import { createVenv, createVenvTemplate, type Venv } from '../support/processes/python-venv.ts'
import { writeScript } from '../support/processes/script.ts'

let template: Awaited<ReturnType<typeof createVenvTemplate>>
beforeAll(async () => {
  template = await createVenvTemplate()
})
afterAll(() => template.remove())

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
  readonly companions?: Record<string, string>
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
async function detectOn({ tree, tools = {} }: Laid, venv: Venv, run: Run = {}) {
  const host = await createMachine(tree)
  const bin = nodePath.join(host.directory, 'bin')
  for (const [name, script] of Object.entries(tools)) await writeScript(nodePath.join(bin, name), script)
  const env = { ...host.env, HOME: '/nowhere', PATH: bin, VIRTUAL_ENV: venv.directory, ...run.env }
  const context = await createProbeContext(
    { ...host, env },
    { mode: run.mode ?? 'normal', cache: createMemoryCache() },
  )
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
    const venv = await createVenv(template.directory)
    await installTorch(venv, wheel)
    const { accelerator } = await detectOn(machine, venv)
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
