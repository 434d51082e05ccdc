import { mkdtemp } from 'node:fs/promises'
import nodePath from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { updateHome } from '../../src/registry/home/update-home.ts'
import { countUp, leftoversIn, readMarks, writeMarkedHome } from '../support/homes/marked-home.ts'
import { rounds } from '../support/stress.ts'
import { createTestHost } from '../support/test-host.ts'
import { buildUpdateChild } from '../support/update-child.ts'

const names = ['tools', 'ml_frameworks'] as const

test('killed at random moments, each file is old or new, and the next update puts both right', {
  timeout: 180_000,
}, async () => {
  const host = await createTestHost()
  const start = await buildUpdateChild(host.directory)
  const home = await writeMarkedHome(await mkdtemp(nodePath.join(host.directory, 'home-')), 20_000)
  for (let round = 0; round < rounds(200); round++) {
    const child = start('count', home)
    await child.said('ready')
    await delay(Math.random() * 25)
    child.process.kill('SIGKILL')
    await child.ended

    const { tools, frameworks } = await readMarks(home)
    expect(Math.abs(Number(tools[0] ?? 0) - Number(frameworks[0] ?? 0))).toBeLessThanOrEqual(1)
    const seen: (string | undefined)[] = []
    await updateHome(
      home,
      names,
      texts => {
        seen.push(...texts.values())
        return countUp(texts)
      },
      host,
    )
    expect(seen).toHaveLength(2)
    expect(seen[0]).toBe(seen[1])
  }
  // One more: a waiter's lock that its killed owner left is swept by the update after it.
  await updateHome(home, names, countUp, host)
  expect(await leftoversIn(home)).toEqual([])
})
