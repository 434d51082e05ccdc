import type { YamlValue } from './parse-go-yaml.ts'
import { isBase64 } from './resolve-scalar.ts'

/** Whether kubectl decodes a value into a field of Go: null leaves any field as it is. */
type Field = (value: YamlValue | undefined) => boolean

const isText: Field = value => value === undefined || value === null || typeof value === 'string'
const isFlag: Field = value => value === undefined || value === null || typeof value === 'boolean'
const isData: Field = value => isText(value) && (typeof value !== 'string' || isBase64(value))

function isListOf(field: Field): Field {
  return value => value === undefined || value === null || (Array.isArray(value) && value.every(field))
}

function isMapOf(field: Field): Field {
  return value =>
    value === undefined || value === null || (isObject(value) && Object.values(value).every(field))
}

function isStruct(fields: Readonly<Record<string, Field>>): Field {
  const all = Object.entries(fields)
  return value =>
    value === undefined ||
    value === null ||
    (isObject(value) && all.every(([name, field]) => field(value[name])))
}

/** A list whose items become the members of a map, by their names. */
function isNamedList(fields: Readonly<Record<string, Field>>): Field {
  const isList = isListOf(isStruct({ name: isText, ...fields }))
  return value => {
    if (!isList(value)) return false
    const names = Array.isArray(value) ? value.map(item => (isObject(item) && item.name) || '') : []
    return new Set(names).size === names.length
  }
}

// The types of k8s.io/client-go/tools/clientcmd/api/v1.
const extensions = isNamedList({})
const isConfig = isStruct({
  'current-context': isText,
  preferences: isStruct({ colors: isFlag, extensions }),
  clusters: isNamedList({
    cluster: isStruct({
      server: isText,
      'tls-server-name': isText,
      'insecure-skip-tls-verify': isFlag,
      'certificate-authority': isText,
      'certificate-authority-data': isData,
      'proxy-url': isText,
      'disable-compression': isFlag,
      extensions,
    }),
  }),
  users: isNamedList({
    user: isStruct({
      'client-certificate': isText,
      'client-certificate-data': isData,
      'client-key': isText,
      'client-key-data': isData,
      token: isText,
      tokenFile: isText,
      as: isText,
      'as-uid': isText,
      'as-groups': isListOf(isText),
      'as-user-extra': isMapOf(isListOf(isText)),
      username: isText,
      password: isText,
      'auth-provider': isStruct({ name: isText, config: isMapOf(isText) }),
      exec: isStruct({
        command: isText,
        args: isListOf(isText),
        env: isListOf(isStruct({ name: isText, value: isText })),
        apiVersion: isText,
        installHint: isText,
        provideClusterInfo: isFlag,
        interactiveMode: isText,
      }),
      extensions,
    }),
  }),
  contexts: isNamedList({
    context: isStruct({ cluster: isText, user: isText, namespace: isText, extensions }),
  }),
  extensions,
})

/** The current context of a kubeconfig, empty when it sets none; undefined when kubectl refuses the file. */
export function toCurrentContext(document: YamlValue): string | undefined {
  if (document === null) return ''
  if (!isObject(document) || !hasType(document) || !isConfig(document)) return undefined
  const current = document['current-context']
  return typeof current === 'string' ? current : ''
}

// What a file is, is read with any case of the letters; of two spellings the last in order counts.
function hasType(document: { [key: string]: YamlValue }): boolean {
  return [
    { name: 'apiversion', expected: ['', 'v1', '__internal'] },
    { name: 'kind', expected: ['', 'Config'] },
  ].every(({ name, expected }) => {
    const keys = Object.keys(document)
      .filter(key => key.toLowerCase() === name && document[key] !== null)
      .sort()
    if (!keys.every(key => typeof document[key] === 'string')) return false
    const last = keys.at(-1)
    return last === undefined || expected.some(value => value === document[last])
  })
}

function isObject(value: YamlValue | undefined): value is { [key: string]: YamlValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
