import { expect, test } from 'vitest'
import { listSecondaryVariables, listServedVariables } from '../../src/readiness/secondary-variables.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

async function loadHome(extra: Record<string, unknown>) {
  const host = await createTestHost()
  const tools = JSON.parse(soundTexts.tools)
  Object.assign(tools.docker, extra)
  await writeHome(host.directory, { ...soundTexts, tools: JSON.stringify(tools) })
  return loadSnapshot(host.directory, host)
}

const key = `sk-${'a1B2c3D4'.repeat(4)}`

const rows: [what: string, name: string, value: string | undefined, shown: string | null, isSet: boolean][] =
  [
    ['a socket', 'DOCKER_HOST', 'unix:///run/docker.sock', 'unix:///run/docker.sock', true],
    ['a server', 'DOCKER_HOST', 'tcp://10.0.0.5:2376', 'tcp://10.0.0.5:2376', true],
    ['an address with a user', 'DOCKER_HOST', 'ssh://me:secret@host', null, true],
    ['an address with a query', 'OLLAMA_HOST', 'http://host:1/?key=1', null, true],
    ['a path', 'KUBECONFIG', '/home/me/.kube/config:/etc/kube', '/home/me/.kube/config:/etc/kube', true],
    ['devices', 'CUDA_VISIBLE_DEVICES', '0,1', '0,1', true],
    ['a key in a harmless variable', 'AWS_PROFILE', key, null, true],
    ['a control character', 'AWS_PROFILE', 'a\u001b[31mb', null, true],
    ['several lines', 'AWS_PROFILE', 'a\nb', null, true],
    ['a secret', 'AWS_SECRET_ACCESS_KEY', 'short', null, true],
    ['options', 'NODE_OPTIONS', '--inspect', null, true],
    ['an empty value', 'DOCKER_HOST', '', null, false],
    ['nothing', 'DOCKER_HOST', undefined, null, false],
    ['a name that every object knows', 'constructor', undefined, null, false],
  ]

test.each(rows)('%s', async (_, name, value, shown, is_set) => {
  const snapshot = await loadHome({ secondary_vars: [name, name] })
  const env = value === undefined ? {} : { [name]: value }
  expect(listSecondaryVariables('tools/docker', snapshot, env)).toEqual([{ name, is_set, value: shown }])
  expect(listServedVariables('tools/docker', snapshot, env)).toEqual([{ name, is_set, value: null }])
})

test('an entry that came over the network names nothing to callers', async () => {
  const snapshot = await loadHome({ secondary_vars: ['DOCKER_HOST'], 'x-upstream': 'http-api' })
  expect(listServedVariables('tools/docker', snapshot, { DOCKER_HOST: 'x' })).toEqual([])
})

test('what has no variables lists none', async () => {
  const snapshot = await loadHome({})
  for (const ref of ['tools/docker', 'models/large', 'tools/none', 'docker']) {
    expect(listSecondaryVariables(ref, snapshot, { DOCKER_HOST: 'x' })).toEqual([])
  }
})
