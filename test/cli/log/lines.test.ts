import { expect, test } from 'vitest'
import { logFormats } from '../../../src/cli/log.ts'
import { parseJson } from '../../../src/lib/json/parse-json.ts'
import { createStyle } from '../../../src/lib/terminal/style.ts'
import type { ServeEvent } from '../../../src/server/serve-request.ts'
import type { WatchEvent } from '../../../src/sync/watch/watch-events.ts'

const time = '2026-11-24T12:00:00.000Z'
const change = (ref: 'tools/jq' | 'tools/git', from: string | null, to: string) =>
  ({ ref, field: 'version', from, to }) as const

const synced = {
  event: 'synced',
  changes: [],
  upstreams: [],
  duration_ms: 85,
  warnings: [],
  next_attempt: time,
} as const
const failed = {
  event: 'failed',
  during: 'sync',
  error: 'no space is left',
  hint: 'Free some',
  failures: 1,
  warnings: [],
  next_attempt: time,
} as const

async function write(
  format: keyof typeof logFormats,
  event: ServeEvent,
  options: { isQuiet?: boolean; isVerbose?: boolean; color?: boolean } = {},
): Promise<string> {
  const lines: string[] = []
  const tell = await logFormats[format]({
    stream: { write: line => lines.push(line) },
    now: () => Date.parse(time),
    pid: 42,
    style: await createStyle({
      stream: { isTerminal: options.color ?? false },
      env: { TERM: 'xterm' },
      color: options.color ?? false,
    }),
    redact: text => text.replaceAll('s3cret', '[hidden]'),
    level: options.isQuiet ? 'warn' : options.isVerbose ? 'debug' : 'info',
  })
  tell(event)
  return lines.join('')
}

const started: WatchEvent = { event: 'started', home: '/home/ada/registries' }

test.each<[string, WatchEvent, string, string]>([
  ['the start', started, 'started  syncing /home/ada/registries', '"home":"/home/ada/registries"'],
  [
    'a poll without changes',
    synced,
    'synced   no changes, in 85 ms',
    `"changes":[],"upstreams":[],"duration_ms":85,"warnings":[],"next_attempt":"${time}"`,
  ],
  [
    'a poll with changes',
    { ...synced, changes: [change('tools/jq', '1.6', '1.7'), change('tools/git', null, '2.4')] },
    'synced   2 changes in 85 ms: tools/jq version 1.6 → 1.7, tools/git version – → 2.4',
    '"changes":[{"ref":"tools/jq","field":"version","from":"1.6","to":"1.7"},',
  ],
  [
    'a poll in which an upstream had something new',
    {
      ...synced,
      changes: [change('tools/jq', '1.6', '1.7')],
      upstreams: [{ registry: 'models', created: 2, updated: 1, removed: 0 }],
    },
    'synced   4 changes in 85 ms: models 2 new 1 changed 0 removed, tools/jq version 1.6 → 1.7',
    '"upstreams":[{"registry":"models","created":2,"updated":1,"removed":0}]',
  ],
  [
    'a poll with many changes',
    { ...synced, changes: Array.from({ length: 8 }, (_, n) => change('tools/jq', `${n}`, `${n + 1}`)) },
    'synced   8 changes in 85 ms: tools/jq version 0 → 1, tools/jq version 1 → 2, tools/jq version 2 → 3, tools/jq version 3 → 4, tools/jq version 4 → 5, 3 more',
    '"from":"7","to":"8"}]',
  ],
  [
    'a failure',
    failed,
    'failed   no space is left: Free some',
    '"error":"no space is left","hint":"Free some"',
  ],
  [
    'one failure after others, without a hint',
    { ...failed, failures: 3, hint: null },
    'failed   no space is left (3 times in a row)',
    '"hint":null,"failures":3',
  ],
  [
    'a reload',
    { event: 'reloaded', files: ['/etc/a.json', '/etc/b.json'] },
    'reloaded read /etc/a.json, /etc/b.json',
    '"files":["/etc/a.json","/etc/b.json"]',
  ],
  [
    'newer shipped data',
    {
      event: 'upgraded',
      from: '0.1.0',
      to: '0.2.0',
      created: 2,
      updated: 1,
      waiting: 0,
      message: 'Took newer shipped data (0.1.0 → 0.2.0): 2 entries added, 1 updated',
    },
    'upgraded Took newer shipped data (0.1.0 → 0.2.0): 2 entries added, 1 updated',
    '"created":2',
  ],
  ['a reload of nothing', { event: 'reloaded', files: [] }, 'reloaded no configuration file', '"files":[]'],
  [
    'an edit',
    { event: 'edited', registries: ['tools', 'models'] },
    'edited   tools, models: syncing again',
    '"registries":["tools","models"]',
  ],
  ['the end', { event: 'stopping', reason: 'SIGTERM' }, 'stopping received SIGTERM', '"reason":"SIGTERM"'],
  [
    'the end by another daemon',
    { event: 'stopping', reason: 'displaced' },
    'stopping another process has taken over this home',
    '"reason":"displaced"',
  ],
])('%s is a line for people and one for programs', async (_, event, text, part) => {
  expect(await write('pretty', event)).toBe(`2026-11-24T12:00:00Z ${text}\n`)
  const line = await write('json', event)
  expect(line).toContain(part)
  expect(line).toMatch(/^\{.*\}\n$/)
  expect(JSON.parse(line)).toEqual({ level: expect.any(String), time, pid: 42, ...event })
})

test.each<[string, WatchEvent, string, boolean]>([
  ['what is well', synced, 'info', false],
  ['warnings', { ...synced, warnings: ['w'] }, 'warn', true],
  ['failures', failed, 'error', true],
])('%s has its level, and is told when quiet or not', async (_, event, level, isTold) => {
  expect(JSON.parse(await write('json', event))).toMatchObject({ level })
  expect((await write('json', event, { isQuiet: true })) !== '').toBe(isTold)
  expect((await write('pretty', event, { isQuiet: true })) !== '').toBe(isTold)
})

const hostile = 'a\u001b[31m\nb\r\u009bc\u202ed\u2028e\u007ff\ts3cret'

test('whatever is told stays on its line, and nothing in it is sent to a terminal', async () => {
  const event = { ...failed, error: hostile }
  const pretty = await write('pretty', event)
  expect(pretty).toContain('failed   a\\x1b[31m\\nb\\r\\x9bc\\u202ed\\u2028e\\x7ff\\t[hidden]')
  const json = await write('json', event)
  for (const line of [pretty, json]) expect(line).toMatch(/^[\x20-\x7e]*\n$/)
  expect(JSON.parse(json).error).toBe(hostile.replace('s3cret', '[hidden]'))
})

test('colours are there where they are wanted', async () => {
  expect(await write('pretty', failed, { color: true })).toContain('\u001b[31mfailed')
  expect(await write('pretty', started)).not.toContain('\u001b')
})

const written = {
  event: 'written',
  time: '2026-11-24T11:59:59.000Z',
  request: '0123456789abcdef',
  token: '01ab23cd',
  role: 'tool-detection',
  address: '127.0.0.1',
  method: 'PUT',
  registry: 'tools',
  id: 'git',
  status: 201,
  outcome: 'created',
  reason: null,
  before: null,
  after: null,
} as const

test.each<[string, ServeEvent, string]>([
  ['a write', written, 'written  PUT tools/git by tool-detection (01ab23cd): created, 201'],
  ['a write of all of a registry', { ...written, id: null }, 'written  PUT tools by tool-detection'],
  ['a write that was refused', { ...written, status: 412, outcome: 'refused' }, ': refused, 412'],
  ['a line that could not be kept', { event: 'unrecorded', error: 'no space' }, 'in the audit log: no space'],
])('%s is told', async (_, event, expected) => {
  expect(await write('pretty', event)).toContain(expected)
  expect(await write('json', event)).toContain(`"event":"${event.event}"`)
})

const everyEvent: readonly ServeEvent[] = [
  started,
  synced,
  failed,
  written,
  { event: 'reloaded', files: [] },
  { event: 'edited', registries: ['tools'] },
  { event: 'stopping', reason: 'SIGTERM' },
  { event: 'listening', home: '/home/ada', url: 'http://127.0.0.1:4780' },
  { event: 'exposed', url: 'http://192.0.2.1:4780' },
  { event: 'unlinked', error: 'no space' },
  { event: 'unpolled', pid: 7 },
  { event: 'answered', method: 'GET', route: '/health', status: 200, duration_ms: 1 },
  { event: 'unrecorded', error: 'no space' },
  { event: 'defect', method: 'GET', error: 'no' },
  { event: 'stopped' },
]

test.each(everyEvent.map(event => [event.event, event] as const))(
  'no key occurs twice in the line of %s, and none hides one that each line has',
  async (_, event) => {
    const line = await write('json', event, { isVerbose: true })
    const { value, errors } = parseJson(line)
    expect(errors).toEqual([])
    expect(value).toMatchObject({ level: expect.any(String), time, pid: 42, event: event.event })
    const { time: own, pid, ...rest } = { time: undefined, pid: undefined, ...event }
    expect(value).toMatchObject({ ...rest, ...(own && { event_time: own }), ...(pid && { event_pid: pid }) })
  },
)

test('what strangers try is told only when every request is', async () => {
  expect(await write('pretty', { ...written, token: null, role: null, status: 401, outcome: 'denied' })).toBe(
    '',
  )
})
