import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { toSigns } from '../../src/lib/terminal/signs.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { textWidth } from '../../src/lib/terminal/width.ts'
import { withoutEscapes } from '../../src/lib/text/text.ts'
import type { ListedEntry } from '../../src/query/entry-columns.ts'
import { renderEntryList, type SummarizedRegistry } from '../../src/query/render-list.ts'
import { soundDay, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

const now = Date.parse('2026-11-30T12:00:00.000Z')
const checked_at = '2026-11-30T11:59:48.000Z'

const detected = (version: string | null, path: string | null, reason: string | null = null) => ({
  version,
  path,
  reason,
  checked_at,
})

const entries: Readonly<Record<SummarizedRegistry, readonly ListedEntry[]>> = {
  tools: [
    { id: 'git', readiness: 'ready', detected: detected('2.51.0', '/usr/bin/git') },
    {
      id: 'kubernetes',
      readiness: 'ready',
      detected: { ...detected('1.32.4', '/usr/bin/kubectl'), details: { context: 'prod-eu' } },
    },
    { id: 'jq', readiness: 'ready', detected: detected('1.7.1', '/home/ana/bin/jq') },
    {
      id: 'docker',
      readiness: 'not ready',
      detected: detected('28.2.2', '/usr/local/bin/docker', 'nothing listens at unix:///var/run/docker.sock'),
    },
    { id: 'gpu', readiness: 'unknown', detected: detected(null, null, 'nvidia-smi took longer than 5 s') },
    ...Array.from({ length: 14 }, (_, index) => ({ id: `absent-${index}`, readiness: 'not set up' })),
  ],
  ml_frameworks: [
    { id: 'pytorch', readiness: 'not set up', detected: detected(null, null, 'not installed') },
  ],
  providers: [
    {
      id: 'openai',
      readiness: 'ready',
      models: ['a', 'b'],
      detected: { latency_ms: 181.7, key_env: 'OPENAI_API_KEY', checked_at },
    },
    { id: 'ollama', readiness: 'ready', models: [], detected: { models: [{}], checked_at } },
    {
      id: 'mistral',
      readiness: 'not ready',
      models: ['c'],
      detected: { reason: 'its key was rejected', checked_at },
    },
    { id: 'groq', readiness: 'not set up', key_env: ['GROQ_API_KEY', 'GROQ_KEY'] },
    { id: 'jan', readiness: 'not set up' },
  ],
  models: [
    {
      id: 'gpt-5.1',
      readiness: 'ready',
      context_tokens: 400_000,
      cost_per_1k_input: 0.00125,
      cost_per_1k_output: 0.01,
      capabilities: ['vision', 'function_calling', 'structured_output', 'streaming'],
    },
    {
      id: 'gpt-4.1',
      readiness: 'ready',
      context_tokens: 1_047_576,
      cost_per_1k_input: 0.002,
      cost_per_1k_output: 0.008,
      capabilities: ['vision'],
      retires_on: '2027-01-14',
    },
    {
      id: 'qwen3:14b',
      readiness: 'ready',
      context_tokens: 40_960,
      cost_per_1k_input: 0,
      cost_per_1k_output: 0,
      capabilities: ['reasoning'],
    },
    {
      id: 'embed-tiny',
      readiness: 'ready',
      context_tokens: 512,
      cost_per_1k_input: 0.0000075,
      capabilities: ['embeddings'],
    },
    { id: 'gemini-4', readiness: 'not set up', context_tokens: 1_000_000, capabilities: [] },
    {
      id: 'gpt-3.5-turbo',
      readiness: 'not ready',
      context_tokens: 16_000,
      capabilities: [],
      status: 'retired',
    },
    {
      id: 'gpt-4',
      readiness: 'not set up',
      context_tokens: 8000,
      capabilities: [],
      retires_on: '2026-11-30',
    },
  ],
}

async function render(
  registry: SummarizedRegistry,
  width: number | undefined,
  kind = 'plain',
  listed = entries[registry],
) {
  const env = { LANG: kind === 'ascii' ? 'C' : 'C.UTF-8', ...(kind === 'colour' && { FORCE_COLOR: '1' }) }
  const style = await createStyle({ stream: { isTerminal: true }, env, color: kind === 'colour' })
  return renderEntryList(
    { registry, entries: listed, now, userHome: '/home/ana' },
    { style, signs: toSigns(env), width },
  )
}

describe.each([40, 60, 80, 120])('on a terminal of %i columns', width => {
  test.each(['colour', 'plain', 'ascii'])('what works and what does not, in %s', async kind => {
    const texts = await Promise.all(
      (['tools', 'ml_frameworks', 'providers', 'models'] as const).map(name => render(name, width, kind)),
    )
    await expect(texts.join('\n\n')).toMatchFileSnapshot(`golden/list-${width}-${kind}.txt`)
    expect(
      withoutEscapes(texts.join('\n'))
        .split('\n')
        .filter(line => textWidth(line) > width),
    ).toEqual([])
  })
})

test('colours change no text', async () => {
  expect(withoutEscapes(await render('models', 50, 'colour'))).toBe(await render('models', 50))
  expect(withoutEscapes(await render('models', 80, 'colour'))).toBe(await render('models', 80))
})

test('names and reasons steer no terminal, and numbers may be anything', async () => {
  const hostile = [
    { id: 'a\u001b[2J', readiness: 'not ready', detected: { reason: 'b\u0007', version: 'c\u202e' } },
    {
      id: '',
      readiness: 5,
      context_tokens: Number.NaN,
      cost_per_1k_input: Number.POSITIVE_INFINITY,
      capabilities: 'x',
    },
  ]
  for (const registry of ['tools', 'models'] as const)
    expect(await render(registry, 80, 'plain', hostile)).not.toMatch(/[\u0007\u001b\u202e]/)
  expect(await render('tools', 80, 'plain', [])).toBe('tools: no entries\n')
})

test.each<[string, string[], RegExp]>([
  ['a summary', ['list', 'models'], /^models: /],
  ['with --all the table of a pipe', ['list', 'models', '--all'], /^id +provider/],
  ['the table of other registries', ['list', 'plugins'], /^id +type/],
  ['JSON', ['list', 'models', '--json'], /^\[/],
])('a terminal gets %s', async (_, args, start) => {
  const host = await createTestHost({ columns: 200, clock: { now: () => Date.parse(soundDay) } })
  await writeHome(host.directory)
  await run([...args, '--home', host.directory, '--no-color'], host)
  expect(host.written.stdout).toMatch(start)
})
