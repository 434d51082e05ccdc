import { toVisibleLine } from '../lib/text/visible.ts'
import type { OutputStream } from '../platform/host.ts'
import type { Ref } from '../registry/refs.ts'

export interface ProgressLine {
  update(progress: { readonly ref: Ref; readonly state: 'started' | 'done' }): void
  /** Takes the line away. */
  clear(): void
}

/** Erases the line the cursor is in, and goes to its start (ECMA-48: EL 2, CR). */
const eraseLine = '\u001b[2K\r'

/** One line on a terminal that says how far a detection is and what it still waits for. */
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
