import { mkdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { provider, service } from '../support/homes/target-home.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { startHealthServer } from '../support/servers/health-server.ts'
import { temporaryDirectory } from '../support/test-host.ts'

/** A user whose home has one service and one provider, both of them here, and none of the tools that it lists. */
async function createUser(url: string) {
  const directory = await temporaryDirectory()
  const env = { PATH: '/nowhere', OPENAI_API_KEY: 'sk-very-secret' }
  const run = (...args: string[]) => runInProcess(args, { directory, env })
  await run('init')
  const fileOf = (name: string) =>
    nodePath.join(directory, `.local/share/nexus-registry/${name}_registry.json`)
  await writeFile(
    fileOf('microservice'),
    JSON.stringify({ aefa: service(url), away: service('http://127.0.0.1:1') }),
  )
  await writeFile(
    fileOf('provider'),
    JSON.stringify({ openai: provider(url, { key_env: 'OPENAI_API_KEY' }) }),
  )
  const config = nodePath.join(directory, '.config/nexus-registry')
  await mkdir(config, { recursive: true })
  await writeFile(nodePath.join(config, 'config.json'), '{"allow_private": ["localhost"]}')
  return { run, read: (name: string) => readFile(fileOf(name), 'utf8') }
}

test('sync says what is up and what can be used; env asks nobody, and no key is ever shown', async () => {
  const server = await startHealthServer('up')
  const { run, read } = await createUser(server.url)
  const printed: string[] = []
  const say = async (...args: string[]) => {
    const { stdout, stderr } = await run(...args)
    printed.push(stdout, stderr)
    return stdout
  }
  await say('env')
  await say('sync', '--quick')
  expect(server.asked).toEqual([])
  expect(await say('sync')).toMatch(/^1 of 2 services up \(aefa\)\n1 of 1 provider configured \(openai\)$/m)
  expect(server.asked).toEqual(['/health'])
  expect(await say('sync')).toContain('Nothing has changed since the last sync.')
  expect(await say('sync', 'providers', '--deep')).toContain('1 of 1 queried are reachable')
  expect(server.asked).toEqual(['/health', '/health', '/'])
  expect(await say('list', 'microservices')).toMatch(/^aefa .* up +\d/m)
  expect(await say('query', 'providers', '-r', '.openai.detected | "\\(.status) \\(.reachable)"')).toBe(
    'configured true\n',
  )
  await say('explain', '--all')
  await say('validate')
  await say('env', '--fresh')
  expect([...printed, await read('provider'), await read('microservice')].join('')).not.toContain(
    'very-secret',
  )
})
