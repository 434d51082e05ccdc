import { readFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { createGpuMeasure } from '../../../src/dashboard/model/measures/gpu.ts'
import type { MetricSample } from '../../../src/dashboard/model/sampler.ts'
import type { Host } from '../../../src/platform/host.ts'
import { createDashboardHome, metric } from '../../support/homes/dashboard-home.ts'
import { createMachine, type KernelTree, type PciDevice } from '../../support/processes/kernel-tree.ts'
import { writeScript } from '../../support/processes/script.ts'

const nvidia: PciDevice = { vendor: '0x10de', device: '0x20b2', class: '0x030200', driver: 'nvidia' }
const amd = (attributes: Record<string, string>): PciDevice => ({
  vendor: '0x1002',
  device: '0x744c',
  driver: 'amdgpu',
  attributes,
})
const intel: PciDevice = { vendor: '0x8086', device: '0x9a49', driver: 'i915' }
const withNvidia: KernelTree = { pci: { '0000:07:00.0': nvidia }, files: { '/dev/nvidia0': '' } }
const vram = (used: number, size: number) => ({
  mem_info_vram_used: `${used}\n`,
  mem_info_vram_total: `${size}\n`,
})

interface Bench {
  readonly setTool: (script: string) => Promise<unknown>
  /** Measures once more. */
  readonly measure: () => Promise<ReadonlyMap<string, MetricSample>>
  /** What nvidia-smi wrote down of its calls. */
  readonly readCalls: () => Promise<readonly string[]>
}

interface BenchOptions {
  readonly smi?: string | undefined
  /** What is read instead of a file; undefined for the file itself. */
  readonly onRead?: (path: string) => Promise<string> | undefined
}

async function createGpuBench(
  machine: KernelTree,
  { smi, onRead = () => undefined }: BenchOptions = {},
): Promise<Bench> {
  const host = await createMachine(machine)
  const bin = nodePath.join(host.directory, 'bin')
  // The script's own programs come after it.
  const setTool = (script: string) =>
    writeScript(nodePath.join(bin, 'nvidia-smi'), `PATH=/usr/bin:/bin\n${script}`)
  if (smi !== undefined) await setTool(smi)
  const readText: Host['fs']['readText'] = (path, maxBytes) =>
    onRead(path) ?? host.fs.readText(path, maxBytes)
  const own = { ...host, env: { ...host.env, PATH: bin }, fs: { ...host.fs, readText } }
  const shown = metric({ unit: '%' })
  const { home, snapshot } = await createDashboardHome(
    { system: { gpu_utilization: shown, gpu_memory_percent: shown } },
    { host: own },
  )
  const take = createGpuMeasure({ home, isDeep: false }, own)
  const readCalls = async () =>
    (await readFile(nodePath.join(bin, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean)
  return { setTool, measure: () => take(snapshot), readCalls }
}

const toValue = (sample: MetricSample | undefined) =>
  sample && 'reason' in sample ? sample.reason : sample?.value

async function measure(machine: KernelTree, smi?: string) {
  const samples = await (await createGpuBench(machine, { smi })).measure()
  return ['gpu_utilization', 'gpu_memory_percent'].map(id => toValue(samples.get(`metric/${id}`)))
}

async function listGpus(machine: KernelTree, smi?: string) {
  return toGpus(await (await createGpuBench(machine, { smi })).measure())
}

function toGpus(samples: ReadonlyMap<string, MetricSample>) {
  return [...samples.values()].flatMap(({ gpu }) => gpu ?? [])
}

/** A row as `--query-gpu=uuid,name,driver_version,utilization.gpu,memory.used,memory.total,…` has it. */
const row = (
  values: string,
  { uuid = 'GPU-1', name = 'NVIDIA A100-SXM4-80GB', rest = '41, 62.31, 400.00' } = {},
) => `${uuid}, ${name}, 535.104.05, ${values}, ${rest}`
const print = (...lines: string[]) => lines.map(line => `echo '${line}'`).join('; ')
const lost = `GPU-2, ${Array(8).fill('[GPU is lost]').join(', ')}`

const asleep = { ...nvidia, attributes: { 'power/runtime_status': 'suspended\n' } }
const unreported = 'nvidia-smi does not report it of this GPU'
const rows: [what: string, machine: KernelTree, smi: string | undefined, found: readonly unknown[]][] = [
  ['an NVIDIA GPU', withNvidia, print(row('37, 1024, 4096')), [37, 25]],
  ['a GPU that does nothing', withNvidia, print(row('0, 0, 4096')), [0, 0]],
  ['two as one', withNvidia, print(row('100, 100, 100'), row('0, 0, 300', { uuid: 'GPU-2' })), [50, 25]],
  ['one that shares its memory', withNvidia, print(row('12, [N/A], [N/A]')), [12, unreported]],
  ['one in MIG mode', withNvidia, print(row('[N/A], 20, 80')), [unreported, 25]],
  [
    'a GPU with a warning',
    withNvidia,
    `${print('WARNING: a, b, c, d, e, f, g, h, i', row('37, 1024, 4096'))}; exit 14`,
    [37, 25],
  ],
  [
    'one beside one that is lost',
    withNvidia,
    `${print(row('37 %, 1 MiB, 4 MiB'), lost)}; exit 255`,
    [37, 25],
  ],
  [
    'a tool that fails',
    withNvidia,
    'echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18',
    Array(2).fill('nvidia-smi: Failed to initialize NVML: Driver/library version mismatch'),
  ],
  ['a tool that says something else', withNvidia, 'echo hello', Array(2).fill('nvidia-smi: hello')],
  ['a tool that says nothing', withNvidia, 'exit 1', Array(2).fill('nvidia-smi printed nothing')],
  [
    'a GPU without its tool',
    withNvidia,
    undefined,
    Array(2).fill('there is no nvidia-smi that would report it'),
  ],
  [
    'a GPU that sleeps',
    { ...withNvidia, pci: { '0000:07:00.0': asleep } },
    print(row('1, 2, 3')),
    Array(2).fill('its NVIDIA GPU is asleep, and not woken'),
  ],
  ['a tool without a GPU', {}, print(row('1, 2, 3')), Array(2).fill('there is no GPU')],
  ['no GPU', {}, undefined, Array(2).fill('there is no GPU')],
  [
    'an AMD GPU',
    { pci: { '0000:03:00.0': amd({ gpu_busy_percent: '42\n', ...vram(1, 4) }) } },
    undefined,
    [42, 25],
  ],
  [
    'an AMD GPU that tells nothing',
    { pci: { '0000:03:00.0': amd({}) } },
    undefined,
    Array(2).fill('the driver of its AMD GPU does not report it'),
  ],
  [
    'an Intel GPU',
    { pci: { '0000:00:02.0': intel } },
    undefined,
    Array(2).fill('its Intel GPU does not report it'),
  ],
]
test.each(rows)('%s', async (_, machine, smi, found) => {
  expect(await measure(machine, smi)).toEqual(found)
})

const nothing = {
  driver: null,
  memory_total_bytes: null,
  memory_used_bytes: null,
  utilization: null,
  temperature_c: null,
  power_w: null,
  power_limit_w: null,
}
const a100 = {
  id: 'GPU-1',
  name: 'NVIDIA A100-SXM4-80GB',
  driver: '535.104.05',
  memory_total_bytes: 81_920 * 2 ** 20,
  memory_used_bytes: 2 ** 30,
  utilization: 37,
  temperature_c: 41,
  power_w: 62.31,
  power_limit_w: 400,
  reason: null,
}

const jetson = '1833a3b1-3b8f-5c3e-9c1a-2d0a8f2c5f6e'
const tables: [what: string, lines: string[], exitCode: number, gpus: readonly object[]][] = [
  ['all that one query reports', [row('37, 1024, 81920')], 0, [a100]],
  [
    'both of two',
    [row('37, 1024, 81920'), row('0, 0, 81920', { uuid: 'GPU-2' })],
    0,
    [a100, { ...a100, id: 'GPU-2', utilization: 0, memory_used_bytes: 0 }],
  ],
  [
    'a name with a comma',
    [row('37, 1024, 81920', { name: 'Quadro 6000, Max-Q' })],
    0,
    [{ ...a100, name: 'Quadro 6000, Max-Q' }],
  ],
  [
    'what is not reported as null',
    [row('37, 1024, 81920', { rest: '[N/A], [Not Supported], N/A' })],
    0,
    [{ ...a100, temperature_c: null, power_w: null, power_limit_w: null }],
  ],
  [
    'an error as null',
    [row('ERR!, 1024, 81920', { rest: '41, ERR!, [Unknown Error]' })],
    0,
    [{ ...a100, utilization: null, power_w: null, power_limit_w: null }],
  ],
  ['one in MIG mode by its memory', [row('[N/A], 1024, 81920')], 0, [{ ...a100, utilization: null }]],
  ['units in cells', [row('37 %, 1024 MiB, 81920 MiB', { rest: '41, 62.31 W, 400.00 W' })], 0, [a100]],
  [
    'a temperature below zero',
    [row('37, 1024, 81920', { rest: '-3, 62.31, 400.00' })],
    0,
    [{ ...a100, temperature_c: -3 }],
  ],
  [
    'never more than there is',
    [row('101, 81921, 81920')],
    0,
    [{ ...a100, utilization: 100, memory_used_bytes: a100.memory_total_bytes }],
  ],
  [
    'no memory of none',
    [row('37, 0, 0')],
    0,
    [{ ...a100, memory_total_bytes: null, memory_used_bytes: null }],
  ],
  [
    'one that is lost, beside one that works',
    [row('37, 1024, 81920'), lost],
    255,
    [
      a100,
      {
        ...nothing,
        id: 'GPU-2',
        name: 'NVIDIA GPU',
        reason: 'nvidia-smi reports [GPU is lost] for this GPU',
      },
    ],
  ],
  [
    'one without a row, beside one that works',
    ['Unable to determine the device handle for GPU0000:02:00.0: GPU is lost.', row('37, 1024, 81920')],
    255,
    [{ ...nothing, id: '0000:02:00.0', name: 'NVIDIA GPU', reason: 'nvidia-smi: GPU is lost.' }, a100],
  ],
  [
    "a Jetson's, whose UUID has nothing in front",
    [`${jetson}, Orin (nvgpu), 540.4.0, [N/A], [N/A], [N/A], [N/A], [N/A], [N/A]`],
    0,
    [{ ...nothing, id: jetson, name: 'Orin (nvgpu)', driver: '540.4.0', reason: unreported }],
  ],
  [
    "a Jetson's without a UUID",
    ['[N/A], Orin (nvgpu), N/A, [N/A], [N/A], [N/A], [N/A], [N/A], [N/A]'],
    0,
    [{ ...nothing, id: 'nvidia-0', name: 'Orin (nvgpu)', reason: unreported }],
  ],
  ['each once', [row('37, 1024, 81920'), row('37, 1024, 81920')], 0, [a100]],
  [
    'nothing of an empty output',
    [],
    0,
    [{ ...nothing, id: '0000:07:00.0', name: 'NVIDIA GPU', reason: 'nvidia-smi printed nothing' }],
  ],
  [
    'nothing of a driver that does not know a field',
    ['Field "uuid" is not a valid field to query.'],
    2,
    [
      {
        ...nothing,
        id: '0000:07:00.0',
        name: 'NVIDIA GPU',
        reason: 'nvidia-smi: Field "uuid" is not a valid field to query.',
      },
    ],
  ],
]
describe('nvidia-smi is read for', () => {
  test.each(tables)('%s', async (_, lines, exitCode, gpus) => {
    expect(
      await listGpus(withNvidia, `${[...lines.map(line => print(line)), `exit ${exitCode}`].join('; ')}`),
    ).toEqual(gpus)
  })

  test('what it printed before it hangs, but for half a line', async () => {
    const half = row('3', { uuid: 'GPU-2' })
    const script = `${print(row('37, 1024, 81920'))}; printf '%s' '${half}'; sleep 60`
    expect(await listGpus(withNvidia, script)).toEqual([a100])
  })

  test('one query of all fields', async () => {
    const machine = await createGpuBench(withNvidia, {
      smi: `echo "$*" >>"$(dirname "$0")/calls"; ${print(row('37, 1024, 81920'))}`,
    })
    await machine.measure()
    expect(await machine.readCalls()).toEqual([
      '--query-gpu=uuid,name,driver_version,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw,enforced.power.limit --format=csv,noheader,nounits',
    ])
  })
})

test('a container that was not given the device says so', async () => {
  const machine = { pci: { '0000:07:00.0': nvidia }, files: { '/.dockerenv': '' } }
  const [gpu] = await listGpus(machine, print(row('1, 2, 3')))
  expect(gpu).toMatchObject({
    id: '0000:07:00.0',
    utilization: null,
    reason: expect.stringMatching(/not in this container/),
  })
})

const information = {
  '/proc/driver/nvidia/version': 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.216.01  Tue Sep 17\n',
  '/proc/driver/nvidia/gpus/0000:07:00.0/information':
    'Model: \t\t NVIDIA A100-SXM4-80GB\nGPU UUID: \t GPU-1\nDevice Minor: \t 0\n',
}

test('a GPU whose driver hangs is named by the kernel, and has no numbers', async () => {
  const machine = { ...withNvidia, files: { ...withNvidia.files, ...information } }
  expect(await listGpus(machine, 'sleep 60')).toEqual([
    {
      ...nothing,
      id: 'GPU-1',
      name: 'NVIDIA A100-SXM4-80GB',
      driver: '535.216.01',
      reason: 'nvidia-smi did not respond within 3 s',
    },
  ])
})

test('a GPU that is asleep is not asked, and has no numbers', async () => {
  const bench = await createGpuBench(
    { ...withNvidia, pci: { '0000:07:00.0': asleep } },
    { smi: `echo started >>"$(dirname "$0")/calls"; ${print(row('1, 2, 3'))}` },
  )
  expect(toGpus(await bench.measure())).toEqual([
    {
      ...nothing,
      id: '0000:07:00.0',
      name: 'NVIDIA GPU',
      reason: 'its NVIDIA GPU is asleep, and not woken',
    },
  ])
  expect(await bench.readCalls()).toEqual([])
})

test('a GPU stays the same one when it stops to respond', async () => {
  const bench = await createGpuBench(withNvidia, { smi: print(row('37, 1024, 81920')) })
  expect(toGpus(await bench.measure())).toEqual([a100])
  await bench.setTool('echo "Unable to determine the device handle"; exit 255')
  const { id, name, driver, memory_total_bytes } = a100
  const reason = 'nvidia-smi: Unable to determine the device handle'
  expect(toGpus(await bench.measure())).toEqual([
    { ...nothing, id, name, driver, memory_total_bytes, reason },
  ])
})

describe('amdgpu is read for', () => {
  const known = {
    ...nothing,
    id: '0000:03:00.0',
    name: 'AMD GPU',
    memory_total_bytes: 4,
    memory_used_bytes: 1,
    utilization: 42,
    reason: null,
  }
  const busy = { gpu_busy_percent: '42\n', ...vram(1, 4) }
  const sensors = {
    'hwmon/hwmon3/name': 'amdgpu\n',
    'hwmon/hwmon3/temp1_input': '45000\n',
    'hwmon/hwmon3/power1_cap': '303000000\n',
  }
  const found: [what: string, attributes: Record<string, string>, gpu: object][] = [
    ['its use, without sensors', busy, known],
    [
      'temperature and power',
      { ...busy, ...sensors, 'hwmon/hwmon3/power1_average': '35123456\n' },
      { ...known, temperature_c: 45, power_w: 35.123, power_limit_w: 303 },
    ],
    [
      'the power of a driver that has no average',
      { ...busy, ...sensors, 'hwmon/hwmon3/power1_input': '7000000\n' },
      { ...known, temperature_c: 45, power_w: 7, power_limit_w: 303 },
    ],
    [
      'its name, where the card has one',
      { ...busy, product_name: 'Radeon PRO W7900\n' },
      { ...known, name: 'Radeon PRO W7900' },
    ],
    ['no text as a number', { ...busy, gpu_busy_percent: 'nan\n' }, { ...known, utilization: null }],
    [
      'nothing, with the reason',
      {},
      {
        ...nothing,
        id: known.id,
        name: known.name,
        reason: 'the driver of its AMD GPU does not report it',
      },
    ],
    [
      'no numbers of one that is asleep',
      { ...busy, ...sensors, 'power/runtime_status': 'suspended\n' },
      {
        ...nothing,
        id: known.id,
        name: known.name,
        memory_total_bytes: 4,
        reason: 'its AMD GPU is asleep, and not woken',
      },
    ],
  ]
  test.each(found)('%s', async (_, attributes, gpu) => {
    expect(await listGpus({ pci: { '0000:03:00.0': amd(attributes) } })).toEqual([gpu])
  })

  test('no more than once while it hangs', async () => {
    let reads = 0
    const bench = await createGpuBench(
      { pci: { '0000:03:00.0': amd(busy) } },
      {
        onRead: path => {
          if (!path.endsWith('gpu_busy_percent')) return undefined
          reads += 1
          return new Promise(() => undefined)
        },
      },
    )
    for (let round = 0; round < 2; round++) {
      expect(toGpus(await bench.measure())).toEqual([
        {
          ...nothing,
          id: known.id,
          name: known.name,
          reason: 'the driver of its AMD GPU did not respond within 1 s',
        },
      ])
    }
    expect(reads).toBe(1)
  })
})

test('memory of all GPUs is known in bytes, too', async () => {
  const smi = print(row('1, 1024, 4096'), row('1, 0, 4096', { uuid: 'GPU-2' }))
  const samples = await (await createGpuBench(withNvidia, { smi })).measure()
  expect(samples.get('metric/gpu_memory_percent')).toMatchObject({
    value: 12.5,
    amount: { used_bytes: 2 ** 30, total_bytes: 2 ** 33 },
  })
})
