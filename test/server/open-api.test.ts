import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { program } from '../../src/lib/program.ts'
import { registryFiles, registryNames, subRegistryNames } from '../../src/registry/schema/names.ts'
import { documentSchemaNames, entrySchemaNames, toComponentSchemas } from '../../src/server/api-schemas.ts'
import { toOpenApi } from '../../src/server/docs/open-api.ts'
import { ifMatchParameter, problem, type Route, response } from '../../src/server/route.ts'
import { entry } from '../../src/server/routes/entry.ts'
import { routes } from '../../src/server/routes/index.ts'
import { readJson } from '../registry/support.ts'
import { type ServedHome, startServedHome } from '../support/homes/served-home.ts'
import { soundTexts } from '../support/homes/valid-home.ts'
import { createAnswerCheck, createSchemaCheck } from '../support/servers/api-responses.ts'

const server = { base: 'http://127.0.0.1:4780', options: [] }
const schemas = toComponentSchemas()
const document = toOpenApi({ routes, schemas, server })
const checkAnswer = createAnswerCheck(document)
const findFaults = createSchemaCheck(document)
const named = routes.map(route => [`${route.method} ${route.path}`, route] as const)

/** Calls the server like whoever has a token, or like anybody. */
function call(path: string, { ask }: ServedHome, options: Parameters<ServedHome['ask']>[1] = {}) {
  return ask(path, { redirect: 'manual', ...options })
}

describe('the OpenAPI document', () => {
  test('is what the specification of OpenAPI 3.1 allows', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone({ ...document }))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  // The other home has other registries, and other people may read them.
  test('is served, in the same bytes whatever home it is and whoever asks', async () => {
    const [one, other] = [await startServedHome(), await startServedHome({ texts: soundTexts })]
    const text = await (await call('/openapi.json', one)).text()
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(document)))
    const admin = await call('/openapi.json', other, { token: await other.token('admin') })
    expect(await admin.text()).toBe(text)
  })

  test('can be kept by clients', async () => {
    const served = await startServedHome()
    const etag = (await call('/openapi.json', served)).headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[0-9a-f]{32}(?:-gzip|-br)?"$/)
    expect((await call('/openapi.json', served, { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  test('has the version of the program', () => {
    expect(document.info.version).toBe(program.version)
  })

  test('names every operation once', () => {
    const ids = Object.values(document.paths).flatMap(path =>
      Object.values(path).map(({ operationId }) => operationId),
    )
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted())
    expect(ids).toHaveLength(routes.length)
  })

  test('refers to schemas that are there', () => {
    const text = JSON.stringify(document)
    const used = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name)
    const known = Object.keys(document.components.schemas)
    expect(used.filter(name => !known.includes(name))).toEqual([])
  })

  test.each(registryNames)('has a schema that takes the shipped %s', name => {
    const shipped = readJson(`registries/${registryFiles[name]}`)
    expect(findFaults(documentSchemaNames[name], { ...shipped, $schema: '../any.json' })).toEqual([])
    expect(findFaults(documentSchemaNames[name], [])).not.toEqual([])
  })

  test.each(subRegistryNames)('has a schema that takes the shipped entries of %s, and no others', name => {
    const shipped = Object.values(readJson(`registries/${registryFiles[name]}`))
    expect(shipped.flatMap(each => findFaults(entrySchemaNames[name], each))).toEqual([])
    expect(findFaults(entrySchemaNames[name], { wrong: true })).not.toEqual([])
  })
})

describe.each(named)('%s', (_, route) => {
  test('is described', () => {
    const { parameters, answers, body } = route.docs
    const places = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    const inPath = parameters.filter(parameter => parameter.in === 'path')
    expect(inPath.map(({ name }) => name)).toEqual(places)
    expect(inPath.every(({ isRequired }) => isRequired)).toBe(true)
    expect(Object.keys(answers).filter(status => Number(status) < 400)).not.toEqual([])
    expect(body !== null).toBe(['POST', 'PUT', 'PATCH'].includes(route.method))
    const texts = [route.summary, ...[...parameters, ...Object.values(answers)].map(({ says }) => says)]
    expect(texts.filter(text => !/^.+[^.\s]$/.test(text))).toEqual([])
  })

  test('has an example that leads to it', () => {
    const [path = ''] = route.docs.example.split('?')
    const pattern = route.path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')
    expect(path).toMatch(new RegExp(`^${pattern}$`))
  })
})

describe('real answers are as the document says', () => {
  test('those of every example, to anybody and to admin', async () => {
    const served = await startServedHome()
    const token = await served.token('admin')
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      const path = toDocumentPath(route)
      for (const who of ['', token]) {
        const answered = await call(route.docs.example, served, { token: who })
        expect([path, answered.status], path).toEqual([path, expect.toSatisfy(isWell)])
        expect(await checkAnswer({ method: 'GET', path }, answered), path).toEqual([])
      }
    }
  })

  test.each(registryNames)('those about %s, to whoever asks', async name => {
    const served = await startServedHome()
    const callers = ['', await served.token('adapter'), await served.token('admin')]
    const [id = 'none'] = Object.keys(readJson(`registries/${registryFiles[name]}`))
    const paths = [
      [`/registries/${registryFiles[name]}`, '/registries/{registry}'],
      [`/health/registry/${name}`, '/health/registry/{registry}'],
      [`/registries/${name}/${encodeURIComponent(id)}`, '/registries/{registry}/{id}'],
      [`/registries/${name}/nothing`, '/registries/{registry}/{id}'],
    ] as const
    for (const [asked, path] of paths)
      for (const token of callers)
        expect(
          await checkAnswer({ method: 'GET', path }, await call(asked, served, { token })),
          asked,
        ).toEqual([])
  })

  test.each([
    ['a token that does not hold', '/health', '/health', { token: 'wrong' }, 401],
    ['a registry that there is not', '/registries/none', '/registries/{registry}', {}, 404],
    ['a page of another server', '/health', '/health', { headers: { origin: 'http://other.example' } }, 403],
    ['a browser at the start', '/', '/', { headers: { accept: 'text/html' } }, 200],
    ['a look at the head', '/registries/tools', '/registries/{registry}', { method: 'HEAD' }, 200],
  ])('that for %s', async (_, asked, path, options, status) => {
    const answered = await call(asked, await startServedHome(), options)
    expect(answered.status).toBe(status)
    const method = 'method' in options ? String(options.method) : 'GET'
    expect(await checkAnswer({ method, path }, answered)).toEqual([])
  })

  test('an answer that is not said is found', async () => {
    const health = { method: 'GET', path: '/health' }
    expect(await checkAnswer(health, Response.json({ status: 'ok' }))).toEqual([
      "200: data must have required property 'registries'",
    ])
    expect(await checkAnswer(health, new Response('ok'))).toEqual(['200 in text/plain is not said'])
    expect(await checkAnswer({ method: 'GET', path: '/none' }, new Response(''))).toEqual(['200 is not said'])
  })
})

describe('a write', () => {
  const write: Route = {
    ...entry,
    method: 'PUT',
    access: 'write',
    docs: {
      ...entry.docs,
      parameters: [...entry.docs.parameters, ifMatchParameter],
      body: { 'application/json': ['Tool'] },
      answers: { 200: response('It is written', 'Tool'), 412: problem('It has changed meanwhile') },
    },
  }
  const written = toOpenApi({ routes: [write], schemas, server })
  const operation = written.paths['/registries/{registry}/{id}']?.put

  test('is described with its body, its precondition, and who may', async () => {
    expect(await new Validator().validate(structuredClone({ ...written }))).toEqual({ valid: true })
    expect(operation).toMatchObject({
      security: [{ bearer: [] }],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Tool' } } },
      },
      responses: { 200: { headers: { ETag: {} } }, 412: {}, 401: {}, 403: {}, 404: {}, default: {} },
    })
  })

  test('has an example with all that it needs, and no secret', () => {
    expect(operation?.['x-codeSamples'][0]?.source).toBe(
      [
        'curl -s -X PUT',
        '-H "Authorization: Bearer $TOKEN"',
        `-H 'If-Match: "4b1f0c5a9d2e7f60"'`,
        `-H 'Content-Type: application/json' --data-binary @body.json`,
        'http://127.0.0.1:4780/registries/tools/docker',
      ].join(' \\\n  '),
    )
  })
})

function toDocumentPath({ path }: Route): string {
  return path.replace(/:(\w+)/g, '{$1}')
}

function isWell(status: number): boolean {
  return status >= 200 && status < 300
}
