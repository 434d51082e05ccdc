import { expect, test } from 'vitest'
import { createProgressLine } from '../../src/cli/progress.ts'
import { toSigns } from '../../src/lib/terminal/signs.ts'

/** A progress line, and a clock that goes on by hand. */
function createLine(columns: number) {
  const written: string[] = []
  const clock = { now: 0, wake: (): void => undefined }
  const line = createProgressLine({
    stream: { write: text => written.push(text), isTerminal: true, columns },
    clock: {
      elapsed: () => clock.now,
      sleep: (_, signal) =>
        new Promise((resolve, reject) => {
          clock.wake = resolve
          signal?.addEventListener('abort', () => reject(new Error('cleared')))
        }),
    },
    signs: toSigns({ LANG: 'C' }),
  })
  const wait = async (ms: number) => {
    clock.now += ms
    clock.wake()
    await new Promise(resolve => setImmediate(resolve))
    return written.at(-1)?.replace('\u001b[2K\r', '')
  }
  return { line, written, wait }
}

test('names what is waited for longest first, with its time, and fits on one line', async () => {
  const { line, wait } = createLine(60)
  for (const ref of ['tools/gcloud', 'tools/git', 'tools/aws', 'tools/jq'] as const)
    line.update({ ref, state: 'started' })
  line.update({ ref: 'tools/git', state: 'done' })
  expect(await wait(100)).toBe('checking 1 of 4   #####...............   still: gcloud,...')
  line.update({ ref: 'tools/jq', state: 'done' })
  expect(await wait(1000)).toBe('checking 2 of 4   ##########..........   still: gcloud 1...')
  line.clear()
})

test('draws nothing for a quick detection, and nothing after its end', async () => {
  const { line, written, wait } = createLine(80)
  line.update({ ref: 'tools/git', state: 'started' })
  expect(written).toEqual([])
  line.clear()
  await wait(500)
  expect(written).toEqual(['\u001b[2K\r'])
})
