import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from '../../../src/lib/json/parse-json.ts'
import { registryNames } from '../../../src/registry/schema/names.ts'
import { planWrite } from '../../../src/server/write/plan-write.ts'
import type { Change } from '../../../src/server/write/write-request.ts'
import { createTextValidation } from '../../../src/validate/validate-content.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

const host = { sha256: (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex') }

const { load } = createTextValidation({ clock: createFakeClock() })

function plan(text: string, change: Change): string {
  const planned = planWrite(
    {
      registry: 'tools',
      change,
      precondition: { ifMatch: undefined, ifNoneMatch: undefined },
      caller: { kind: 'token', tokenId: 'a', role: 'admin' },
      readable: new Set(registryNames),
    },
    { current: load('tools', text), hyper: load('hyper', undefined) },
    host,
  )
  if (planned.kind === 'refused') throw new Error(String(planned.answer.body))
  return planned.text
}

const ids = ['a', 'gpt-4o', 'x-ai', 'org/b', 'docker']
const space = fc.constantFrom('', ' ', '\n', '\n  ', '\r\n\t', '  \n\n ')
const entry = fc.record(
  {
    detection: fc.constantFrom('which a', 'b -c', 'python -c "import d"'),
    'x-own': fc.oneof(
      fc.string(),
      fc.array(fc.integer(), { maxLength: 3 }),
      fc.constant({ deep: { er: null } }),
    ),
    'x-local': fc.constant(true),
    detected: fc.constant({ status: 'present' }),
  },
  { requiredKeys: ['detection'] },
)

/** A registry file as somebody may have laid it out by hand. */
const file = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.constantFrom(...ids), entry, fc.constantFrom(undefined, 2, '\t')), {
      selector: ([id]) => id,
      minLength: 2,
    }),
    fc.array(space, { minLength: 20, maxLength: 20 }),
  )
  .map(([entries, spaces]) => {
    const members = entries.map(([id, value, indent], index) => {
      const [before, after, behind] = spaces.slice(index * 3)
      return `${before}"${id}"${after}:${behind}${JSON.stringify(value, null, indent)}${before}`
    })
    return `${spaces[18]}{${members.join(',')}}${spaces[19]}`
  })

/** Texts of the entries of a registry, by id. */
function slices(text: string): Map<string, string> {
  const { root } = parseJson(text)
  if (root?.kind !== 'object') throw new Error(`no object: ${text}`)
  return new Map(root.members.map(({ key, value }) => [key, text.slice(value.start, value.end)]))
}

test('all that is not written keeps its bytes, however the file is laid out', () => {
  fc.assert(
    fc.property(file, fc.constantFrom(...ids), entry, (text, id, value) => {
      const before = slices(text)
      const after = plan(text, { kind: 'put', id, value })
      const { root } = parseJson(text)
      const member = root?.kind === 'object' ? root.members.find(({ key }) => key === id) : undefined
      const last = root?.kind === 'object' ? root.members.at(-1)?.value.end : undefined
      const [from, to] = member ? [member.value.start, member.value.end] : [last, last]
      expect(after.startsWith(text.slice(0, from))).toBe(true)
      expect(after.endsWith(text.slice(to))).toBe(true)
      expect([...slices(after).keys()]).toEqual([...new Set([...before.keys(), id])])
    }),
  )
})

test('what is taken away takes nothing with it', () => {
  fc.assert(
    fc.property(file, text => {
      const before = slices(text)
      for (const id of before.keys()) {
        const rest = new Map([...before].filter(([key]) => key !== id))
        expect(slices(plan(text, { kind: 'delete', id }))).toEqual(rest)
      }
    }),
  )
})

test('what is sent back as it was read changes nothing', () => {
  fc.assert(
    fc.property(file, text => {
      // Entries that are not sound are new ones: here all are, but for what they lack.
      const sound = text
        .replaceAll('"detection"', '"env_var": "NEXUS_HAS_A", "detection"')
        .replaceAll('"detected"', '"x-d"')
      expect(plan(sound, { kind: 'document', value: JSON.parse(sound) })).toBe(sound)
    }),
  )
})

test('whatever is written: no entry that is not marked asks anything that it did not ask before', () => {
  fc.assert(
    fc.property(
      file,
      fc.dictionary(fc.constantFrom(...ids), entry, { noNullPrototype: true }),
      (text, value) => {
        const before = JSON.parse(text)
        const after = JSON.parse(plan(text, { kind: 'document', value }))
        for (const [id, now] of Object.entries<Record<string, unknown>>(after)) {
          if (now['x-upstream'] === undefined) expect(now.detection).toBe(before[id].detection)
          expect([undefined, before[id]?.['x-local']]).toContain(now['x-local'])
        }
      },
    ),
  )
})
