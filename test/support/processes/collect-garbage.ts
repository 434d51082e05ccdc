import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What is made collects garbage, and says how many bytes of the heap are in use then. */
export function openCollector(): () => number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('there is no collector')
  return () => {
    collect()
    return process.memoryUsage().heapUsed
  }
}
