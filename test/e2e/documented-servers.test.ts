import { execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { codeBlocks, listGuides, readDocument } from '../support/documents.ts'
import { serveProgram } from '../support/servers/served-program.ts'
import { findShell } from '../support/shells/shells.ts'
import { temporaryDirectory } from '../support/test-host.ts'

/** Lines of the guides without their comments, those that `readme-commands.test.ts` cannot run among them. */
const lines = [
  ...new Set(
    listGuides()
      .flatMap(name => codeBlocks(readDocument(name)))
      .filter(({ language }) => language === 'sh')
      .flatMap(({ body }) => body.trimEnd().split('\n'))
      .map(line => line.replace(/ {2,}#.*$/, '').trim()),
  ),
]

const PATH = `${nodePath.resolve('bin')}:${nodePath.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`

/** A home directory with what the guides presume. */
async function createUser(): Promise<{ readonly directory: string; readonly env: Record<string, string> }> {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, '.local/share/nexus-registry')
  await mkdir(nodePath.dirname(home), { recursive: true })
  await cp('registries', home, { recursive: true })
  return { directory, env: { HOME: directory, PATH } }
}

async function runLine(
  shell: string,
  line: string,
  { directory, env }: Awaited<ReturnType<typeof createUser>>,
) {
  const options = { cwd: directory, env, encoding: 'utf8', timeout: 60_000 } as const
  return (await promisify(execFile)(shell, ['-c', line], options)).stdout
}

describe('requests to a server', () => {
  const requests = lines.filter(line => /^curl |--url /.test(line))

  test('succeed as they stand there, one after the other', async () => {
    expect(requests.length).toBeGreaterThanOrEqual(10)
    const served = await serveProgram()
    const user = await createUser()
    const env = { ...user.env, TOKEN: await served.token('admin') }
    for (const request of requests) {
      const line = request.replaceAll('http://127.0.0.1:4780', served.url)
      const said = await runLine(
        'bash',
        `set -o pipefail; ${line.replace(/^curl /, 'curl --fail-with-body ')}`,
        { ...user, env },
      )
      if (/^curl -i /.test(line)) expect(said, request).toMatch(/^HTTP\/1\.1 20[014] /)
    }
  }, 120_000)
})

describe('servers and daemons', () => {
  const started = lines.filter(
    line => /^nexus-registry (?:serve\b|sync --watch|dashboard --web)/.test(line) && !/--deep/.test(line),
  )

  test('are in the guides', () => {
    expect(started.length).toBeGreaterThanOrEqual(6)
  })

  test.each(started)(
    '%s starts, and ends in order',
    async line => {
      const user = await createUser()
      if (line.includes('--cert')) createCertificate(user.directory)
      // The usual port may be taken, and the directory of the socket is another user's.
      const port = /^nexus-registry serve/.test(line) && !/--port|--socket/.test(line) ? ' --port 0' : ''
      const own = line.replace('/run/user/1000/', '') + port
      const child = spawn('sh', ['-c', `exec ${own}`], {
        cwd: user.directory,
        env: user.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      onTestFinished(() => {
        child.kill('SIGKILL')
      })
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', part => (said += part))
      const ended = new Promise<number | null>(resolve => child.on('close', resolve))
      const log = nodePath.join(user.directory, 'nexus.log')
      const readAll = () => said + (existsSync(log) ? readFileSync(log, 'utf8') : '')
      await expect
        .poll(readAll, { timeout: 30_000 })
        .toMatch(/http:|https:|nexus\.sock|started|keeping|synced/)
      child.kill('SIGTERM')
      expect(await ended, readAll()).toBe(0)
    },
    60_000,
  )
})

describe('lines for a shell with the integration', () => {
  const bash = findShell('bash')
  const fish = findShell('fish')
  const functions = lines.filter(line => /^nexus_/.test(line)).map(line => line.replace(/ && .*$/, ''))

  test.skipIf(bash === undefined).each(functions)(
    '%s works in bash',
    async line => {
      const user = await createUser()
      await runLine('bash', `eval "$(nexus-registry hook bash)"\n${line}`, user)
    },
    60_000,
  )

  test.skipIf(fish === undefined).each(lines.filter(line => line.endsWith('| source')))(
    '%s works in fish',
    async line => {
      const user = await createUser()
      expect(await runLine('fish', `${line}; echo $NEXUS_ENV_STATUS`, user)).toMatch(/^(?:ok|partial)\n$/)
    },
    60_000,
  )
})

function createCertificate(directory: string): void {
  const kind = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ]
  const names = ['-subj', '/CN=localhost', '-keyout', 'key.pem', '-out', 'cert.pem']
  execFileSync('openssl', [...kind, ...names], { cwd: directory, stdio: 'ignore' })
}
