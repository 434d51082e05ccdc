import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../core/host.ts'

export const clock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
}
