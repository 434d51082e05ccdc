import { expect, test } from 'vitest'
import { createServeRenderers } from '../../src/cli/serve-renderers.ts'
import { createHost } from '../../src/platform/node/create-host.ts'
import type { BulkTask, WorkerOptions, WorkerPool } from '../../src/platform/worker-task.ts'
import { doBulk as doBulkHere } from '../../src/server/bulk.ts'
import { serveWritableHome, type WritableHome, writableTexts } from '../support/homes/writable-home.ts'

/** Small enough for a test. */
const bulkBytes = 2000
const count = 450

function toModels(description: string): string {
  const [model] = Object.values(JSON.parse(writableTexts.models))
  const entry = { ...Object(model), aliases: undefined, description }
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, entry])))
}

/** Does work on large registries here, as a thread would, or in a real one; a gate holds it back. */
function createGate() {
  const host = createHost({ interrupted: new AbortController().signal })
  const { workers } = host
  const tasks: BulkTask['kind'][] = []
  const parts: number[] = []
  let opened: Promise<void> = Promise.resolve()
  let open: () => void = () => undefined
  const doBulk = async (task: BulkTask, options: WorkerOptions) => {
    tasks.push(task.kind)
    await opened
    const onPart = (part: unknown) => {
      parts.push(Array.isArray(part) ? part.length : 0)
      options.onPart?.(part)
    }
    const { result, parts: all } = await doBulkHere(
      structuredClone(task),
      { ...host, ...task.place },
      createServeRenderers,
    )
    for (const part of all) onPart(structuredClone(part))
    return { outcome: 'done', result: structuredClone(result) } as const
  }
  const shut = () => {
    opened = new Promise(resolve => {
      open = resolve
    })
  }
  const gated: WorkerPool = { ...workers, bulkBytes, doBulk }
  return { aside: gated, tasks, parts, shut, open: () => open() }
}

test('a request that needs little is answered while a large registry is read, one that needs it when it has been', async () => {
  const gate = createGate()
  const texts = { models: toModels('before') }
  const served = await serveWritableHome({ texts, overrides: { workers: gate.aside } })
  const { ask, write } = served
  // No turn of the event loop takes more entries than these.
  expect(gate.parts).toEqual([200, 200, 50])
  await comeToRest(served)
  const before = await ask('GET', '/registries/models', { role: 'admin' })
  expect(before.text).toBe(texts.models)
  gate.shut()
  await write('models', toModels('after'))
  await new Promise(resolve => setTimeout(resolve, 300))
  let isOver = false
  const pending = ask('GET', '/registries/models', { role: 'admin' }).then(answer => {
    isOver = true
    return answer
  })
  for (const path of ['/health', '/', '/openapi.json'])
    expect({ path, status: (await ask('GET', path)).status }).toEqual({ path, status: 200 })
  expect(isOver).toBe(false)
  gate.open()
  expect((await pending).text).toBe(toModels('after'))
  expect((await pending).headers.get('etag')).not.toBe(before.headers.get('etag'))
  expect((await ask('GET', '/registries/models/m449', { role: 'admin' })).json.description).toBe('after')
})

test('what has changed together with the rights to it is not served as it was', async () => {
  const gate = createGate()
  const texts = { models: toModels('before') }
  const { ask, write } = await serveWritableHome({ texts, overrides: { workers: gate.aside } })
  const listed = async () => JSON.stringify((await ask('GET', '/health')).json)
  expect(await listed()).toContain('"models"')
  gate.shut()
  await write(
    'hyper',
    writableTexts.hyper.replace(/"models": \{ "read": "public"/, '"models": { "read": "admin"'),
  )
  await write('models', toModels('after'))
  await new Promise(resolve => setTimeout(resolve, 300))
  const pending = listed()
  await new Promise(resolve => setTimeout(resolve, 300))
  gate.open()
  expect(await pending).not.toContain('"models"')
})

test('a write to a large registry is checked in the other thread, and refused in the same words', async () => {
  const gate = createGate()
  const texts = { models: toModels('before') }
  const { ask } = await serveWritableHome({ texts, overrides: { workers: gate.aside } })
  const patch = (body: unknown) =>
    ask('PATCH', '/registries/models/m7', { role: 'admin', headers: { 'if-match': '*' }, body })
  expect((await patch({ description: 'written' })).status).toBe(200)
  expect(gate.tasks).toContain('answer-write')
  expect((await ask('GET', '/registries/models/m7')).json.description).toBe('written')
  const refused = await patch({ provider: 'providers/nobody' })
  expect([refused.status, JSON.stringify(refused.json.diagnostics)]).toEqual([
    422,
    expect.stringContaining('/m7/provider'),
  ])
  expect((await ask('GET', '/registries/models/m7')).json.description).toBe('written')
})

test('without a thread large registries are read and checked all the same', async () => {
  const gate = createGate()
  const doBulk: WorkerPool['doBulk'] = async ({ handOver = [] }) => {
    for (const buffer of handOver) structuredClone(buffer, { transfer: [buffer] })
    return { outcome: 'failed', reason: 'no thread' }
  }
  const texts = { models: toModels('before') }
  const { ask } = await serveWritableHome({ texts, overrides: { workers: { ...gate.aside, doBulk } } })
  expect((await ask('GET', '/registries/models')).text).toBe(texts.models)
  const headers = { 'if-match': '*' }
  const written = await ask('PATCH', '/registries/models/m7', {
    role: 'admin',
    headers,
    body: { description: 'x' },
  })
  expect(written.status).toBe(200)
})

/** A home that has just been written is looked at again, until its times say that it has come to rest. */
async function comeToRest({ ask }: WritableHome): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 300))
  await ask('GET', '/health')
}

test.each(['/graph.json', '/graph.mmd', '/explain/models/m7', '/env.json', '/env.sh'])(
  'another thread answers %s as this one would, and holds nobody up',
  async path => {
    const gate = createGate()
    const texts = { models: toModels('same') }
    const [large, small] = await Promise.all([
      serveWritableHome({ texts, overrides: { workers: gate.aside } }),
      serveWritableHome({ texts }),
    ])
    await comeToRest(large)
    gate.shut()
    let isOver = false
    const pending = large.ask('GET', path, { role: 'admin' }).finally(() => {
      isOver = true
    })
    expect((await large.ask('GET', '/health')).status).toBe(200)
    expect(isOver).toBe(false)
    gate.open()
    const [there, here] = [await pending, await small.ask('GET', path, { role: 'admin' })]
    expect([there.status, there.text]).toEqual([200, here.text])
    expect([there.headers.get('etag'), there.headers.get('content-type')]).toEqual([
      here.headers.get('etag'),
      here.headers.get('content-type'),
    ])
    expect(gate.tasks).toContain('answer-request')
    const visible = await Promise.all([large, small].map(each => each.ask('GET', path)))
    expect(visible[0]?.text).toBe(visible[1]?.text)
  },
)

test('a thread refuses what its own reading of the rights forbids', async () => {
  const gate = createGate()
  const served = await serveWritableHome({
    texts: { models: toModels('same') },
    overrides: { workers: gate.aside },
  })
  const { ask, write } = served
  await comeToRest(served)
  expect((await ask('GET', '/explain/models/m7')).status).toBe(200)
  gate.shut()
  const pending = ask('GET', '/explain/models/m7')
  await expect.poll(() => gate.tasks.filter(kind => kind === 'answer-request').length).toBe(2)
  await write(
    'hyper',
    writableTexts.hyper.replace(/"models": \{ "read": "public"/, '"models": { "read": "admin"'),
  )
  await new Promise(resolve => setTimeout(resolve, 300))
  gate.open()
  expect((await pending).status).toBe(401)
})
