import type { Signs } from '../lib/terminal/signs.ts'
import { cutText } from '../lib/terminal/width.ts'
import { renderDuration } from '../lib/text/format.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import type { Clock, OutputStream } from '../platform/host.ts'
import { parseRef, type Ref } from '../registry/refs.ts'

export interface ProgressLine {
  update(progress: { readonly ref: Ref; readonly state: 'started' | 'done' }): void
  /** Erases the line. */
  clear(): void
}

interface ProgressOptions {
  readonly stream: OutputStream
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>
  readonly signs: Signs
}

/** Erases the current line and moves to its start (ECMA-48: EL 2, CR). */
const eraseLine = '\u001b[2K\r'

const barWidth = 20

/** How often the line is drawn, in milliseconds: a quick detection needs none. */
const drawMs = 100

/** How long something has to take before its time is worth saying, in milliseconds. */
const slowMs = 300

/** Shows on one line of a terminal how far a detection is, and what it has waited for longest. */
export function createProgressLine({ stream, clock, signs }: ProgressOptions): ProgressLine {
  const started = new Map<Ref, number>()
  let total = 0
  const draw = () => {
    const done = total - started.size
    const filled = Math.round((barWidth * done) / Math.max(1, total))
    const bar = signs.full.repeat(filled) + signs.empty.repeat(barWidth - filled)
    const slowest = [...started].map(([ref, since]) => describeWait(ref, clock.elapsed() - since))
    const still = slowest.length === 0 ? '' : `   still: ${slowest.join(', ')}`
    const line = toVisibleLine(`checking ${done} of ${total}   ${bar}${still}`)
    stream.write(`${eraseLine}${cutText(line, (stream.columns ?? 80) - 1, signs.ellipsis)}`)
  }
  const cleared = new AbortController()
  const keepDrawing = async () => {
    for (;;) {
      await clock.sleep(drawMs, cleared.signal)
      draw()
    }
  }
  keepDrawing().catch(() => undefined)
  return {
    update: ({ ref, state }) => {
      if (state === 'started') {
        started.set(ref, clock.elapsed())
        total += 1
      } else started.delete(ref)
    },
    clear: () => {
      cleared.abort()
      stream.write(eraseLine)
    },
  }
}

// The first that was started comes first: it takes longest.
function describeWait(ref: Ref, ms: number): string {
  const id = parseRef(ref)?.id ?? ref
  return ms < slowMs ? id : `${id} ${renderDuration(ms)}`
}
