import { expect, test } from 'vitest'
import { routes } from '../../src/server/routes/index.ts'
import { callRaw, type ServedProgram, sayRaw, serveProgram } from '../support/servers/served-program.ts'

interface Said {
  readonly status: number
  readonly text: string
}

/** What is said to these bytes; of several answers the first counts. */
async function say(served: ServedProgram, bytes: string, timeoutMs?: number): Promise<Said> {
  const text = await sayRaw(served.port, bytes, timeoutMs)
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text }
}

const close = 'Connection: close\r\n'

/** A request for `/health` with these fields; `HOST` stands for the right one. */
function toHealth({ port }: ServedProgram, fields: string, target = '/health'): string {
  return `GET ${target} HTTP/1.1\r\n${fields.replaceAll('HOST', `127.0.0.1:${port}`)}\r\n${close}\r\n`
}

function toWrite({ port }: ServedProgram, fields: string, body = ''): string {
  const head = `PUT /registries/tools HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`
  return `${head}${fields}\r\n${close}\r\n${body}`
}

async function listStatuses(
  cases: readonly (readonly [string, number, string])[],
  ask: (bytes: string) => Promise<Said>,
): Promise<string[]> {
  const wrong: string[] = []
  for (const [sentence, status, bytes] of cases) {
    const said = await ask(bytes)
    if (said.status !== status)
      wrong.push(`${sentence}: ${said.status}, and not ${status}\n${said.text.slice(0, 300)}`)
    if (said.text.includes('HTTP/1.1 ') && !said.text.includes('content-security-policy'))
      wrong.push(`${sentence}: bare`)
  }
  return wrong
}

test('who asks under another name is refused', async () => {
  const served = await serveProgram()
  const own = `Host: HOST`
  const cases = [
    ['an evil name', 403, toHealth(served, 'Host: evil.example')],
    ['an evil name with our port', 403, toHealth(served, `Host: evil.example:${served.port}`)],
    ['a name that begins as ours', 403, toHealth(served, 'Host: localhost.evil.example')],
    ['a name that ends as ours', 403, toHealth(served, 'Host: evil-localhost')],
    ['a trailing dot', 403, toHealth(served, 'Host: localhost.')],
    ['user information', 403, toHealth(served, 'Host: evil@127.0.0.1')],
    ['ours behind a comma', 403, toHealth(served, 'Host: evil.example, 127.0.0.1')],
    ['an address in another notation', 403, toHealth(served, 'Host: 2130706433')],
    ['another address of this machine', 403, toHealth(served, 'Host: 127.0.0.2')],
    ['half a bracket', 403, toHealth(served, 'Host: [::1')],
    ['a name in brackets', 403, toHealth(served, 'Host: [localhost]')],
    ['IPv6 of somebody else', 403, toHealth(served, 'Host: [2001:db8::1]')],
    ['a port that is none', 403, toHealth(served, 'Host: 127.0.0.1:evil')],
    ['no name', 403, toHealth(served, 'Host: ')],
    ['no Host', 400, toHealth(served, 'Accept: */*')],
    ['HTTP/1.0 without Host', 400, 'GET /health HTTP/1.0\r\n\r\n'],
    ['two Hosts', 400, toHealth(served, `${own}\r\nHost: evil.example`)],
    ['twice the same Host', 400, toHealth(served, `${own}\r\n${own}`)],
    [
      'a second Host behind 2,000 fields',
      400,
      toHealth(served, `${own}\r\n${'A: b\r\n'.repeat(2000)}Host: evil`),
    ],
    ['a first line that names another', 403, toHealth(served, own, 'http://evil.example/health')],
    [
      'a first line that names us, and an evil Host',
      403,
      toHealth(served, 'Host: evil', `http://127.0.0.1/health`),
    ],
    [
      'what a proxy may say counts for nothing',
      403,
      toHealth(served, 'Host: evil\r\nX-Forwarded-Host: 127.0.0.1\r\nForwarded: host=127.0.0.1'),
    ],
    ['our address', 200, toHealth(served, own)],
    ['our address in the first line', 200, toHealth(served, own, `http://127.0.0.1:${served.port}/health`)],
    ['our name, however written', 200, toHealth(served, 'hOsT: LocalHost')],
    ['IPv6 of this machine', 200, toHealth(served, 'Host: [::1]:1')],
    ['another port: a tunnel has one of its own', 200, toHealth(served, 'Host: 127.0.0.1:8080')],
  ] as const
  expect(await listStatuses(cases, bytes => say(served, bytes))).toEqual([])
})

test('pages of others are refused, and what is no JSON', async () => {
  const served = await serveProgram()
  const from = (fields: string) => toHealth(served, `Host: HOST\r\n${fields}`)
  const token = await served.token('tool-detection')
  const sign = `Authorization: Bearer ${token}\r\nIf-Match: *\r\n`
  const body = (type: string) => toWrite(served, `${sign}${type}Content-Length: 2`, '{}')
  const cases = [
    ['a foreign page', 403, from('Origin: https://evil.example')],
    ['a page of no origin', 403, from('Origin: null')],
    ['a page of another port', 403, from('Origin: http://127.0.0.1:1')],
    ['a page of another scheme', 403, from('Origin: https://HOST')],
    ['a page whose name begins as ours', 403, from('Origin: http://HOST.evil.example')],
    ['two origins', 403, from('Origin: http://HOST\r\nOrigin: https://evil.example')],
    ['a browser that says so', 403, from('Sec-Fetch-Site: cross-site')],
    ['a neighbour', 403, from('Sec-Fetch-Site: same-site')],
    ['two answers of a browser', 403, from('Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site')],
    ['our own page', 200, from('Origin: http://HOST\r\nSec-Fetch-Site: same-origin')],
    ['an address that was typed', 200, from('Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate')],
    ['a write of text', 415, body('Content-Type: text/plain\r\n')],
    ['a write of a form', 415, body('Content-Type: application/x-www-form-urlencoded\r\n')],
    ['a write of no type', 415, body('')],
    ['a write of two types', 415, body('Content-Type: text/plain, application/json\r\n')],
    ['a write that hides its method', 405, from('X-HTTP-Method-Override: PUT').replace('GET', 'POST')],
    [
      'a question before a write',
      405,
      from('Origin: http://HOST\r\nAccess-Control-Request-Method: PUT').replace('GET', 'OPTIONS'),
    ],
  ] as const
  expect(await listStatuses(cases, bytes => say(served, bytes))).toEqual([])
  const { text } = await say(served, from('Origin: http://HOST'))
  expect(text.toLowerCase()).not.toContain('access-control-allow')
})

test('no token is taken from anywhere but its field', async () => {
  const served = await serveProgram()
  const token = await served.token('admin')
  const at = (target: string, fields = '') => toHealth(served, `Host: HOST${fields}`, target)
  const hyper = '/registries/hyper'
  const cases = [
    ['the field', 200, at(hyper, `\r\nAuthorization: Bearer ${token}`)],
    ['the field, in lower case', 200, at(hyper, `\r\nauthorization: bearer ${token}`)],
    ['the query', 401, at(`${hyper}?token=${token}`)],
    ['the query, as RFC 6750 had it', 401, at(`${hyper}?access_token=${token}`)],
    ['the query, as the field', 401, at(`${hyper}?authorization=Bearer%20${token}`)],
    ['a cookie', 401, at(hyper, `\r\nCookie: token=${token}`)],
    [
      'a field of another name',
      401,
      at(hyper, `\r\nX-Api-Key: ${token}\r\nProxy-Authorization: Bearer ${token}`),
    ],
    [
      'a password',
      401,
      at(hyper, `\r\nAuthorization: Basic ${Buffer.from(`admin:${token}`).toString('base64')}`),
    ],
    ['a token with something behind', 401, at(hyper, `\r\nAuthorization: Bearer ${token} x`)],
  ] as const
  expect(await listStatuses(cases, bytes => say(served, bytes))).toEqual([])
})

/** Where nothing can be written, no body is looked at. */
const tooLarge = routes.some(({ method }) => method === 'PUT') ? 413 : 405

test('what is too large, or ambiguous, is refused', async () => {
  const served = await serveProgram()
  const own = 'Host: HOST'
  const json = `Authorization: Bearer ${await served.token('admin')}\r\nContent-Type: application/json\r\n`
  const large = 'a'.repeat(1024 * 1024 + 1)
  const smuggled = `GET /registries/hyper HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`
  const cases = [
    [
      'a body of 1 MiB and a byte',
      tooLarge,
      toWrite(served, `${json}Content-Length: ${large.length}`, large),
    ],
    ['one that is announced alone', tooLarge, toWrite(served, `${json}Content-Length: ${2 ** 40}`)],
    [
      'one that is asked about first',
      tooLarge,
      toWrite(served, `${json}Expect: 100-continue\r\nContent-Length: ${2 ** 40}`),
    ],
    [
      'one in chunks',
      tooLarge,
      toWrite(served, `${json}Transfer-Encoding: chunked`, `100001\r\n${large}\r\n0\r\n\r\n`),
    ],
    ['a head of 16 KiB and a byte', 431, toHealth(served, `${own}\r\nX-A: ${'a'.repeat(16 * 1024 + 1)}`)],
    ['a first line that is too long', 431, toHealth(served, own, `/health?${'a'.repeat(17 * 1024)}`)],
    ['an id that is too long', 414, toHealth(served, own, `/registries/tools/${'a'.repeat(600)}`)],
    [
      'a length and chunks',
      400,
      toWrite(served, `${json}Content-Length: 6\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${smuggled}`),
    ],
    [
      'chunks and a length',
      400,
      toWrite(served, `${json}Transfer-Encoding: chunked\r\nContent-Length: 6`, `0\r\n\r\n${smuggled}`),
    ],
    ['two lengths', 400, toWrite(served, `${json}Content-Length: 2\r\nContent-Length: 3`, '{}')],
    ['a length with a sign', 400, toWrite(served, `${json}Content-Length: +2`, '{}')],
    ['a length below zero', 400, toWrite(served, `${json}Content-Length: -1`, '{}')],
    ['an unknown coding', 400, toWrite(served, `${json}Transfer-Encoding: xchunked`, '0\r\n\r\n')],
    [
      'chunks that are not the last coding',
      400,
      toWrite(served, `${json}Transfer-Encoding: chunked, identity`, '0\r\n\r\n'),
    ],
    ['a chunk whose size is none', 400, toWrite(served, `${json}Transfer-Encoding: chunked`, 'zz\r\n')],
    ['a folded field', 400, toHealth(served, `${own}\r\nX-A: b\r\n c`)],
    ['a space before the colon', 400, toHealth(served, `${own}\r\nX-A : b`)],
    ['a NUL', 400, toHealth(served, `${own}\r\nX-A: a\0b`)],
    ['a bare CR', 400, toHealth(served, `${own}\r\nX-A: a\rX-B: c`)],
    ['a bare LF', 400, 'GET /health HTTP/1.1\nHost: 127.0.0.1\n\n'],
    ['another protocol', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['HTTP/2', 400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an unknown method', 400, toHealth(served, own).replace('GET', 'BREW')],
    ['an unknown expectation', 417, toHealth(served, `${own}\r\nExpect: the-best`)],
    ['an upgrade is not taken', 200, toHealth(served, `${own}\r\nUpgrade: websocket`)],
  ] as const
  expect(await listStatuses(cases, bytes => say(served, bytes))).toEqual([])
  // Of what came with those nothing was taken for a request of its own.
  for (const [, , bytes] of cases.filter(each => each[2].includes(smuggled))) {
    expect((await say(served, bytes)).text.match(/HTTP\/1\.1 /g)).toHaveLength(1)
  }
})

test('who asks before it sends a body hears 100 only when the body is wanted', async () => {
  const served = await serveProgram()
  const ask = (host: string) =>
    say(
      served,
      toWrite(served, 'Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 9').replace(
        /Host: .*/,
        `Host: ${host}`,
      ),
      300,
    )
  expect((await ask('evil.example')).status).toBe(403)
})

test('what follows a refused body on its connection is answered', async () => {
  const served = await serveProgram()
  const refused = toWrite(served, 'Content-Type: text/plain\r\nContent-Length: 6', 'GET / ').replace(
    close,
    '',
  )
  const { text } = await say(served, refused + toHealth(served, 'Host: HOST'))
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 415', 'HTTP/1.1 200'])
})

test('tricks with the path lead nowhere', async () => {
  const served = await serveProgram()
  const secret = 'access_control'
  const at = async (target: string) => {
    const { status, text } = await say(served, toHealth(served, 'Host: HOST', target))
    expect(text, target).not.toContain(`"${secret}"`)
    return [target, status] as const
  }
  const targets: Readonly<Record<string, number>> = {
    '/registries/../x': 404,
    '/registries/../registries/hyper': 404,
    '/registries/tools/../hyper': 404,
    '/registries/%2e%2e': 404,
    '/registries/%2e%2e%2fhyper_registry.json': 404,
    '/registries/..%5chyper_registry.json': 404,
    '/registries/%00': 404,
    '/registries/tools%00': 404,
    '/registries/hyper%00.json': 404,
    '/registries/%2568yper': 404,
    '/registries/%68yper': 401,
    '/registries/tools%252fdocker': 404,
    '/registries/tools%2fdocker': 404,
    '/registries/hyper;a=b': 404,
    '/registries/hyper/': 401,
    '/registries/__proto__': 404,
    '/registries/constructor': 404,
    '/registries/toString': 404,
    '/registries/tools/__proto__': 404,
    '/registries/tools/constructor': 404,
    '/registries/tools/%5f_proto__': 404,
    '/explain/tools/__proto__': 404,
    '/explain/constructor/prototype': 404,
    '/query/__proto__': 404,
    '/query/tools?__proto__=x&filter=length': 200,
    '/query/tools?filter=length&filter=.': 200,
    '/health/registry/__proto__': 404,
    '/registries/%zz': 400,
    '/registries/%ff': 400,
    '/registries/%c0%ae': 400,
    '//evil.example/health': 404,
    '/HEALTH': 404,
    '/health/': 404,
    '/graph.json/': 404,
  }
  for (const [target, status] of Object.entries(targets)) expect(await at(target)).toEqual([target, status])
})

test('no secret is in an answer or in the log, even when everything is logged', async () => {
  const env = { OPENAI_API_KEY: 'sk-of-openai-4711', ANTHROPIC_API_KEY: 'sk-of-anthropic-4711' }
  const served = await serveProgram(['-v'], { env })
  const token = await served.token('admin')
  const guess = `nxr_${'g'.repeat(43)}`
  const ids = ['openai', 'anthropic']
  const targets = [
    '/health',
    '/env.json',
    '/env.sh',
    '/graph.json',
    '/registries/hyper',
    '/nothing',
    '/query/all?filter=$ENV,env',
  ].concat(ids.flatMap(id => [`/registries/providers/${id}`, `/explain/providers/${id}`, `/health/${id}`]))
  let told = ''
  for (const target of targets) {
    for (const sent of [token, guess]) {
      told += (await say(served, toHealth(served, `Host: HOST\r\nAuthorization: Bearer ${sent}`, target)))
        .text
      told += (await say(served, toHealth(served, `Host: HOST`, `${target}?token=${sent}`))).text.replaceAll(
        `?token=${sent}`,
        '',
      )
    }
  }
  await say(served, toHealth(served, `Host: ${token}`))
  served.child.kill('SIGTERM')
  await served.ended
  const log = JSON.stringify([served.events, served.notes])
  expect(log).toContain('"answered"')
  for (const secret of [...Object.values(env), token.slice(4), guess.slice(4)]) {
    expect(log).not.toContain(secret)
    expect(told).not.toContain(secret)
  }
  expect(told).not.toContain(served.options.directory)
})

test('with --rate-limit 100 the 101st request of a minute is told when to come again', async () => {
  const served = await serveProgram(['--rate-limit', '100'])
  const forwarded = (number: number) => `Host: HOST\r\nX-Forwarded-For: 10.0.0.${number}`
  const statuses: number[] = []
  for (let number = 1; number <= 100; number++) {
    // Those that lead nowhere count as well.
    const target = number % 2 === 0 ? '/health' : '/nothing'
    statuses.push((await say(served, toHealth(served, forwarded(number), target))).status)
  }
  expect([...new Set(statuses)].sort()).toEqual([200, 404])
  const late = await say(served, toHealth(served, forwarded(200)))
  expect(late.status).toBe(429)
  expect(Number(/retry-after: (\d+)/i.exec(late.text)?.[1])).toBeGreaterThan(0)
  expect((await say(served, toHealth(served, 'Host: HOST', '/nothing'))).status).toBe(429)
})

test('of 600 connections that drip none is left, and others are answered meanwhile', async () => {
  const served = await serveProgram()
  const write = 'PUT /registries/tools HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n'
  const drips = [
    { count: 200, start: 'GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ', drop: 'a' },
    { count: 200, start: `${write}Content-Length: 5000\r\n\r\n`, drop: ' ' },
    { count: 100, start: `${write}Transfer-Encoding: chunked\r\n\r\n`, drop: '1\r\na\r\n' },
    { count: 50, start: `POST /nothing HTTP/1.1\r\nHost: evil\r\nContent-Length: 5000\r\n\r\n`, drop: ' ' },
    { count: 50, start: '', drop: '' },
  ]
  const calls = drips.flatMap(({ count, start, drop }) =>
    Array.from({ length: count }, () => ({ ...callRaw(served.port, start), drop })),
  )
  const dripping = setInterval(() => {
    for (const { socket, drop } of calls) if (drop !== '' && socket.writable) socket.write(drop)
  }, 500)
  const meanwhile: number[] = []
  const asking = setInterval(() => {
    void say(served, toHealth(served, 'Host: HOST')).then(({ status }) => meanwhile.push(status))
  }, 500)
  const ended = await Promise.all(calls.map(call => call.ended))
  clearInterval(dripping)
  clearInterval(asking)
  expect(ended).toHaveLength(600)
  expect([meanwhile.length > 3, ...new Set(meanwhile)]).toEqual([true, 200])
})
