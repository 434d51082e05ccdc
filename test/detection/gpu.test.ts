import { readFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { gpuProbe } from '../../src/detection/gpu/gpu-probe.ts'
import type { Finding, ProbeCache, ProbeMode } from '../../src/detection/probe.ts'
import { createMemoryCache, createProbeContext, createTarget } from '../support/probe-context.ts'
import { createMachine, type KernelTree, type PciDevice } from '../support/processes/kernel-tree.ts'
import { writeScript } from '../support/processes/script.ts'
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
  /** Whether the tools count as killed at their deadline, whatever they printed by then. */
  isKilled?: boolean
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
    run: async (argv, options) => {
      started.push([nodePath.basename(argv[0]), argv[1]].join(' '))
      const result = await context.run(argv, { ...options, env: { PATH: '/usr/bin:/bin' } })
      return run.isKilled ? { ...result, outcome: 'timed-out', exitCode: null, signal: 'SIGKILL' } : result
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
  test('is reported by nvidia-smi', async () => {
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
          compute_capability: '8.0',
          uuid: 'GPU-7fdaf0a5-179b-f636-d15d-daf243e3ff16',
          address: '0000:07:00.0',
        },
      ],
    })
    expect(started).toHaveLength(1)
  })

  test('without the tool is reported by the kernel', async () => {
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

  test('with an open kernel module reports its version as well', async () => {
    const version =
      'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  555.42.06  Release Build  (abuild@host)\n'
    const files = { ...loaded, '/proc/driver/nvidia/version': version }
    expect(await find({ ...a100, files })).toMatchObject({ version: '555.42.06' })
  })

  test('is not queried where there is none: the tool alone is no GPU', async () => {
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
    expect(finding.reason).toBe('nvidia-smi did not respond within 0.5 s: the NVIDIA driver may be stuck')
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
      const line = `GPU-1, 00000000:07:00.0, ${cell}, 535.216.01, ${cell}, ${cell}, NVIDIA A40`
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

  const v100 = 'GPU-1, 00000000:07:00.0, 16160'
  const refuse = (field: string) => `echo 'Field "${field}" is not a valid field to query.'; exit 2`
  test.each([
    ['470, which knows no compute_cap', `*cap*) ${refuse('compute_cap')} ;;`, '470.223.02, [N/A],', 2],
    ['418, which knows neither', `*mig*) ${refuse('mig.mode.current')} ;;`, '418.87.00,', 2],
    ['one that names no field', '*cap*|*mig*) exit 2 ;;', '418.87.00,', 3],
  ])('with driver %s is queried again without it', async (_driver, refusal, cells, runs) => {
    const script = `case "$1" in ${refusal} *) echo '${v100}, ${cells} Tesla V100-SXM2-16GB' ;; esac`
    const { finding, started } = await look(a100, { tools: { 'nvidia-smi': script } })
    expect(finding).toMatchObject({ status: 'present', version: cells.split(',')[0] })
    expect(finding.details).toMatchObject({ gpus: [{ name: 'Tesla V100-SXM2-16GB', memory_mib: 16160 }] })
    expect(started).toHaveLength(runs)
  })

  test('of a Jetson is on no bus', async () => {
    expect(await find({ files: { '/dev/nvhost-gpu': '' } })).toMatchObject({
      status: 'present',
      evidence: 'sysfs',
      details: { type: 'nvidia', count: 1, gpus: [{ unified_memory: true }] },
    })
  })

  test('of Windows is reported by its tool in WSL', async () => {
    const wsl = { files: { '/dev/dxg': '' }, pci: { '0000:00:08.0': { vendor: '0x1414', device: '0x008e' } } }
    const finding = await find(wsl, { tools: { 'nvidia-smi': print('nvidia-a100.csv') } })
    expect(finding).toMatchObject({ status: 'present', details: { type: 'nvidia' } })
    expect((await find(wsl)).reason).toContain('/dev/dxg')
  })
})

// `nvidia-smi -h`, "RETURN VALUE": 14 is a warning about the infoROM. 255 tells of another GPU that is lost.
describe('rows of nvidia-smi', () => {
  const row = (number: number, { uuid = `GPU-${number}`, memory = '15360', name = 'Tesla T4' } = {}) =>
    `${uuid}, 00000000:0${number}:00.0, ${memory}, 535.104.05, [N/A], 7.5, ${name}`
  const warning = 'WARNING: infoROM is corrupted at gpu 0000:01:00.0'
  const lost = 'Unable to determine the device handle for GPU0000:02:00.0: GPU is lost.'
  const jetson = (uuid: string) => `${uuid}, [N/A], [N/A], 540.4.0, [N/A], 8.7, Orin (nvgpu)`

  interface Expected {
    readonly names?: readonly (string | null)[]
    readonly reason?: string | null
  }
  const rows: [what: string, output: readonly string[], end: string, expected: Expected][] = [
    [
      'with a warning behind and exit code 14',
      [row(1), warning],
      'exit 14',
      { reason: `nvidia-smi ended with exit code 14: ${warning}` },
    ],
    ['with a warning before', [warning, row(1)], 'exit 14', {}],
    ['with warnings between', [row(1), warning, '', row(2)], 'exit 14', { names: ['Tesla T4', 'Tesla T4'] }],
    ['with a remark and exit code 0', [warning, row(1)], 'exit 0', { reason: null }],
    ['with a warning on stderr', [row(1)], 'echo oops >&2', { reason: 'nvidia-smi: oops' }],
    [
      'beside a GPU that is lost, with exit code 255',
      [row(1), lost],
      'exit 255',
      { reason: `nvidia-smi ended with exit code 255: ${lost}` },
    ],
    [
      'beside the row of a GPU that is lost',
      [
        row(1),
        'GPU-2, 00000000:02:00.0, [GPU is lost], 535.104.05, [GPU is lost], [GPU is lost], [GPU is lost]',
      ],
      'exit 0',
      { reason: 'nvidia-smi reports [GPU is lost] for the GPU 0000:02:00.0' },
    ],
    [
      'beside a row of nothing but errors',
      ['[Unknown Error], 00000000:02:00.0, [Unknown Error], 535.104.05, [Unknown Error], ERR!', row(1)],
      'exit 15',
      { reason: expect.stringContaining('[Unknown Error] for the GPU 0000:02:00.0') },
    ],
    ['with exit code 9', [row(1)], 'exit 9', { reason: 'nvidia-smi ended with exit code 9' }],
    [
      'of a tool that a signal ends',
      [row(1)],
      'kill -ABRT $$',
      { reason: 'nvidia-smi was ended by SIGABRT' },
    ],
    [
      'that end like those of Windows',
      [`${row(1)}\r`, `${row(2)}\r`],
      '',
      { names: ['Tesla T4', 'Tesla T4'] },
    ],
    [
      'whose name has commas',
      [row(1, { name: 'Quadro, "RTX", 6000' })],
      '',
      { names: ['Quadro, "RTX", 6000'] },
    ],
    ['that tell of one GPU twice', [row(1), row(1), row(2)], '', { names: ['Tesla T4', 'Tesla T4'] }],
    ['that are short', ['GPU-1, 00000000:01:00.0, 15360'], '', { names: [null] }],
    ['that lack a cell', ['GPU-1, 00000000:01:00.0, 535.104.05, [N/A], Tesla T4'], '', { names: [null] }],
    ['with empty cells', ['GPU-1, , , , , , '], '', { names: [null] }],
    ['with units', [row(1, { memory: '15360 MiB' })], '', { reason: null }],
    [
      'below a header',
      ['uuid, pci.bus_id, memory.total [MiB], driver_version, mig.mode.current, name', row(1)],
      '',
      {},
    ],
    ['of a part', [row(1, { uuid: 'MIG-0b1c/1/0' })], '', {}],
    ['with a UUID of another form', [row(1, { uuid: '0123456789abcdef' })], '', {}],
    [
      'without a UUID',
      [row(1, { uuid: '[N/A]' }), row(2, { uuid: 'N/A' })],
      '',
      { names: ['Tesla T4', 'Tesla T4'] },
    ],
    ['whose UUID is an error', [row(1, { uuid: '[Unknown Error]' })], '', {}],
    ...['ffffffff-1111-5222-8333-444444444444', '[N/A]', 'N/A', '[Not Supported]', ''].map(
      (uuid): (typeof rows)[number] => [
        `of a Jetson whose UUID is "${uuid}"`,
        [jetson(uuid), jetson(uuid)],
        '',
        { names: ['Orin (nvgpu)'] },
      ],
    ),
  ]

  test.each(rows)('count %s', async (_what, output, end, { names = ['Tesla T4'], reason }) => {
    const script = `cat <<'EOF'\n${output.join('\n')}\nEOF\n${end}`
    const finding = await find(a100, { tools: { 'nvidia-smi': script } })
    expect(finding).toMatchObject({ status: 'present', ...(reason !== undefined && { reason }) })
    expect(finding.details).toMatchObject({ count: names.length, gpus: names.map(name => ({ name })) })
  })

  test.each([
    ['in full', `echo '${row(1)}'`, 'Tesla T4', 15360],
    ['in part', `printf 'GPU-1, 00000000:01:00.0, 15'`, null, null],
  ])('count %s when the tool is killed after them', async (_how, print, name, memory_mib) => {
    const finding = await find(a100, { tools: { 'nvidia-smi': print }, isKilled: true })
    expect(finding).toMatchObject({ status: 'present', reason: 'nvidia-smi did not end within 20 s' })
    expect(finding.details).toMatchObject({ count: 1, gpus: [{ name, memory_mib, address: '0000:01:00.0' }] })
  })

  test.each([
    ['prose', 'one, two, three, four, five, six, seven'],
    ['a complaint about one', 'GPU-1, has fallen off the bus'],
    ['nothing but unknown cells', '[N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A]'],
    [
      'the rows of lost GPUs alone',
      'GPU-2, 00000000:02:00.0, [GPU is lost], 535.104.05, [N/A], [GPU is lost], [GPU is lost]',
    ],
  ])('are not %s', async (_what, line) => {
    const finding = await find(a100, { tools: { 'nvidia-smi': `echo '${line}'` } })
    expect(finding).toMatchObject({ status: 'broken', version: null, evidence: null })
  })

  test('are queried again while a tool reports an error, and cached when it is over', async () => {
    const cache = createMemoryCache()
    const host = await createMachine(a100)
    await look(host, { tools: { 'nvidia-smi': `echo '${row(1)}'\nexit 14` }, cache })
    const second = await look(host, { tools: { 'nvidia-smi': `echo '${row(1)}'` }, cache })
    expect(second.started).toHaveLength(1)
    expect(second.finding.reason).toBeNull()
    expect((await look(host, { cache })).started).toEqual([])
  })

  test('that Azure numbers by domains are found by their address', async () => {
    const tools = { 'nvidia-smi': `echo 'GPU-1, 00010000:00:00.0, 1, 535.1, [N/A], 7.5, T4'` }
    expect((await find(a100, { tools })).details).toMatchObject({ gpus: [{ address: '10000:00:00.0' }] })
  })
})

describe('a Jetson', () => {
  test.each([
    ['JetPack 5', { '/dev/nvhost-gpu': '', '/dev/nvhost-ctrl-gpu': '' }],
    ['JetPack 6', { '/dev/nvgpu/igpu0/ctrl': '', '/dev/nvhost-gpu': '' }],
    ['a display', { '/dev/nvidia0': '', '/dev/nvidia1': '', '/dev/nvgpu/igpu0/ctrl': '' }],
    ['a container', { '/.dockerenv': '', '/dev/nvhost-ctrl-gpu': '' }],
  ])('with %s has one GPU, with and without a tool that knows it', async (_what, files) => {
    const gpu = { status: 'present', details: { type: 'nvidia', count: 1, gpus: [{ unified_memory: true }] } }
    expect(await find({ files })).toMatchObject(gpu)
    const print = `echo '[N/A], [N/A], [N/A], 540.4.0, [N/A], 8.7, Orin (nvgpu)'`
    expect(await find({ files }, { tools: { 'nvidia-smi': print } })).toMatchObject(gpu)
    const fails = 'echo "Failed to initialize NVML" >&2; exit 255'
    expect(await find({ files }, { tools: { 'nvidia-smi': fails } })).toMatchObject({
      ...gpu,
      reason: expect.stringContaining('Failed to initialize NVML'),
    })
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

  test('without a tool is reported by the kernel, memory and all', async () => {
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
  ])('is reported by %s (%s)', async (tool, fixture, name, memory_mib, version) => {
    const finding = await find(tree, { tools: { [tool]: print(fixture) } })
    expect(finding).toMatchObject({ status: 'present', evidence: 'command', version })
    expect(finding.details).toMatchObject({ type: 'amd', count: 1, gpus: [{ name, memory_mib }] })
  })

  test('is reported by a rocm-smi of before ROCm 6', async () => {
    const finding = await find(tree, { tools: { 'rocm-smi': print('rocm-smi-5.json') } })
    expect(finding.details).toMatchObject({
      count: 2,
      gpus: [{ name: 'Arcturus GL-XL [AMD Instinct MI100]' }, {}],
    })
  })

  test('is reported by amd-smi where rocm-smi reports nothing', async () => {
    const tools = { 'rocm-smi': "echo 'WARNING: No JSON data to report'", 'amd-smi': print('amd-smi.json') }
    expect((await find(tree, { tools })).details).toMatchObject({ gpus: [{ name: 'AMD Instinct MI300X' }] })
  })

  test('is reported by the kernel where its tools report nothing', async () => {
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
    expect(finding.reason).toContain('rocm-smi did not respond within 0.5 s')
  })
})

describe("what AMD's tools print", () => {
  const tree: KernelTree = { pci: { '0000:c4:00.0': amd, '0000:c5:00.0': amd } }
  const card = (number: number) => ({
    [`card${number}`]: { 'Card Series': `RX ${number}`, 'PCI Bus': `0000:C${3 + number}:00.0` },
  })
  const cards = { ...card(1), ...card(2), system: { 'Driver version': '6.1.0' } }
  const gpu = (number: number) => ({
    gpu: number,
    asic: { market_name: `RX ${number}` },
    bus: { bdf: `0000:C${3 + number}:00.0` },
    driver: { version: '6.1.0' },
  })
  const noise = '[WARN] {low power} "state"\n[12:30:01] [1/2] {"level": "info"}'
  const pretty = (value: unknown) => JSON.stringify(value, null, 2)

  const rows: [what: string, tool: string, output: string, count?: number][] = [
    ['with noise around it', 'rocm-smi', `${noise}\n${pretty(cards)}\n${noise}`],
    ['on the line of a warning', 'rocm-smi', `WARNING: ${JSON.stringify(cards)} done`],
    ['of two documents', 'rocm-smi', `${pretty(card(1))}\n${noise}\n${pretty(cards)}`],
    ['with a text among the cards', 'rocm-smi', pretty({ WARNING: 'low power', ...cards, note: [1] })],
    ['with an empty card', 'rocm-smi', pretty({ ...cards, card2: {} }), 1],
    ['with noise around it', 'amd-smi', `${noise}\n${pretty([gpu(1), gpu(2)])}\n${noise}`],
    ['as ROCm 7 has it, with noise', 'amd-smi', `${noise}${pretty({ gpu_data: [gpu(1), gpu(2)] })}${noise}`],
    ['of two documents', 'amd-smi', `${pretty([gpu(1)])}\n${pretty([gpu(2), gpu(1)])}`],
    [
      'with an error instead of a GPU',
      'amd-smi',
      pretty([gpu(1), { gpu: 2, error: 'lost' }, 'oops', null]),
      1,
    ],
    ['cut off', 'amd-smi', pretty([gpu(1), gpu(2), gpu(3)]).slice(0, -150)],
  ]

  test.each(rows)('%s (%s) counts, whatever the exit code', async (_what, tool, output, count = 2) => {
    const script = `cat <<'EOF'\n${output}\nEOF\necho 'group render is missing' >&2\nexit 3`
    const finding = await find(tree, { tools: { [tool]: script } })
    expect(finding).toMatchObject({ status: 'present', evidence: 'command', version: '6.1.0' })
    expect(finding.details).toMatchObject({
      count,
      gpus: [{ name: 'RX 1', address: '0000:c4:00.0' }, {}].slice(0, count),
    })
    expect(finding.reason).toMatch(`${tool} ended with exit code 3`)
    expect(finding.reason).toMatch('group render is missing')
  })

  test('counts when the tool does not end', async () => {
    const tools = { 'amd-smi': `cat <<'EOF'\n${pretty([gpu(1)])}\nEOF` }
    const finding = await find(tree, { tools, isKilled: true })
    expect(finding).toMatchObject({ status: 'present', reason: 'amd-smi did not end within 20 s' })
    // What it did not come to is there by the kernel's word.
    expect(finding.details).toMatchObject({ count: 2, gpus: [{ name: 'RX 1' }, { address: '0000:c5:00.0' }] })
  })

  test('is more than 64 KiB where cards are split into many', async () => {
    const parts = Array.from({ length: 64 }, (_, index) => ({ ...gpu(1), gpu: index, pad: 'x'.repeat(2000) }))
    const finding = await find(tree, { tools: { 'amd-smi': `cat <<'EOF'\n${pretty(parts)}\nEOF` } })
    expect(finding.details).toMatchObject({ count: 64 })
  })

  test('is of no use when nothing is in it: then the reason says so', async () => {
    const tools = { 'rocm-smi': `echo '${noise}'; exit 2`, 'amd-smi': 'echo "{"' }
    const finding = await find(tree, { tools })
    expect(finding).toMatchObject({ status: 'present', evidence: 'sysfs', details: { count: 2 } })
    expect(finding.reason).toMatch(/rocm-smi ended with exit code 2.*amd-smi lists no GPU/)
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

  test('with Intel alone is of type intel, and says that its driver reports no version', async () => {
    const finding = await find({ pci: { '0000:00:02.0': intel } })
    expect(finding).toMatchObject({ status: 'present', version: null, details: { type: 'intel', count: 1 } })
    expect(finding.reason).toBe('the driver of the Intel GPU reports no version')
  })
})

describe('what is left alone', () => {
  const asleep = { ...nvidia, attributes: { 'power/runtime_status': 'suspended\n' } }
  const laptop: KernelTree = { pci: { '0000:00:02.0': intel, '0000:01:00.0': asleep }, files: loaded }

  test('a GPU that sleeps is not woken: the kernel shows that it is there', async () => {
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

  test('another driver is queried again', async () => {
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

  test('with Apple silicon is reported by system_profiler', async () => {
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
    ['does not answer', 'sleep 600', 500, 'system_profiler did not respond within 0.5 s'],
  ])('whose system_profiler %s is unknown', async (_name, script, timeoutMs, reason) => {
    const finding = await find(mac, { tools: { system_profiler: script }, timeoutMs })
    expect(finding).toMatchObject({ status: 'unknown', reason })
  })

  test('is read with noise around the JSON, a list that holds other things, and any exit code', async () => {
    const display =
      '{"sppci_model": "Apple M2", "spdisplays_vendor": "sppci_vendor_Apple", "sppci_cores": 10}'
    const json = `{"SPDisplaysDataType": [7, {"sppci_model": null}, ${display}]}`
    const script = `echo '2026-01-01 system_profiler[1:2] {x}'; echo '${json}'; echo '[done]'; echo late >&2; exit 1`
    const finding = await find(mac, { tools: { system_profiler: script } })
    expect(finding.details).toMatchObject({ count: 1, gpus: [{ name: 'Apple M2', cores: 10 }] })
    expect(finding.reason).toMatch('system_profiler ended with exit code 1: late')
  })

  test('is reported by what was printed before the deadline', async () => {
    const tools = { system_profiler: print('system-profiler-m1.json') }
    const finding = await find(mac, { tools, isKilled: true })
    expect(finding).toMatchObject({ status: 'present', details: { gpus: [{ name: 'Apple M1' }] } })
    expect(finding.reason).toMatch('system_profiler did not end within 20 s')
  })

  test('is queried once a day', async () => {
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
