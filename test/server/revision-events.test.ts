import { mkdir } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import type { Caller } from '../../src/security/access.ts'
import { createRevisionEvents } from '../../src/server/events/events.ts'
import { createRevision } from '../../src/server/revision.ts'
import { toHyper } from '../support/homes/access-texts.ts'
import { type HomeTexts, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const anonymous: Caller = { kind: 'anonymous' }
const admin: Caller = { kind: 'token', tokenId: '00000000', role: 'admin' }

async function loadEdition(name: string, texts: Partial<HomeTexts>, host: TestHost) {
  const home = nodePath.join(host.directory, name)
  await mkdir(home)
  return createRevision(await loadSnapshot(await writeHome(home, { ...soundTexts, ...texts }), host))
}

// All of it in one step, as a write of several files is seen.
test('what changes together with the rights to it is told to nobody who could not read it before, or cannot now', async () => {
  const host = await createTestHost()
  const before = await loadEdition(
    'before',
    { hyper: toHyper({ tools: 'public_read', models: 'public_read' }) },
    host,
  )
  const after = await loadEdition(
    'after',
    {
      hyper: toHyper({ plugins: 'public_read', models: 'public_read' }),
      ...{ tools: '{}', plugins: '{}', models: '{}' },
    },
    host,
  )
  const toEvents = await createRevisionEvents(before, after, host)
  expect(toEvents(anonymous).map(({ registry }) => registry)).toEqual([undefined, 'models'])
  expect(toEvents(anonymous)[0]?.body).toBe('event: access\ndata: {"readable":["models","plugins"]}\n\n')
  expect(JSON.stringify(toEvents(anonymous))).not.toMatch(/docker|router/)
  expect(toEvents(admin).map(({ registry }) => registry)).toEqual(
    expect.arrayContaining(['hyper', 'tools', 'models', 'plugins']),
  )
  // Made once, for all who are told.
  const [[, ofAnyone], ofAdmin] = [toEvents(anonymous), toEvents(admin)]
  expect(ofAdmin).toContain(ofAnyone)
})
