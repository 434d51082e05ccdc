import { expect, test } from 'vitest'
import { createStuckPrograms } from '../../src/platform/node/run-process.ts'

test('a program is not started again while a process of it cannot be killed', () => {
  const alive = new Set([7])
  const stuck = createStuckPrograms(pid => alive.has(pid))
  stuck.add('/usr/bin/nvidia-smi', 7)
  expect(stuck.has('/usr/bin/nvidia-smi')).toBe(true)
  expect(stuck.has('/usr/bin/docker')).toBe(false)
  alive.clear()
  expect(stuck.has('/usr/bin/nvidia-smi')).toBe(false)
})
