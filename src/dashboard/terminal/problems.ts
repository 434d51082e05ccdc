import { formatSpan, renderCount } from '../../lib/text/format.ts'
import type { DashboardProblem, DashboardView } from '../model/dashboard-view.ts'
import { type Canvas, drawItem, type Line, quoteReading, say } from './canvas.ts'
import { drawCommand, isNarrow, lineWidth, padLine, wrapLine, writeSentence } from './layout.ts'

/** Columns of a name that share a line with its reason. */
const mostNameWidth = 24

/** What is set up here and does not work, each with its fix on a line of its own. */
export function drawProblems({ problems, generated_at: now }: DashboardView, canvas: Canvas): Line[] {
  const heads = problems.map(problem => drawProblemName(problem, canvas))
  const widths = heads.map(lineWidth).filter(width => width <= mostNameWidth)
  const nameWidth = Math.max(14, ...widths.map(width => width + 1))
  return problems.flatMap((problem, index) => {
    const head = heads[index] ?? []
    const why = describeProblem(problem, Date.parse(now))
    // What fixes several in a row stands below the last of them.
    const next = problems[index + 1]?.fix.command
    const isShared = next !== undefined && next !== null && next === problem.fix.command
    const fix = isShared ? [] : drawFix(problem.fix, canvas)
    return [...drawReason(head, why, { ...canvas, nameWidth }), ...fix]
  })
}

function drawProblemName({ ref, name, status }: DashboardProblem, canvas: Canvas): Line {
  const { states } = canvas.signs
  const sign = status === 'unknown' ? say(states.unknown, 'warning') : say(states.broken, 'bad')
  return drawItem(sign, { item: ref, name }, canvas)
}

/** `nothing listens at … (for 3 hours, blocks 2 things)`. */
function describeProblem({ reason, since, blocks_count: blocks }: DashboardProblem, now: number): string {
  const span = since === null ? undefined : formatSpan(now - Date.parse(since))
  const more = [
    ...(span === undefined ? [] : [`for ${span}`]),
    ...(blocks === 0 ? [] : [`blocks ${renderCount(blocks, 'thing')}`]),
  ]
  return more.length === 0 ? reason : `${reason} (${more.join(', ')})`
}

/** A name, and beside it why: in few columns, and of a long name, in lines of its own. */
export function drawReason(head: Line, why: string, canvas: Canvas & { readonly nameWidth: number }): Line[] {
  const { nameWidth } = canvas
  if (why === '') return wrapLine(head, canvas, 2)
  if (isNarrow(canvas) || lineWidth(head) >= nameWidth)
    return [...wrapLine(head, canvas, 2), ...writeSentence(why, canvas, 'plain', 2)]
  return wrapLine([...padLine(head, nameWidth), quoteReading(why, canvas)], canvas, nameWidth)
}

/** What fixes something: a command, or what to do where no command does it. */
export function drawFix(fix: DashboardProblem['fix'] | null, canvas: Canvas): Line[] {
  if (fix === null) return []
  if (fix.command !== null) return [drawCommand(fix.command, canvas)]
  // A key is set with a command whose value only a person has.
  const [, text = fix.text, setting] = /^(.*): (export \w+=\u2026)$/s.exec(fix.text) ?? []
  return [
    ...(text === '' ? [] : writeSentence(text, canvas, 'faint', 2)),
    ...(setting === undefined ? [] : [drawCommand(setting, canvas)]),
  ]
}
