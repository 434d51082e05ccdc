import type { ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import type { ServeEvent } from '../../../src/server/serve-request.ts'
import { type ProgramOptions, startProgram } from './run-program.ts'

export type EventName = ServeEvent['event']
type Told<Name extends EventName> = Extract<ServeEvent, { event: Name }>

export interface TestDaemon {
  readonly child: ChildProcess
  /** Everything that it has told so far. */
  readonly events: ServeEvent[]
  /** Lines on stderr that are no events. */
  readonly notes: string[]
  /** The next event of this name that was not asked for yet. Rejects when the daemon ends without one. */
  next<Name extends EventName>(name: Name): Promise<Told<Name>>
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>
}

/** Starts the built daemon, and hears what it says. It is killed when the test is done. */
export function startDaemon(options: ProgramOptions, ...args: readonly string[]): TestDaemon {
  return hearDaemon(startProgram(['sync', '--watch', '--log-format', 'json', ...args], options))
}

/** Hears what a process says that is a daemon. */
export function hearDaemon(child: ChildProcess): TestDaemon {
  const events: ServeEvent[] = []
  const notes: string[] = []
  let asked = 0
  const bell = new EventEmitter()
  const ring = () => bell.emit('ring')
  if (child.stderr) {
    createInterface(child.stderr).on('line', line => {
      const event = parseEvent(line)
      if (event) events.push(event)
      else notes.push(line)
      ring()
    })
  }
  child.stdout?.resume()
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal)
  let isOver = false
  void ended.then(() => {
    isOver = true
    ring()
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return {
    child,
    events,
    notes,
    ended,
    next: async name => {
      for (;;) {
        while (asked < events.length) {
          const event = events[asked]
          asked += 1
          if (isTold(event, name)) return event
        }
        if (isOver) throw new Error(`it ended without "${name}": ${JSON.stringify([events, notes])}`)
        await once(bell, 'ring')
      }
    },
  }
}

function isTold<Name extends EventName>(event: ServeEvent | undefined, name: Name): event is Told<Name> {
  return event?.event === name
}

function parseEvent(line: string): ServeEvent | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
