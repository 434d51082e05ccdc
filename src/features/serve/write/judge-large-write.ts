import type { Host } from '../../../core/host.ts'
import { type Difference, judgeWrite, type Verdict } from './judge-write.ts'
import type { WriteOrder } from './write-order.ts'

/** Longer than checking the largest registries takes on a busy machine, in milliseconds. */
const timeoutMs = 120_000

/** Like `judgeWrite`; large registries are checked in another thread, so that other requests are answered meanwhile. */
export async function judgeAnyWrite(
  order: WriteOrder,
  difference: Difference,
  host: Pick<Host, 'clock' | 'aside'>,
): Promise<Verdict> {
  const texts = [...difference.after.values()]
  const size = texts.reduce((sum, text = '') => sum + text.length, 0)
  if (size < host.aside.bulkBytes) return judgeWrite(order, difference, host)
  const input: LargeWrite = { order, difference }
  const outcome = await host.aside.doBulk({ kind: 'judge-write', input }, { timeoutMs, client: 'writes' })
  const isJudged = outcome.outcome === 'done' && isVerdict(outcome.result)
  return isJudged ? outcome.result : judgeWrite(order, difference, host)
}

/** What the other thread does. */
export async function judgeLargeWrite(input: unknown, host: Pick<Host, 'clock'>): Promise<Verdict> {
  if (!isLargeWrite(input)) throw new Error('a write to be checked has an order and a difference')
  return judgeWrite(input.order, input.difference, host)
}

interface LargeWrite {
  readonly order: WriteOrder
  readonly difference: Difference
}

function isLargeWrite(input: unknown): input is LargeWrite {
  return typeof input === 'object' && input !== null && 'order' in input && 'difference' in input
}

function isVerdict(result: unknown): result is Verdict {
  return typeof result === 'object' && result !== null && 'refusal' in result && 'warnings' in result
}
