import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { createGpuMeasure } from '../../../src/dashboard/model/measures/index.ts'
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

async function measure(machine: KernelTree, smi?: string, unit: string | undefined = '%') {
  const host = await createMachine(machine)
  const bin = nodePath.join(host.directory, 'bin')
  // The script's own programs come after it.
  if (smi !== undefined) await writeScript(nodePath.join(bin, 'nvidia-smi'), `PATH=/usr/bin:/bin\n${smi}`)
  const withPath = { ...host, env: { ...host.env, PATH: bin } }
  const { home, snapshot } = await createDashboardHome(
    { system: { gpu_utilization: metric({ unit }), gpu_memory_percent: metric({ unit }) } },
    { host: withPath },
  )
  const samples = await createGpuMeasure({ home, isDeep: false }, withPath)(snapshot)
  const of = (id: string) => {
    const sample = samples.get(`metric/${id}`)
    return sample && 'reason' in sample ? sample.reason : sample?.value
  }
  return [of('gpu_utilization'), of('gpu_memory_percent')]
}

const asleep = { ...nvidia, attributes: { 'power/runtime_status': 'suspended\n' } }
const untold = 'nvidia-smi does not tell it of this GPU'
const rows: [what: string, machine: KernelTree, smi: string | undefined, found: readonly unknown[]][] = [
  ['an NVIDIA GPU', withNvidia, 'echo "37, 1024, 4096"', [37, 25]],
  ['a GPU that does nothing', withNvidia, 'echo "0, 0, 4096"', [0, 0]],
  ['two as one', withNvidia, 'echo "100, 100, 100"; echo "0, 0, 300"', [50, 25]],
  ['one that shares its memory', withNvidia, 'echo "12, [N/A], [N/A]"', [12, untold]],
  ['one in MIG mode', withNvidia, 'echo "[N/A], 20, 80"', [untold, 25]],
  ['a GPU with a warning', withNvidia, 'echo "WARNING: a, b, c"; echo "37, 1024, 4096"; exit 14', [37, 25]],
  [
    'one beside one that is lost',
    withNvidia,
    'echo "37 %, 1 MiB, 4 MiB"; echo "[GPU is lost], [GPU is lost], [GPU is lost]"; exit 255',
    [37, 25],
  ],
  [
    'a tool that fails',
    withNvidia,
    'echo "Failed to initialize NVML: Driver/library version mismatch"; exit 18',
    Array(2).fill('nvidia-smi: Failed to initialize NVML: Driver/library version mismatch'),
  ],
  ['a tool that says something else', withNvidia, 'echo hello', Array(2).fill('nvidia-smi: hello')],
  ['a GPU without its tool', withNvidia, undefined, Array(2).fill('there is no nvidia-smi that would tell')],
  [
    'a GPU that sleeps',
    { ...withNvidia, pci: { '0000:07:00.0': asleep } },
    'echo "1, 2, 3"',
    Array(2).fill('its NVIDIA GPU is asleep, and not woken'),
  ],
  ['a tool without a GPU', {}, 'echo "1, 2, 3"', Array(2).fill('there is no GPU')],
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
    Array(2).fill('the driver of its AMD GPU does not tell'),
  ],
  [
    'an Intel GPU',
    { pci: { '0000:00:02.0': intel } },
    undefined,
    Array(2).fill('its Intel GPU does not tell'),
  ],
]
test.each(rows)('%s', async (_, machine, smi, found) => {
  expect(await measure(machine, smi)).toEqual(found)
})

test('a container that was not given the device is told so', async () => {
  const machine = { pci: { '0000:07:00.0': nvidia }, files: { '/.dockerenv': '' } }
  expect((await measure(machine, 'echo "1, 2, 3"'))[0]).toMatch(/not in this container/)
})

test('a tool that hangs costs three seconds, and is told of', async () => {
  expect((await measure(withNvidia, 'sleep 60'))[0]).toBe('nvidia-smi did not respond within 3 s')
})
