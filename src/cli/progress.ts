import { toVisibleLine } from '../lib/text/visible.ts'
import type { OutputStream } from '../platform/host.ts'
import type { Ref } from '../registry/refs.ts'

export interface ProgressLine {
  update(progress: { readonly ref: Ref; readonly state: 'started' | 'done' }): void
  /** Erases the line. */
  clear(): void
}

/** Erases the current line and moves to its start (ECMA-48: EL 2, CR). */
const eraseLine = '\u001b[2K\r'

/** Shows on one line of a terminal how far a detection is, and which entries it waits for. */
export function createProgressLine(stream: OutputStream): ProgressLine {
  const waiting = new Set<Ref>()
  let total = 0
  const draw = () => {
    const line = toVisibleLine(`Detecting ${total - waiting.size}/${total} ${[...waiting].join(' ')}`)
    stream.write(`${eraseLine}${line.slice(0, (stream.columns ?? 80) - 1)}`)
  }
  return {
    update: ({ ref, state }) => {
      if (state === 'started') {
        waiting.add(ref)
        total += 1
      } else waiting.delete(ref)
      draw()
    },
    clear: () => stream.write(eraseLine),
  }
}
