import { paintStatus } from '../lib/terminal/status.ts'
import type { Style } from '../lib/terminal/style.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import type { Ref } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'

export interface HasView {
  readonly ref: Ref
  readonly detected: Detected
  readonly reason: string | null
}

/** One line: what was asked for, what it is, and where or why not. */
export function renderHas({ ref, detected, reason }: HasView, style: Style): string {
  const { status, version, path } = detected
  const facts = [version, path && `at ${path}`, reason && `(${reason})`].filter(
    fact => fact !== null && fact !== '',
  )
  return [ref, paintStatus(status, style), toVisibleLine(facts.join(' '))].join(' ').trimEnd()
}
