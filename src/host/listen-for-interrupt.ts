import { NexusError } from '../core/errors.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface Interrupt {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. The second one ends the process at once. */
  readonly signal: AbortSignal
  /** From then on the first one ends the process at once, whatever it is doing. */
  stopListening(): void
}

export function listenForInterrupt(): Interrupt {
  const controller = new AbortController()
  const listeners = signals.map(name => ({
    name,
    listen: () => {
      if (controller.signal.aborted) process.exit(130)
      controller.abort(new NexusError('interrupted', `Interrupted by ${name}`))
    },
  }))
  for (const { name, listen } of listeners) process.on(name, listen)
  return {
    signal: controller.signal,
    stopListening: () => {
      for (const { name, listen } of listeners) process.off(name, listen)
    },
  }
}
