import { expect, test } from 'vitest'
import { startServedHome } from '../support/homes/served-home.ts'

test('a server that polls nothing says why it ends, too', async () => {
  const { stop, told } = await startServedHome()
  expect(await stop('SIGINT')).toBe('SIGINT')
  const ending = told.slice(-2)
  expect(ending).toEqual([{ event: 'stopping', reason: 'SIGINT' }, { event: 'stopped' }])
})
