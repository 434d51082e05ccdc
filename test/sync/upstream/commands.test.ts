import { mkdir, readFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { reviewHome } from '../../../src/detection/review-home.ts'
import { evaluateTrust, grantTrust } from '../../../src/security/trust.ts'
import { createUpstreamHome } from '../../support/homes/upstream-home.ts'
import { writeScript } from '../../support/processes/script.ts'
import { document, startUpstream } from '../../support/servers/upstream.ts'

/** A home that has a tool of its own and takes the others from an upstream, on a machine where each leaves a trace. */
async function createMachine() {
  const own = { detection: 'own --here', env_var: 'NEXUS_HAS_OWN', version_check: 'own --version' }
  const upstream = await startUpstream(
    document({
      evil: { detection: 'evil --now', env_var: 'NEXUS_HAS_EVIL' },
      found: { detection: 'which found', env_var: 'NEXUS_HAS_FOUND', version_check: 'found --version' },
      git: { detection: 'which git', env_var: 'NEXUS_HAS_GIT', version_check: 'git --version' },
      'x-ai': { detection: 'evil --x', env_var: 'NEXUS_HAS_AI', 'x-upstream': '', 'x-local': true },
    }),
  )
  const user = await createUpstreamHome({ tools: upstream.url }, { env: {} })
  const bin = nodePath.join(user.host.directory, 'bin')
  await mkdir(bin)
  for (const name of ['own', 'evil', 'found', 'git'])
    await writeScript(nodePath.join(bin, name), `echo ${name} >> ${user.host.directory}/ran; echo 1.2.3`)
  Object.assign(user.host.env, { PATH: `${bin}:/usr/bin:/bin` })
  await user.write('tools', JSON.stringify({ own: { ...own, 'x-local': true } }, null, 2))
  const ran = async () => (await readFile(`${user.host.directory}/ran`, 'utf8')).trim().split('\n').toSorted()
  return { user, ran }
}

test('what an upstream names is looked for, and none of its commands is run but shipped ones', async () => {
  const { user, ran } = await createMachine()
  const { report } = await user.sync(undefined)
  expect(await ran()).toEqual(['git', 'own', 'own'])
  expect(report.detections.tools).toMatchObject({
    own: { status: 'present', version: '1.2.3' },
    evil: { status: 'unknown', reason: 'its command came over the network, and none of those is run' },
    found: {
      status: 'present',
      version: null,
      reason: expect.stringContaining('its version command came over the network'),
    },
    git: { status: 'present', version: '1.2.3' },
    'x-ai': { status: 'unknown' },
  })
  // The same sync has written both: what came, and what was found of it.
  expect(await user.entries('tools')).toMatchObject({ found: { detected: { status: 'present' } } })
  expect(report.registries.tools).toMatchObject({ status: 'ok', source: 'remote', entries: 5 })
})

test('they are not run later either, in any mode', async () => {
  const { user, ran } = await createMachine()
  await user.sync(undefined)
  for (const mode of ['quick', 'normal', 'deep'] as const)
    await user.sync(undefined, { mode, isForced: true, network: undefined })
  expect(await ran()).not.toContain('evil')
  expect(await ran()).not.toContain('found')
})

test('trust follows what an upstream changes, and is not asked for it', async () => {
  const { user } = await createMachine()
  const { directory } = user.home
  await grantTrust(directory, user.host)
  await user.sync(['tools'])
  const { commands, hashes } = await reviewHome(directory, user.host)
  expect(commands.map(({ command }) => command)).toEqual(['own --here', 'own --version'])
  const judged = await evaluateTrust({ directory, origin: 'flag' }, hashes, user.host)
  expect(judged.isTrusted).toBe(true)
})
