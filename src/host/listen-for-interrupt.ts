import { NexusError } from '../core/errors.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A signal that is aborted by the first SIGINT, SIGTERM or SIGHUP. The second one ends the process at once. */
export function listenForInterrupt(): AbortSignal {
  const controller = new AbortController()
  for (const name of signals) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130)
      controller.abort(new NexusError('interrupted', `Interrupted by ${name}`))
    })
  }
  return controller.signal
}
