import { readFileSync } from 'node:fs'
import nodePath from 'node:path'
import { parseRegistry } from '../../../src/registry/load/parse-registry.ts'
import {
  isSubRegistry,
  type RegistryName,
  registryFiles,
  registryNames,
} from '../../../src/registry/schema/names.ts'
import type { HomeTexts } from '../../support/homes/valid-home.ts'

type Fields = Record<string, unknown>

/** What is in every secret of a registry, and nowhere else. */
export function markOf(registry: RegistryName): string {
  return `zq${registry.replaceAll('_', '')}`
}

/** The shipped home, with what a sync has found; `access` is put into its matrix. */
export function plainTexts(access: Fields = {}): HomeTexts {
  const read = (name: RegistryName) => readFileSync(nodePath.join('registries', registryFiles[name]), 'utf8')
  const texts = Object.fromEntries(
    registryNames.map(name => [name, withDetected(name, JSON.parse(read(name)))]),
  )
  const hyper = Object(texts.hyper)
  return toTexts({ ...texts, hyper: { ...hyper, access_control: { ...hyper.access_control, ...access } } })
}

/**
 * The same home, but in these registries every string that may be another one is a secret, the first entry has a secret
 * name instead of its own, and each of the others has a twin with a secret name.
 */
export function withSecrets(texts: HomeTexts, hidden: readonly RegistryName[]): HomeTexts {
  const secret = (name: RegistryName) =>
    hidden.includes(name) ? hide(name, JSON.parse(texts[name])) : JSON.parse(texts[name])
  return toTexts(Object.fromEntries(registryNames.map(name => [name, secret(name)])))
}

function toTexts(contents: Fields): HomeTexts {
  const text = (name: RegistryName) => `${JSON.stringify(contents[name], null, 2)}\n`
  return {
    hyper: text('hyper'),
    dashboard: text('dashboard'),
    tools: text('tools'),
    providers: text('providers'),
    models: text('models'),
    plugins: text('plugins'),
    microservices: text('microservices'),
    adapters: text('adapters'),
    ml_frameworks: text('ml_frameworks'),
  }
}

const checkedAt = '2026-11-23T08:42:55.000Z'
const reason = 'it does not answer'

const found: Readonly<Partial<Record<RegistryName, Fields>>> = {
  tools: {
    status: 'broken',
    path: '/usr/bin/it',
    version: '1.2.3',
    evidence: 'path',
    reason,
    checked_at: checkedAt,
  },
  ml_frameworks: {
    status: 'broken',
    path: '/usr/lib/it',
    version: '1.2.3',
    evidence: 'import',
    reason,
    checked_at: checkedAt,
    details: { version_raw: 'v1.2.3' },
  },
  providers: {
    status: 'unconfigured',
    key_env: null,
    reachable: false,
    latency_ms: null,
    reason,
    checked_at: checkedAt,
  },
  microservices: { status: 'down', latency_ms: null, reason, checked_at: checkedAt },
}

function withDetected(name: RegistryName, content: Fields): Fields {
  const detected = found[name]
  if (detected === undefined) return content
  return mapFields(content, (key, value) => [key, key === '$schema' ? value : { ...Object(value), detected }])
}

function hide(name: RegistryName, content: Fields): Fields {
  let count = 0
  const nextMark = () => `${markOf(name)}${count++}x`
  const forms: FormsByPlace = new Map()
  if (!isSubRegistry(name)) return hideStrings(name, content, { nextMark, forms })
  // Entry by entry: each is checked alone, which is quicker.
  const entries = mapFields(content, (id, entry) => {
    if (id === '$schema') return [id, entry]
    return [id, hideStrings(name, { [id]: entry }, { nextMark, forms })[id]]
  })
  return withSecretIds(name, entries)
}

type Form = (mark: string, before: string) => string
type FormsByPlace = Map<string, Form>

function hideStrings(
  name: RegistryName,
  content: Fields,
  { nextMark, forms }: { readonly nextMark: () => string; readonly forms: FormsByPlace },
): Fields {
  const isSound = (changed: Fields) =>
    parseRegistry(name, '', new TextEncoder().encode(JSON.stringify(changed))).diagnostics.length === 0
  return listStrings(content).reduce((current, path) => {
    const before = String(valueAt(current, path))
    const put = (form: Form) => replaceAt(current, path, form(mark, before))
    const mark = nextMark()
    // Strings of the same place in other entries take the same form.
    const place = path.slice(isSubRegistry(name) ? 1 : 0).join('/')
    const form = [...(forms.has(place) ? [forms.get(place) ?? keep] : []), ...possibleForms].find(each =>
      isSound(put(each)),
    )
    forms.set(place, form ?? keep)
    return form === undefined ? current : put(form)
  }, content)
}

const keep: Form = (_, before) => before

/** Ways in which a string may be another one, the first that its schema takes. */
const possibleForms: readonly Form[] = [
  mark => mark,
  mark => `which ${mark}`,
  mark => `NEXUS_HAS_${mark.toUpperCase()}`,
  mark => `https://${mark}.example/${mark}`,
  mark => `http://127.0.0.1:9999/${mark}`,
  mark => `/${mark}`,
  mark => `./${mark}.json`,
  mark => `1.0.0-${mark}`,
  mark => `>=1.0.0-${mark}`,
  (mark, before) => `${before}-${mark}`,
]

function withSecretIds(name: RegistryName, content: Fields): Fields {
  const [first] = Object.keys(content).filter(key => key !== '$schema')
  const twins = mapFields(content, (key, value) => [
    key === '$schema' ? key : `${markOf(name)}_${key}`,
    value,
  ])
  return { ...Object.fromEntries(Object.entries(content).filter(([key]) => key !== first)), ...twins }
}

function mapFields(fields: Fields, map: (key: string, value: unknown) => [string, unknown]): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => map(key, value)))
}

type Path = readonly string[]

function listStrings(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$schema' || key === 'access_control' ? [] : listStrings(inner, [...path, key]),
  )
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((inner: unknown, part) => Object(inner)[part], value)
}

function replaceAt(content: Fields, path: Path, text: string): Fields {
  const copy: Fields = structuredClone(content)
  Object(valueAt(copy, path.slice(0, -1)))[path.at(-1) ?? ''] = text
  return copy
}
