import { describe, expect, test } from 'vitest'
import { createGraph } from '../../src/graph/load-graph.ts'
import { toSigns } from '../../src/lib/terminal/signs.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { evaluateSnapshot } from '../../src/readiness/evaluate-snapshot.ts'
import { recallFacts } from '../../src/readiness/facts.ts'
import { renderExplanation } from '../../src/readiness/render-explanation.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { soundDay, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

const found = { path: '/x', version: '2.11.0', evidence: 'import', reason: null, checked_at: soundDay }

/** How PyTorch with this accelerator is explained on a machine whose GPU has this status. */
async function explainPytorch(accelerator: unknown, gpu: string) {
  const detected = { status: 'present', ...found, details: { accelerator } }
  const entry = { detection: "python -c 'import torch'", env_var: 'NEXUS_HAS_PYTORCH', import_name: 'torch' }
  const tools = JSON.parse(soundTexts.tools)
  const reason = gpu === 'present' ? null : 'for a reason'
  tools.gpu = { ...tools.gpu, probe: 'gpu', detected: { ...found, status: gpu, evidence: null, reason } }
  const host = await createTestHost()
  await writeHome(host.directory, {
    ...soundTexts,
    tools: JSON.stringify(tools),
    ml_frameworks: JSON.stringify({ pytorch: { ...entry, detected } }),
  })
  const snapshot = await loadSnapshot(host.directory, host)
  const facts = await recallFacts({ home: undefined, snapshot }, host)
  const ref = 'ml_frameworks/pytorch'
  const { toExplanation } = evaluateSnapshot([ref], createGraph(snapshot), facts)
  const search = facts.detections.get(ref)
  if (search === undefined) throw new Error('PyTorch has no detection')
  const explanation = toExplanation(ref)
  const style = await createStyle({ stream: { isTerminal: false }, env: {}, color: false })
  const text = renderExplanation(
    { explanation, search: { detected: search, hidden: [], passedOver: [] }, now: Date.parse(soundDay) },
    { style, signs: toSigns({}), width: undefined },
  )
  return { explanation, text }
}

const fix = { text: 'Install a build for CUDA 12.8', command: 'python -m pip install torch' }
const cuda = {
  built_for: 'cuda 13.0',
  architectures: ['sm_90', 'compute_120'],
  usable: false,
  reason: 'the driver is too old',
  fix,
}
const cpu = { ...cuda, built_for: 'cpu', architectures: null, reason: 'the build runs on the CPU alone' }
const both = 'Install a build for CUDA 12.8:\n    $ python -m pip install torch'

describe('a framework', () => {
  test.each([
    ['for GPUs that cannot use the GPU is not ready', cuda, 'present', 'not ready', [both]],
    ['for GPUs that cannot use a broken GPU is not ready', cuda, 'broken', 'not ready', [both]],
    [
      'for GPUs without a GPU is ready',
      { ...cuda, fix: null },
      'absent',
      'ready',
      ['built for cuda 13.0 (sm_90, compute_120)', 'accelerator not usable: the driver is too old'],
    ],
    [
      'for GPUs that are not in this container is ready',
      cuda,
      'absent',
      'ready',
      ['fix Install a build for CUDA 12.8'],
    ],
    ['for GPUs that nothing can be done about is ready', { ...cuda, fix: null }, 'present', 'ready', []],
    [
      'for the CPU beside a GPU is ready, with a warning',
      cpu,
      'present',
      'ready',
      ['! the build runs on the CPU alone: Install a build for CUDA 12.8: python -m pip install torch'],
    ],
    [
      'that can use the GPU is ready',
      { ...cuda, usable: true, reason: null, fix: null },
      'present',
      'ready',
      ['accelerator usable'],
    ],
    [
      'of which that is not known is ready',
      { ...cuda, usable: null, fix: null },
      'present',
      'ready',
      ['accelerator not known: the driver is too old'],
    ],
    ['with something else in the file is ready', { usable: 'no', fix: 3 }, 'present', 'ready', []],
  ])('%s', async (_what, accelerator, gpu, status, lines) => {
    const { explanation, text } = await explainPytorch(accelerator, gpu)
    expect(explanation.status).toBe(status)
    for (const line of lines) expect(text).toContain(line)
    expect(text.split('python -m pip install torch').length).toBeLessThanOrEqual(2)
  })

  test('is named without control characters', async () => {
    const { text } = await explainPytorch(
      { ...cuda, reason: 'odd \u001b[31m name', built_for: '\u0007' },
      'absent',
    )
    expect(text).not.toMatch(/[\u0007\u001b]/)
  })
})
