import { execFileSync } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import nodePath from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { listenOnLoopback } from '../support/servers/listen-on-loopback.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const name = 'registry.example.com'

test('an upstream of https is reached through the proxy, encrypted up to its end, and the password is nowhere', async () => {
  const directory = await temporaryDirectory()
  const [key, cert] = createCertificate(directory)
  const asked: string[] = []
  const upstream = https.createServer(
    { key: await readFile(key), cert: await readFile(cert) },
    (request, response) => {
      asked.push(`${request.headers.host}${request.url}`)
      response.writeHead(200, { 'content-type': 'application/json' }).end(soundTexts.models)
    },
  )
  const proxied = await startTunnels(await listenOnLoopback(upstream))
  const home = nodePath.join(directory, 'home')
  await mkdir(home)
  const hyper = JSON.parse(soundTexts.hyper)
  hyper.sub_registries.models.url = `https://${name}/models.json`
  await writeHome(home, { ...soundTexts, hyper: JSON.stringify(hyper, null, 2) })
  const env = { HTTPS_PROXY: `http://ada:s3cret@127.0.0.1:${proxied.port}`, NODE_EXTRA_CA_CERTS: cert }
  const { stdout, stderr } = await runProgram(['sync', 'models', '--home', home, '--json'], {
    directory,
    env,
  })
  expect(JSON.parse(stdout).registries.models).toMatchObject({ status: 'ok' })
  expect([...new Set(proxied.seen)]).toEqual([
    `${name}:443 Basic ${Buffer.from('ada:s3cret').toString('base64')}`,
  ])
  expect(asked).toContain(`${name}/models.json`)
  expect(stdout + stderr).not.toContain('s3cret')
})

function createCertificate(directory: string): readonly [key: string, cert: string] {
  const [key, cert] = [nodePath.join(directory, 'key.pem'), nodePath.join(directory, 'cert.pem')]
  const kind = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-days',
    '1',
    '-nodes',
  ]
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
  execFileSync('openssl', [...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return [key, cert]
}

/** A proxy that makes connections (CONNECT), all of which lead to one port. */
async function startTunnels(to: number) {
  const seen: string[] = []
  const proxy = http.createServer((_, response) => response.writeHead(405).end())
  proxy.on('connect', (request, socket) => {
    seen.push(`${request.url} ${request.headers['proxy-authorization']}`)
    const target = net.connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.pipe(target).pipe(socket)
    })
    socket.on('error', () => target.destroy())
    target.on('error', () => socket.destroy())
    onTestFinished(() => void target.destroy())
  })
  return { seen, port: await listenOnLoopback(proxy) }
}
