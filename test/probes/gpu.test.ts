import { readFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Finding, ProbeCache, ProbeMode } from '../../src/core/probe.ts'
import { gpuProbe } from '../../src/probes/gpu.ts'
import { createMachine, type KernelTree, type PciDevice } from '../support/kernel-tree.ts'
import { createMemoryCache, createProbeContext, createTarget } from '../support/probe-context.ts'
import { writeScript } from '../support/script.ts'
import type { TestHost } from '../support/test-host.ts'

// What the tools print, as their users reported it:
// nvidia-a100*: DataDog/datadog-agent#33120 · nvidia-gb10: unslothai/unsloth#10703, leptonai/gpud#1170
// nvidia-not-loaded, exit codes: nvidia-smi(1), "RETURN VALUE" · nvidia-mismatch: exit 18 since driver 535
// nvidia-information: NVIDIA/nvidia-container-toolkit, info of a V100 · rocm-smi: marimo-team/marimo#9237,
// sebhildebrandt/systeminformation#960 · rocm-smi-5: easybuilders/easybuild-framework#3978
// amd-smi: ROCm/rocm-systems#2987 · system-profiler-m1: pytorch/serve, AppleUtilTest
const fixtures = nodePath.join(import.meta.dirname, 'fixtures/gpu')
const print = (name: string) => `cat '${nodePath.join(fixtures, name)}'`

const nvidia: PciDevice = { vendor: '0x10de', device: '0x20b2', class: '0x030200', driver: 'nvidia' }
const amd: PciDevice = { vendor: '0x1002', device: '0x744c', driver: 'amdgpu' }
const intel: PciDevice = { vendor: '0x8086', device: '0x9a49', driver: 'i915' }

const module535 =
  'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.216.01  Tue Sep 17 16:54:04 UTC 2024\nGCC version:\n'
const loaded = { '/proc/driver/nvidia/version': module535, '/dev/nvidia0': '', '/dev/nvidiactl': '' }
const a100: KernelTree = { pci: { '0000:07:00.0': nvidia }, files: loaded }

interface Run {
  tools?: Record<string, string>
  mode?: ProbeMode
  cache?: ProbeCache
  timeoutMs?: number
}

/** Looks for GPUs on a machine where only these tools are installed. */
async function look(
  machine: KernelTree | TestHost,
  run: Run = {},
): Promise<{ finding: Finding; started: string[] }> {
  const host = 'fs' in machine ? machine : await createMachine(machine)
  const bin = nodePath.join(host.directory, 'bin')
  for (const [name, script] of Object.entries(run.tools ?? {}))
    await writeScript(nodePath.join(bin, name), script)
  const withPath = { ...host, env: { ...host.env, PATH: bin } }
  const context = await createProbeContext(withPath, {
    ...(run.mode && { mode: run.mode }),
    ...(run.cache && { cache: run.cache }),
  })
  const started: string[] = []
  const finding = await gpuProbe.detect(createTarget({ kind: 'gpu', timeoutMs: run.timeoutMs ?? 20_000 }), {
    ...context,
    run: (argv, options) => {
      started.push([nodePath.basename(argv[0]), argv[1]].join(' '))
      return context.run(argv, { ...options, env: { PATH: '/usr/bin:/bin' } })
    },
  })
  return { finding, started }
}

/** A machine whose kernel shows no devices, as in some sandboxes and outside of Linux. */
async function createBlindMachine(): Promise<TestHost> {
  const host = await createMachine({})
  const list = async (path: string) => {
    if (path.startsWith('/sys/')) throw new Error('not shown')
    return host.fs.list(path)
  }
  return { ...host, fs: { ...host.fs, list } }
}

async function find(machine: KernelTree | TestHost, run: Run = {}): Promise<Finding> {
  return (await look(machine, run)).finding
}

describe('what counts as a GPU', () => {
  test('without any, it is absent', async () => {
    expect(await find({})).toEqual({
      status: 'absent',
      path: null,
      version: null,
      evidence: null,
      reason: 'there is no GPU',
    })
  })

  test.each([
    ['virtio', '0x1af4'],
    ['VMware', '0x15ad'],
    ['QXL', '0x1b36'],
    ['Bochs', '0x1234'],
    ['Hyper-V', '0x1414'],
    ['a baseboard controller', '0x1a03'],
  ])('the adapter of %s does not', async (_name, vendor) => {
    expect(await find({ pci: { '0000:00:02.0': { vendor, device: '0x1050' } } })).toMatchObject({
      status: 'absent',
    })
  })

  test.each([
    ['an NVIDIA sound device', { ...nvidia, class: '0x040300' }],
    ['an Intel NPU', { ...intel, class: '0x120000' }],
    ['a virtual function of a card that is here', { ...amd, attributes: { physfn: '' } }],
  ])('%s does not', async (_name, device) => {
    expect(await find({ pci: { '0000:00:02.0': device } })).toMatchObject({ status: 'absent' })
  })

  test('an AMD Instinct card does, though its class is that of an accelerator', async () => {
    const finding = await find({ pci: { '0000:85:00.0': { ...amd, device: '0x74a1', class: '0x120000' } } })
    expect(finding).toMatchObject({ status: 'present', details: { type: 'amd', count: 1 } })
  })

  test('one that is set aside for virtual machines does not, and the reason says so', async () => {
    const finding = await find({ pci: { '0000:01:00.0': { ...nvidia, driver: 'vfio-pci' } } })
    expect(finding.status).toBe('absent')
    expect(finding.reason).toBe('the GPU at 0000:01:00.0 is set aside for virtual machines (vfio-pci)')
  })

  test('one without a driver is broken', async () => {
    const { driver: _driver, ...unbound } = nvidia
    const finding = await find({ pci: { '0000:01:00.0': unbound } })
    expect(finding).toMatchObject({
      status: 'broken',
      reason: 'no driver is loaded for the GPU at 0000:01:00.0',
    })
    expect(finding.details).toMatchObject({ gpus: [{ vendor: 'nvidia', address: '0000:01:00.0' }] })
  })

  test('one that only the graphics system shows does', async () => {
    const files = {
      '/sys/class/drm/card1/device/vendor': '0x8086\n',
      '/sys/class/drm/card1/device/class': '0x030000\n',
      '/sys/class/drm/card1/device/device': '0x9a49\n',
      '/sys/class/drm/card1-eDP-1/status': 'connected\n',
    }
    const host = await createMachine({ files })
    const fs = {
      ...host.fs,
      list: (path: string) =>
        path === '/sys/bus/pci/devices' ? Promise.reject(new Error('not shown')) : host.fs.list(path),
    }
    // Nothing says which driver it has, as in a sandbox that hides links.
    expect(await find({ ...host, fs })).toMatchObject({
      status: 'broken',
      details: { gpus: [{ vendor: 'intel' }] },
    })
  })
})

describe('NVIDIA', () => {
  test('is told by nvidia-smi', async () => {
    const { finding, started } = await look(a100, { tools: { 'nvidia-smi': print('nvidia-a100.csv') } })
    expect(finding).toMatchObject({
      status: 'present',
      path: expect.stringMatching(/\/nvidia-smi$/),
      version: '535.216.01',
      evidence: 'command',
      reason: null,
    })
    expect(finding.details).toEqual({
      type: 'nvidia',
      count: 1,
      version_raw: '535.216.01',
      gpus: [
        {
          vendor: 'nvidia',
          name: 'NVIDIA A100-SXM4-80GB',
          memory_mib: 81920,
          driver: 'nvidia',
          uuid: 'GPU-7fdaf0a5-179b-f636-d15d-daf243e3ff16',
          address: '0000:07:00.0',
        },
      ],
    })
    expect(started).toHaveLength(1)
  })

  test('without the tool is told by the kernel', async () => {
    const text = await readFile(nodePath.join(fixtures, 'nvidia-information.txt'), 'utf8')
    const files = { ...loaded, '/proc/driver/nvidia/gpus/0000:07:00.0/information': text }
    expect(await find({ ...a100, files })).toMatchObject({
      status: 'present',
      path: '/sys/bus/pci/devices/0000:07:00.0',
      version: '535.216.01',
      evidence: 'sysfs',
      reason: null,
      details: {
        type: 'nvidia',
        count: 1,
        gpus: [{ name: 'Tesla V100-SXM2-16GB', uuid: 'GPU-edfee158-11c1-52b8-0517-92f30e7fac88' }],
      },
    })
  })

  test('with an open kernel module tells its version as well', async () => {
    const version =
      'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  555.42.06  Release Build  (abuild@host)\n'
    const files = { ...loaded, '/proc/driver/nvidia/version': version }
    expect(await find({ ...a100, files })).toMatchObject({ version: '555.42.06' })
  })

  test('is not asked for where there is none: the tool alone is no GPU', async () => {
    const { finding, started } = await look({}, { tools: { 'nvidia-smi': print('nvidia-not-loaded.txt') } })
    expect(finding).toMatchObject({
      status: 'absent',
      reason: 'nvidia-smi is installed, but there is no NVIDIA GPU',
    })
    expect(started).toEqual([])
  })

  test.each([
    ['a driver that is not loaded', 'nvidia-not-loaded.txt', 9, 'the NVIDIA driver is not loaded'],
    ['no device that it can use', 'nvidia-none.txt', 6, 'nvidia-smi finds no GPU that it can use'],
    [
      'a library of another version',
      'nvidia-mismatch.txt',
      18,
      'nvidia-smi: Failed to initialize NVML: Driver/library version mismatch',
    ],
  ])('with %s is broken where the card is there', async (_name, fixture, code, reason) => {
    const finding = await find(a100, { tools: { 'nvidia-smi': `${print(fixture)}\nexit ${code}` } })
    expect(finding).toMatchObject({ status: 'broken', reason, details: { gpus: [{ vendor: 'nvidia' }] } })
  })

  test('with a driver that is not loaded is absent where no card is seen', async () => {
    const host = await createBlindMachine()
    const tools = { 'nvidia-smi': `${print('nvidia-not-loaded.txt')}\nexit 9` }
    expect(await find(host, { tools })).toMatchObject({
      status: 'absent',
      reason: 'the NVIDIA driver is not loaded',
    })
  })

  test('with a driver that is stuck is unknown, not absent', async () => {
    const finding = await find(a100, { tools: { 'nvidia-smi': 'sleep 600' }, timeoutMs: 500 })
    expect(finding.status).toBe('unknown')
    expect(finding.reason).toBe('nvidia-smi did not answer within 0.5 s: the NVIDIA driver may be stuck')
  })

  test('with memory that it shares has none of its own', async () => {
    const finding = await find(
      { pci: { '000f:01:00.0': { ...nvidia, device: '0x2e12' } }, files: loaded },
      { tools: { 'nvidia-smi': print('nvidia-gb10.csv') } },
    )
    expect(finding).toMatchObject({ status: 'present', version: '580.126.09' })
    expect(finding.details).toMatchObject({
      gpus: [{ name: 'NVIDIA GB10', memory_mib: null, unified_memory: true, address: '000f:01:00.0' }],
    })
  })

  test.each(['[N/A]', '[Not Supported]', '[Unknown Error]', 'N/A'])(
    'with memory of %s leaves it out',
    async cell => {
      const line = `GPU-1, 00000000:07:00.0, ${cell}, 535.216.01, ${cell}, NVIDIA A40`
      const finding = await find(a100, { tools: { 'nvidia-smi': `echo '${line}'` } })
      expect(finding.details).toMatchObject({ count: 1, gpus: [{ name: 'NVIDIA A40', memory_mib: null }] })
      expect(JSON.stringify(finding.details)).not.toContain('unified')
    },
  )

  test('in MIG mode lists the parts, and counts the GPU', async () => {
    const script = `if [ "$1" = -L ]; then ${print('nvidia-a100-mig-list.txt')}; else ${print('nvidia-a100-mig.csv')}; fi`
    const { finding, started } = await look(a100, { tools: { 'nvidia-smi': script } })
    expect(finding.details).toMatchObject({
      count: 1,
      gpus: [
        {
          mig: [
            { profile: '1g.10gb', uuid: 'MIG-feb88891-0321-5fef-9c87-d4af3b54259e' },
            { profile: '1g.10gb', uuid: 'MIG-a25704ba-3a06-5299-a795-fd7cf4d13973' },
          ],
        },
      ],
    })
    expect(started).toHaveLength(2)
  })

  test('with a driver that knows no MIG is asked again without it', async () => {
    const script = `case "$1" in
      *mig*) echo 'Field "mig.mode.current" is not a valid field to query.'; exit 2 ;;
      *) echo 'GPU-1, 00000000:07:00.0, 16160, 418.87.00, Tesla V100-SXM2-16GB' ;;
    esac`
    const finding = await find(a100, { tools: { 'nvidia-smi': script } })
    expect(finding).toMatchObject({ status: 'present', version: '418.87.00' })
    expect(finding.details).toMatchObject({ gpus: [{ name: 'Tesla V100-SXM2-16GB', memory_mib: 16160 }] })
  })

  test('of a Jetson is on no bus', async () => {
    expect(await find({ files: { '/dev/nvhost-gpu': '' } })).toMatchObject({
      status: 'present',
      evidence: 'sysfs',
      details: { type: 'nvidia', count: 1, gpus: [{ unified_memory: true }] },
    })
  })

  test('of Windows is told by its tool in WSL', async () => {
    const wsl = { files: { '/dev/dxg': '' }, pci: { '0000:00:08.0': { vendor: '0x1414', device: '0x008e' } } }
    const finding = await find(wsl, { tools: { 'nvidia-smi': print('nvidia-a100.csv') } })
    expect(finding).toMatchObject({ status: 'present', details: { type: 'nvidia' } })
    expect((await find(wsl)).reason).toContain('/dev/dxg')
  })
})

describe('a container', () => {
  const inside = { '/.dockerenv': '' }

  test.each([
    ['NVIDIA', '/dev/nvidia*', nvidia],
    ['AMD', '/dev/dri', amd],
    ['Intel', '/dev/dri', intel],
  ])('without the device files has no %s GPU, though the kernel shows it', async (vendor, node, device) => {
    const files = { ...inside, '/proc/driver/nvidia/version': module535 }
    const finding = await find({ pci: { '0000:07:00.0': device }, files })
    expect(finding.status).toBe('absent')
    expect(finding.reason).toContain(`this machine has an ${vendor} GPU`)
    expect(finding.reason).toContain(node)
  })

  test.each([
    ['NVIDIA', '/dev/nvidia0', nvidia],
    ['AMD', '/dev/dri/renderD128', amd],
    ['Intel', '/dev/dri/renderD128', intel],
  ])('with the device files has the %s GPU', async (_vendor, node, device) => {
    const finding = await find({ pci: { '0000:07:00.0': device }, files: { ...inside, [node]: '' } })
    expect(finding).toMatchObject({ status: 'present', details: { count: 1 } })
  })

  test('that was given one of two GPUs has one', async () => {
    const information = (minor: number) => `Model: \t\t Tesla V100-SXM2-16GB\nDevice Minor: \t ${minor}\n`
    const files = {
      ...inside,
      '/dev/nvidia1': '',
      '/proc/driver/nvidia/gpus/0000:07:00.0/information': information(0),
      '/proc/driver/nvidia/gpus/0000:08:00.0/information': information(1),
    }
    const finding = await find({ pci: { '0000:07:00.0': nvidia, '0000:08:00.0': nvidia }, files })
    expect(finding.details).toMatchObject({ count: 1, gpus: [{ address: '0000:08:00.0' }] })
  })

  test.each([
    ['podman', { files: { '/run/.containerenv': '' } }],
    ['systemd', { host: { env: { container: 'systemd-nspawn' } } }],
    ['Kubernetes', { host: { env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' } } }],
  ])('of %s is one', async (_name, machine) => {
    expect(await find({ pci: { '0000:00:02.0': intel }, ...machine })).toMatchObject({ status: 'absent' })
  })
})

describe('AMD', () => {
  const tree: KernelTree = { pci: { '0000:c4:00.0': amd } }

  test('without a tool is told by the kernel, memory and all', async () => {
    const attributes = { mem_info_vram_total: '21458059264\n', product_name: 'Radeon RX 7900 XT\n' }
    const machine = {
      pci: { '0000:c4:00.0': { ...amd, attributes } },
      files: { '/sys/module/amdgpu/version': '6.10.5\n' },
    }
    expect(await find(machine)).toMatchObject({
      status: 'present',
      path: '/sys/bus/pci/devices/0000:c4:00.0',
      version: '6.10.5',
      evidence: 'sysfs',
      details: {
        type: 'amd',
        count: 1,
        gpus: [{ name: 'Radeon RX 7900 XT', memory_mib: 20464, driver: 'amdgpu' }],
      },
    })
  })

  test.each([
    ['rocm-smi', 'rocm-smi.json', 'Radeon RX 7900 XT', 20464, '6.1.0'],
    ['amd-smi', 'amd-smi.json', 'AMD Instinct MI300X', 196592, '6.10.5'],
    ['amd-smi', 'amd-smi-7.json', 'AMD Instinct MI350X', null, '6.18.3'],
  ])('is told by %s (%s)', async (tool, fixture, name, memory_mib, version) => {
    const finding = await find(tree, { tools: { [tool]: print(fixture) } })
    expect(finding).toMatchObject({ status: 'present', evidence: 'command', version })
    expect(finding.details).toMatchObject({ type: 'amd', count: 1, gpus: [{ name, memory_mib }] })
  })

  test('is told by a rocm-smi of before ROCm 6', async () => {
    const finding = await find(tree, { tools: { 'rocm-smi': print('rocm-smi-5.json') } })
    expect(finding.details).toMatchObject({
      count: 2,
      gpus: [{ name: 'Arcturus GL-XL [AMD Instinct MI100]' }, {}],
    })
  })

  test('is told by amd-smi where rocm-smi says nothing', async () => {
    const tools = { 'rocm-smi': "echo 'WARNING: No JSON data to report'", 'amd-smi': print('amd-smi.json') }
    expect((await find(tree, { tools })).details).toMatchObject({ gpus: [{ name: 'AMD Instinct MI300X' }] })
  })

  test('is told by the kernel where its tools say nothing', async () => {
    const tools = { 'rocm-smi': 'exit 1', 'amd-smi': "echo '{]'" }
    expect(await find(tree, { tools })).toMatchObject({
      status: 'present',
      evidence: 'sysfs',
      details: { count: 1 },
    })
  })

  test('with a driver that is stuck is unknown', async () => {
    const finding = await find(tree, { tools: { 'rocm-smi': 'sleep 600' }, timeoutMs: 500 })
    expect(finding).toMatchObject({ status: 'unknown' })
    expect(finding.reason).toContain('rocm-smi did not answer within 0.5 s')
  })
})

describe('several vendors', () => {
  const pci = { '0000:00:02.0': intel, '0000:07:00.0': nvidia, '0000:c4:00.0': amd }

  test('are all listed, the count is their sum, and NVIDIA speaks for the machine', async () => {
    const tools = { 'nvidia-smi': print('nvidia-a100.csv'), 'rocm-smi': print('rocm-smi.json') }
    const finding = await find({ pci, files: loaded }, { tools })
    expect(finding).toMatchObject({
      status: 'present',
      version: '535.216.01',
      details: { type: 'nvidia', count: 3 },
    })
    expect(finding.details).toMatchObject({
      gpus: [{ vendor: 'nvidia' }, { vendor: 'amd' }, { vendor: 'intel', driver: 'i915' }],
    })
  })

  test('of which one does not work are present, with the reason', async () => {
    const tools = { 'nvidia-smi': `${print('nvidia-not-loaded.txt')}\nexit 9` }
    const finding = await find({ pci, files: loaded }, { tools })
    expect(finding).toMatchObject({ status: 'present', details: { type: 'amd', count: 2 } })
    expect(finding.reason).toContain('the NVIDIA driver is not loaded')
  })

  test('with Intel alone is of type intel, and says that its driver tells no version', async () => {
    const finding = await find({ pci: { '0000:00:02.0': intel } })
    expect(finding).toMatchObject({ status: 'present', version: null, details: { type: 'intel', count: 1 } })
    expect(finding.reason).toBe('the driver of the Intel GPU tells no version')
  })
})

describe('what is left alone', () => {
  const asleep = { ...nvidia, attributes: { 'power/runtime_status': 'suspended\n' } }
  const laptop: KernelTree = { pci: { '0000:00:02.0': intel, '0000:01:00.0': asleep }, files: loaded }

  test('a GPU that sleeps is not woken: the kernel tells that it is there', async () => {
    const { finding, started } = await look(laptop, { tools: { 'nvidia-smi': print('nvidia-a100.csv') } })
    expect(started).toEqual([])
    expect(finding).toMatchObject({
      status: 'present',
      version: '535.216.01',
      details: { type: 'nvidia', count: 2 },
    })
    expect(finding.details).toMatchObject({ gpus: [{ asleep: true }, {}] })
  })

  test('an AMD GPU that sleeps is not woken either', async () => {
    const tree = {
      pci: { '0000:01:00.0': { ...amd, attributes: { 'power/runtime_status': 'suspended\n' } } },
    }
    const { finding, started } = await look(tree, { tools: { 'rocm-smi': print('rocm-smi.json') } })
    expect(started).toEqual([])
    expect(finding).toMatchObject({ status: 'present', details: { gpus: [{ asleep: true }] } })
  })

  test('no tool is started in quick mode', async () => {
    const run: Run = { tools: { 'nvidia-smi': print('nvidia-a100.csv') }, mode: 'quick' }
    const { finding, started } = await look(a100, run)
    expect(started).toEqual([])
    expect(finding).toMatchObject({ status: 'present', evidence: 'sysfs' })
  })

  test('what only a tool could tell is unknown in quick mode', async () => {
    const tools = { 'nvidia-smi': print('nvidia-a100.csv') }
    const host = await createBlindMachine()
    expect(await find(host, { tools, mode: 'quick' })).toMatchObject({ status: 'unknown' })
  })
})

describe('what is remembered', () => {
  test('the same tool, driver and devices start no process, and quick mode knows the name', async () => {
    const cache = createMemoryCache()
    const host = await createMachine(a100)
    const tools = { 'nvidia-smi': print('nvidia-a100.csv') }
    const first = await look(host, { tools, cache })
    const second = await look(host, { cache })
    expect(second.started).toEqual([])
    expect(second.finding).toEqual(first.finding)
    expect(await find(host, { cache, mode: 'quick' })).toEqual(first.finding)
  })

  test('another driver is asked again', async () => {
    const cache = createMemoryCache()
    const tools = { 'nvidia-smi': print('nvidia-a100.csv') }
    const host = await createMachine(a100)
    await look(host, { tools, cache })
    const text = module535.replace('535.216.01', '550.54.14')
    const fs = {
      ...host.fs,
      readText: (path: string, most?: number) =>
        path === '/proc/driver/nvidia/version' ? Promise.resolve(text) : host.fs.readText(path, most),
    }
    expect((await look({ ...host, fs }, { cache })).started).toHaveLength(1)
  })

  test('a failure is not remembered', async () => {
    const cache = createMemoryCache()
    const host = await createMachine(a100)
    await look(host, { tools: { 'nvidia-smi': 'exit 9' }, cache })
    expect((await look(host, { cache })).started).toHaveLength(1)
  })
})

describe('a Mac', () => {
  const mac: KernelTree = { host: { platform: 'darwin' } }

  test('with Apple silicon is told by system_profiler', async () => {
    const finding = await find(mac, { tools: { system_profiler: print('system-profiler-m1.json') } })
    expect(finding).toMatchObject({ status: 'present', evidence: 'command', version: null })
    expect(finding.details).toEqual({
      type: 'apple',
      count: 1,
      gpus: [{ vendor: 'apple', name: 'Apple M1', memory_mib: null, unified_memory: true, cores: 7 }],
    })
  })

  test('with an Intel processor lists both GPUs', async () => {
    const finding = await find(mac, { tools: { system_profiler: print('system-profiler-intel.json') } })
    expect(finding.details).toMatchObject({
      type: 'amd',
      count: 2,
      gpus: [
        { vendor: 'amd', name: 'Radeon RX 580', memory_mib: 8192 },
        { vendor: 'intel', name: 'Intel UHD Graphics 630', memory_mib: null },
      ],
    })
  })

  test('that is a virtual machine has none', async () => {
    const json =
      '{"SPDisplaysDataType": [{"sppci_model": "Apple Paravirtual device", "spdisplays_vendor": "sppci_vendor_Apple"}]}'
    expect(await find(mac, { tools: { system_profiler: `echo '${json}'` } })).toMatchObject({
      status: 'absent',
    })
  })

  test.each([
    ['says nothing', 'echo oops', 20_000, 'system_profiler gave no list of displays'],
    ['does not answer', 'sleep 600', 500, 'system_profiler did not answer within 0.5 s'],
  ])('whose system_profiler %s is unknown', async (_name, script, timeoutMs, reason) => {
    const finding = await find(mac, { tools: { system_profiler: script }, timeoutMs })
    expect(finding).toMatchObject({ status: 'unknown', reason })
  })

  test('is asked once a day', async () => {
    const cache = createMemoryCache()
    let now = 0
    const host = await createMachine({ host: { platform: 'darwin', clock: { now: () => now } } })
    const tools = { system_profiler: print('system-profiler-m1.json') }
    expect((await look(host, { tools, cache })).started).toHaveLength(1)
    expect((await look(host, { cache })).started).toHaveLength(0)
    now = 25 * 60 * 60 * 1000
    expect((await look(host, { cache })).started).toHaveLength(1)
  })
})

test('a kernel that does not answer makes it unknown', async () => {
  const host = await createMachine({})
  const fs = { ...host.fs, list: () => new Promise<string[]>(() => {}) }
  const finding = await find({ ...host, fs })
  expect(finding.status).toBe('unknown')
  expect(finding.reason).toContain('a driver may be stuck')
})
