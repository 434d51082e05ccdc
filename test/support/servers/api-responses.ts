import { Ajv2020 } from 'ajv/dist/2020.js'

/** A call of the server, and the route that answers it: `/registries/{registry}`. */
export interface ApiCall {
  readonly method: string
  /** Path of the route as the OpenAPI document has it. */
  readonly path: string
}

/** What a real answer has that the OpenAPI document does not allow. */
export type CheckAnswer = (call: ApiCall, answer: Response) => Promise<string[]>

/** Holds answers against an OpenAPI document. Of a stream only the head is looked at. */
export function createAnswerCheck(document: object): CheckAnswer {
  const findFaults = createPlaceCheck(document)
  return async ({ method, path }, answer) => {
    const [type = ''] = (answer.headers.get('content-type') ?? '').split(';')
    const responses = ['paths', path, method === 'HEAD' ? 'get' : method.toLowerCase(), 'responses']
    const status = [String(answer.status), 'default'].find(each => isThere(document, [...responses, each]))
    if (status === undefined) return [`${answer.status} is not said`]
    const body = type === 'text/event-stream' ? await dropBody(answer) : await answer.text()
    if (body === '' && (type === '' || method === 'HEAD')) return []
    const place = [...responses, status, 'content', type, 'schema']
    if (!isThere(document, place)) return [`${answer.status} in ${type} is not said`]
    return findFaults(place, parseBody(type, body)).map(fault => `${answer.status}: ${fault}`)
  }
}

function parseBody(type: string, body: string): unknown {
  return /[/+]json$/.test(type) ? JSON.parse(body) : body
}

/** Holds values against schemas of an OpenAPI document, by their names. */
export function createSchemaCheck(document: object): (name: string, value: unknown) => string[] {
  const findFaults = createPlaceCheck(document)
  return (name, value) => findFaults(['components', 'schemas', name], value)
}

function createPlaceCheck(document: object) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema(document, 'api')
  return (place: readonly string[], value: unknown): string[] => {
    const validate = ajv.compile({ $ref: `api#${place.map(part => `/${toPointerPart(part)}`).join('')}` })
    return validate(value) ? [] : [ajv.errorsText(validate.errors)]
  }
}

async function dropBody(answer: Response): Promise<string> {
  await answer.body?.cancel()
  return 'a stream'
}

function isThere(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return value !== undefined
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
  return isThere(Object.entries(value).find(([name]) => name === key)?.[1], rest)
}

// JSON Pointer in a URI fragment: RFC 6901, 6.
function toPointerPart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
}
