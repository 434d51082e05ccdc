import { mkdir } from 'node:fs/promises'
import nodePath from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { updateHome } from '../../src/registry/home/update-home.ts'
import { addMark, leftoversIn, readMarks, writeMarkedHome } from '../support/homes/marked-home.ts'
import { rounds } from '../support/stress.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'
import { buildUpdateChild } from '../support/update-child.ts'

const names = ['tools', 'ml_frameworks'] as const

test('many processes that change the same home at once lose nothing', { timeout: 120_000 }, async () => {
  const host = await createTestHost()
  const home = await makeMarkedHome(host)
  const start = await buildUpdateChild(host.directory)
  const marks = Array.from({ length: rounds(50) }, (_, index) => `mark ${index + 10}`)
  const children = marks.map(mark => start('add', home, mark))
  const codes = await Promise.all(children.map(child => child.ended))

  expect(codes).toEqual(marks.map(() => [0, null]))
  const { tools, frameworks } = await readMarks(home)
  expect([...tools].sort()).toEqual(marks)
  expect(frameworks).toEqual(tools)
  expect(await leftoversIn(home)).toEqual([])
})

test.each([
  { moment: 'before the commit', mode: 'wait-staged', marks: ['ours', 'theirs'] },
  { moment: 'after the commit', mode: 'wait-committed', marks: ['theirs', 'ours'] },
])(
  'a holder that is stopped $moment for too long, and resumed, overwrites nothing',
  async ({ mode, marks }) => {
    const host = await createTestHost()
    const home = await makeMarkedHome(host)
    const start = await buildUpdateChild(host.directory)
    const child = start(mode, home, 'theirs')
    await child.said('waiting')
    child.process.kill('SIGSTOP')
    await updateHome(home, names, addMark('ours'), host, { holdMs: 200, waitMs: 20_000 })
    child.process.kill('SIGCONT')
    child.process.stdin?.write('go on\n')

    expect(await child.ended).toEqual([0, null])
    expect(await readMarks(home)).toEqual({ tools: marks, frameworks: marks })
    expect(await leftoversIn(home)).toEqual([])
  },
)

test('a holder that was killed before the commit leaves nothing, and nobody waits for it', async () => {
  const host = await createTestHost()
  const home = await makeMarkedHome(host)
  const start = await buildUpdateChild(host.directory)
  const child = start('wait-staged', home, 'theirs')
  await child.said('waiting')
  child.process.kill('SIGKILL')
  await child.ended
  await updateHome(home, names, addMark('ours'), host, { waitMs: 0 })

  expect(await readMarks(home)).toEqual({ tools: ['ours'], frameworks: ['ours'] })
  expect(await leftoversIn(home)).toEqual([])
})

test('a holder that works is waited for, and named when it takes too long', async () => {
  const host = await createTestHost()
  const home = await makeMarkedHome(host)
  const start = await buildUpdateChild(host.directory)
  const child = start('wait-staged', home, 'theirs')
  await child.said('waiting')
  const waiting = updateHome(home, names, addMark('ours'), host, { waitMs: 100, holdMs: 60_000 })
  await expect(waiting).rejects.toMatchObject({
    code: 'lock',
    message: expect.stringContaining(`process ${child.process.pid}`),
  })

  const patient = updateHome(home, names, addMark('ours'), host, { waitMs: 20_000, holdMs: 60_000 })
  await delay(50)
  child.process.stdin?.write('go on\n')
  await patient
  expect(await readMarks(home)).toMatchObject({ tools: ['theirs', 'ours'] })
})

async function makeMarkedHome(host: TestHost): Promise<string> {
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  return writeMarkedHome(home)
}
