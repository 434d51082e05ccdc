import { access, mkdir } from 'node:fs/promises'
import nodePath from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findKnownNode, loadGraph } from '../../src/graph/load-graph.ts'
import { toSigns } from '../../src/lib/terminal/signs.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { estimateFit, type MemoryFacts, type ModelWeights } from '../../src/readiness/estimate-fit.ts'
import { explain } from '../../src/readiness/explain.ts'
import { renderExplanation } from '../../src/readiness/render-explanation.ts'
import { localProvider, runtimeModel, upWith } from '../support/homes/local-home.ts'
import { type HomeTexts, soundDay, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createMachine, type PciDevice } from '../support/processes/kernel-tree.ts'
import { writeScript } from '../support/processes/script.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const card: PciDevice = { vendor: '0x10de', device: '0x2684', driver: 'nvidia' }
const radeon: PciDevice = {
  vendor: '0x1002',
  device: '0x744c',
  driver: 'amdgpu',
  attributes: { mem_info_vram_total: '25753026560\n', mem_info_vram_used: '1073741824\n' },
}

interface Machine {
  /** What `nvidia-smi --query-gpu=memory.free,mig.mode.current` prints; without it there is no card. */
  readonly smi?: string
  readonly pci?: PciDevice | null
  /** Available memory of the processor, in bytes. */
  readonly memory: number | null
  readonly files?: Record<string, string>
}

const llama = {
  provider: 'acme',
  context_tokens: 8192,
  capabilities: [],
  parameters_b: 8,
  variants: [{ quantization: 'Q4_K_M', file_bytes: 4_920_000_000 }],
}

function explainModel(model: object, machine: Machine) {
  return explainIn({ ...soundTexts, models: JSON.stringify({ llama: model }) }, 'models/llama', machine)
}

async function explainIn(texts: HomeTexts, name: string, { smi, pci, memory, files = {} }: Machine) {
  const device = pci === undefined ? (smi === undefined ? null : card) : pci
  const nodes = device === card ? { '/dev/nvidia0': '' } : {}
  const machine = await createMachine({
    ...(device && { pci: { '0000:01:00.0': device } }),
    files: { ...nodes, ...files },
  })
  const bin = nodePath.join(machine.directory, 'bin')
  if (smi !== undefined) await writeScript(nodePath.join(bin, 'nvidia-smi'), smi)
  const directory = nodePath.join(machine.directory, 'home')
  await mkdir(directory)
  await writeHome(directory, texts)
  const availableBytes = memory ?? 0
  const measured = memory === null ? null : { availableBytes, totalBytes: availableBytes * 2 }
  const host = {
    ...machine,
    env: { ...machine.env, PATH: `${bin}:/usr/bin:/bin` },
    clock: { ...machine.clock, now: () => Date.parse(soundDay) },
    measureMachine: async (place: string) => ({ ...(await machine.measureMachine(place)), memory: measured }),
  }
  const { node, ...known } = await findKnownNode(name, await loadGraph(directory, host), host)
  return explain(node, { home: { directory, origin: 'default' }, ...known }, host)
}

const GB = 1e9
const free = (...cells: string[]) => cells.map(cell => `echo '${cell}'`).join('\n')

// By hand: 4.92 GB of weights, 8192 tokens of 302,843 bytes (2.48 GB), 768 MiB of overhead: 8.2 GB.
const rows: [what: string, machine: Machine, expected: Record<string, unknown>][] = [
  [
    'a GPU with 24 GB free',
    { smi: free('24000, [N/A]'), memory: 8 * GB },
    { verdict: 'fits', where: 'gpu', gpu_share: 1, reason: null },
  ],
  [
    'two GPUs with 5 GB each',
    { smi: free('5000, [N/A]', '5000, [N/A]'), memory: 8 * GB },
    { verdict: 'fits', where: 'gpus', gpu_share: 1 },
  ],
  [
    'a GPU with 4 GB free',
    { smi: free('4096, [N/A]'), memory: 16 * GB },
    { verdict: 'partly', where: 'gpu and memory', gpu_share: 0.52, context_tokens_that_fit: 0 },
  ],
  [
    'a GPU with 7 GB free, which hold all of a shorter context',
    { smi: free('7000, [N/A]'), memory: 16 * GB },
    { verdict: 'partly', where: 'gpu and memory', gpu_share: 0.89, context_tokens_that_fit: 5331 },
  ],
  [
    'an AMD GPU with 24 GB free',
    { pci: radeon, memory: 8 * GB, files: { '/dev/dri/renderD128': '' } },
    { verdict: 'fits', where: 'gpu' },
  ],
  ['no GPU, and 16 GB of memory', { memory: 16 * GB }, { verdict: 'fits', where: 'memory', gpu_share: 0 }],
  [
    'no GPU, and 4 GB of memory',
    { memory: 4 * GB },
    { verdict: 'does not fit', where: null, gpu_share: 0, context_tokens_that_fit: 0 },
  ],
  [
    'a control group that allows 4 GB',
    {
      memory: 64 * GB,
      files: { '/sys/fs/cgroup/memory.max': '5000000000\n', '/sys/fs/cgroup/memory.current': '1000000000\n' },
    },
    { verdict: 'does not fit', where: null },
  ],
  [
    'an nvidia-smi that fails, and little memory',
    { smi: 'echo "Failed to initialize NVML: Unknown Error"; exit 255', memory: 4 * GB },
    {
      verdict: null,
      where: null,
      gpu_share: null,
      reason: 'nvidia-smi does not report free memory: Failed to initialize NVML: Unknown Error',
    },
  ],
  [
    'an nvidia-smi that fails, and enough memory',
    { smi: 'exit 9', memory: 16 * GB },
    { verdict: 'fits', where: 'memory', gpu_share: null },
  ],
  [
    'a GPU in MIG mode, and little memory',
    { smi: free('80000, Enabled'), memory: 4 * GB },
    { verdict: null, reason: 'the memory of a GPU in MIG mode is divided among its instances' },
  ],
  [
    'a GPU that shares the memory of the processor',
    { smi: free('[N/A], [N/A]'), memory: 16 * GB },
    { verdict: 'fits', where: 'memory' },
  ],
  [
    'memory that is not known',
    { memory: null },
    { verdict: null, reason: 'the available memory of this machine is not known' },
  ],
]

describe('whether a model fits', () => {
  test.each(rows)('on a machine with %s', async (_what, machine, expected) => {
    const { fit } = await explainModel(llama, machine)
    expect(fit?.estimate).toBe(true)
    expect(fit?.variants).toHaveLength(1)
    expect(fit?.variants[0]).toMatchObject({
      variant: 'Q4_K_M',
      weights_bytes: 4_920_000_000,
      context_tokens: 8192,
      ...expected,
    })
  })

  test('is printed as an estimate, with what was assumed', async () => {
    const { explanation, search, fit } = await explainModel(llama, {
      smi: free('4096, [N/A]'),
      memory: 16 * GB,
    })
    const text = renderExplanation(
      { explanation, search, fit, now: 0 },
      {
        style: await createStyle({ stream: { isTerminal: false }, env: {}, color: false }),
        signs: toSigns({}),
        width: undefined,
      },
    )
    expect(text).toContain(
      'fit Q4_K_M fits partly into GPU and memory together (52 % in the GPU): it needs about 7.6 GiB for 4.6 GiB of weights and a context of 8192 tokens',
    )
    expect(text).toContain('estimate the context is computed from the number of parameters')
  })

  test('is not estimated without weights', async () => {
    const { parameters_b: _p, variants: _v, ...hosted } = llama
    expect((await explainModel(hosted, { memory: 16 * GB })).fit).toBeUndefined()
  })

  test('starts no nvidia-smi where there is no sign of a GPU', async () => {
    const mark = nodePath.join(await temporaryDirectory(), 'started')
    const { fit } = await explainModel(llama, { smi: `touch '${mark}'`, pci: null, memory: 16 * GB })
    expect(fit?.gpu_free_bytes).toEqual([])
    await expect(access(mark)).rejects.toThrow('ENOENT')
  })
})

describe('a model of a local runtime', () => {
  /** What `explain` says of it, on a machine without a GPU. */
  const explainLocal = (more: object) => {
    const ollama = localProvider('ollama', 11_434, upWith([runtimeModel('llama3.2:latest', more)]))
    const texts = { ...soundTexts, providers: JSON.stringify({ ollama }) }
    return explainIn(texts, 'models/ollama/llama3.2', { memory: 16 * GB })
  }

  test('is compared by what the runtime says', async () => {
    const { fit } = await explainLocal({})
    expect(fit?.variants).toMatchObject([
      { verdict: 'does not fit', weights_bytes: 2_019_393_189, context_tokens: 131_072 },
    ])
  })

  test('has an assumed context where the runtime names none', async () => {
    const { fit } = await explainLocal({ context_tokens: null })
    expect(fit?.variants).toMatchObject([{ verdict: 'fits', where: 'memory', context_tokens: 4096 }])
    expect(fit?.assumptions).toContain('a context of 4096 tokens is assumed, because the runtime names none')
  })

  test.each([
    ['that is in memory has its memory already', { loaded: true }],
    ['without a size is not compared', { size_bytes: null }],
  ])('%s', async (_, more) => {
    expect((await explainLocal(more)).fit).toBeUndefined()
  })
})

describe('estimates', () => {
  const weights = fc.record<ModelWeights>({
    variant: fc.constant(null),
    fileBytes: fc.option(fc.integer({ min: 1, max: 2 ** 42 })),
    memoryBytes: fc.option(fc.integer({ min: 0, max: 2 ** 42 })),
    parameters: fc.option(fc.integer({ min: 1, max: 2 ** 42 })),
    quantization: fc.option(fc.constantFrom('Q4_K_M', 'q8_0', 'F16', 'odd')),
    contextTokens: fc.integer({ min: 0, max: 2 ** 24 }),
  })
  const bytes = fc.integer({ min: 0, max: 2 ** 42 })
  const memory = fc.record<MemoryFacts>({
    gpuFreeBytes: fc.option(fc.array(bytes, { maxLength: 4 })),
    availableBytes: fc.option(bytes),
    reason: fc.constant(null),
  })

  test('never claim more than there is, and always have a verdict or a reason', () => {
    fc.assert(
      fc.property(weights, memory, (model, facts) => {
        const fit = estimateFit(model, facts)
        expect((fit.verdict === null) === (fit.reason !== null)).toBe(true)
        const gpus = facts.gpuFreeBytes ?? []
        const [all, memory] = [gpus.reduce((total, each) => total + each, 0), facts.availableBytes ?? 0]
        const most = {
          gpu: Math.max(0, ...gpus),
          gpus: all,
          memory,
          'gpu and memory': all + memory,
        }
        if (fit.where !== null) expect(fit.needed_bytes).toBeLessThanOrEqual(most[fit.where])
        if (fit.verdict === 'does not fit') {
          expect([facts.gpuFreeBytes, facts.availableBytes]).not.toContain(null)
          expect(fit.needed_bytes).toBeGreaterThan(all + memory)
        }
      }),
    )
  })

  test('need more for more context, and as much as the source says at least', () => {
    fc.assert(
      fc.property(weights, memory, fc.integer({ min: 1, max: 2 ** 20 }), (model, facts, more) => {
        const short = estimateFit(model, facts).needed_bytes
        const contextTokens = model.contextTokens + more
        const long = estimateFit({ ...model, contextTokens }, facts).needed_bytes
        if (short === null || long === null) return
        expect(long).toBeGreaterThanOrEqual(short)
        expect(short).toBeGreaterThanOrEqual(model.memoryBytes ?? 0)
      }),
    )
  })
})
