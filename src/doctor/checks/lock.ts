import { inspectLock } from '../../registry/lock/acquire-lock.ts'
import { defaultLockLimits } from '../../registry/lock/lock-state.ts'
import type { Check } from '../check.ts'

/** Whether a process holds the lock of the home, and whether it is still running. */
export const lockCheck: Check = {
  name: 'lock',
  run: async ({ host, findHome }) => {
    const home = await findHome()
    if (!home) return []
    const lock = await inspectLock(home.directory, host, defaultLockLimits.holdMs)
    if (!lock) return [{ status: 'ok', message: 'no process is writing to the home', hint: null }]
    const { state, judgement } = lock
    if (judgement === 'working')
      return [{ status: 'ok', message: `process ${state.pid} is writing to the home`, hint: null }]
    const what = judgement === 'gone' ? 'ended without releasing it' : 'has held it for too long'
    const message = `the lock of the home is held by process ${state.pid}, which ${what}`
    return [{ status: 'warning', message, hint: 'The next sync takes it over: nexus-registry sync' }]
  },
}
