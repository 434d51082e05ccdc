import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

// It prints a signal, and does not end.
const stubborn = `
  import { listenForInterrupt } from './src/platform/node/listen-for-interrupt.ts'
  const { signal, deferSignals } = listenForInterrupt()
  deferSignals()
  signal.addEventListener('abort', () => console.log(signal.reason.message))
  setInterval(() => undefined, 1000)
  console.log('ready')
`

test.each([
  ['SIGINT', 'SIGINT'],
  ['SIGTERM', 'SIGINT'],
] as const)('after %s, %s ends even a program that does not listen', async (first, second) => {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', stubborn])
  const ended = once(child, 'exit')
  const nextLine = async () => String((await once(child.stdout, 'data'))[0]).trim()
  expect(await nextLine()).toBe('ready')
  child.kill(first)
  expect(await nextLine()).toBe(`Interrupted by ${first}`)
  expect(child.exitCode).toBeNull()
  child.kill(second)
  expect(await ended).toEqual([null, second])
})

test('one that does not end after the first signal is ended', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', stubborn])
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await ended).toEqual([null, 'SIGTERM'])
})

test.each([
  ['where nobody has deferred signals', ''],
  ['when signals are not deferred any more', 'interrupt.deferSignals()()'],
  [
    'when two have deferred them and both are done',
    ';[0, 0].map(interrupt.deferSignals).forEach(end => end())',
  ],
  ['after it stopped listening', 'interrupt.deferSignals(); interrupt.stopListening()'],
])('%s, the first one ends whatever is done', async (_, before) => {
  const busy = `
    import { listenForInterrupt } from './src/platform/node/listen-for-interrupt.ts'
    const interrupt = listenForInterrupt()
    ${before}
    process.stdout.write('ready', () => { for (;;); })
  `
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', busy])
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  child.kill('SIGINT')
  expect(await ended).toEqual([null, 'SIGINT'])
})

test('a signal before the first listener reaches that listener and later ones', async () => {
  const early = `
    import { listenForInterrupt } from './src/platform/node/listen-for-interrupt.ts'
    import { shareSignals } from './src/server/serve.ts'
    const { signal, deferSignals, takeSignals } = listenForInterrupt()
    deferSignals()
    signal.addEventListener('abort', async () => {
      const shared = shareSignals({ takeSignals })
      const ended = await shared.ended
      shared.takeSignals(late => process.stdout.write(ended + late, () => process.exit(0)))
    })
    process.stdout.write('ready')
    setTimeout(() => undefined, 5000)
  `
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', early])
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(String((await once(child.stdout, 'data'))[0])).toBe('SIGTERMSIGTERM')
  expect(await ended).toEqual([0, null])
})
