import { mkdtemp } from 'node:fs/promises'
import nodePath from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { toAdditionEdit } from '../../src/edit/validate-additions.ts'
import { commitEdit } from '../../src/journal/commit-edit.ts'
import { readHomeFiles, updateHome } from '../../src/registry/home/update-home.ts'
import { finishInterruptedChange } from '../../src/registry/lock/acquire-lock.ts'
import { registryNames } from '../../src/registry/schema/names.ts'
import { someTool, undoLast } from '../support/homes/edited-home.ts'
import { countUp, leftoversIn, readMarks, writeMarkedHome } from '../support/homes/marked-home.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
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

test('killed while it edits, a home is old or new, and an edit that happened can be undone', {
  timeout: 180_000,
}, async () => {
  const host = await createTestHost()
  const start = await buildUpdateChild(host.directory)
  const home = await mkdtemp(nodePath.join(host.directory, 'home-'))
  await writeHome(home, soundTexts)
  const state = nodePath.join(host.directory, 'state')
  const owner = { ...host, env: { ...host.env, XDG_STATE_HOME: state } }
  const readAll = async () => {
    const files = await readHomeFiles(home, registryNames, host)
    return new Map(files.map(({ name, text }) => [name, text]))
  }
  const before = await readAll()
  await commitEdit(home, toAdditionEdit([someTool], host), owner)
  const after = await readAll()
  await undoLast(home, owner)
  for (let round = 0; round < rounds(200); round++) {
    const child = start('edit', home, state)
    await child.said('ready')
    await delay(Math.random() * 60)
    child.process.kill('SIGKILL')
    await child.ended

    await finishInterruptedChange(home, host)
    const found = await readAll()
    const isEdited = found.get('tools') === after.get('tools')
    expect(found).toEqual(isEdited ? after : before)
    expect(await undoLast(home, owner)).toEqual(isEdited ? ['tools/one'] : undefined)
    expect(await readAll()).toEqual(before)
  }
})
