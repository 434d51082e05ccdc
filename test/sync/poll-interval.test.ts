import { expect, test } from 'vitest'
import { parseRegistry } from '../../src/registry/load/parse-registry.ts'
import { pollIntervalSeconds } from '../../src/sync/watch/poll-home.ts'
import { soundTexts } from '../support/homes/valid-home.ts'

const sound = soundTexts.hyper.replace('"interval_seconds": 60', '"interval_seconds": 20')
const broken = sound.replace('"type": "polling"', '"type": "pushing"')
const without = sound.replace('"interval_seconds": 20, ', '')

test.each([
  ['what the sync protocol says', sound, 20],
  ['that also when the document is broken somewhere else', broken, 20],
  ['what the metadata says when the protocol says nothing', without.replace(': 60,', ': 30,'), 30],
  ['a minute when nobody says anything', '{ "sync_protocol": [], "metadata": {} }', 60],
  ['a minute when it is no number of seconds', sound.replace(': 20', ': "20"'), 60],
  ['a minute when it is less than a second', sound.replace(': 20', ': 0'), 60],
  ['a minute when it is more than a day', sound.replace(': 20', ': 86401'), 60],
  ['a minute when it cannot be read', '{', 60],
  ['a minute when it is not there', undefined, 60],
])('the interval is %s', (_, text, seconds) => {
  const read =
    text === undefined ? undefined : parseRegistry('hyper', '/hyper_registry.json', Buffer.from(text))
  expect(pollIntervalSeconds({ content: read?.content, text })).toBe(seconds)
})
