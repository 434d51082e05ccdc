import pLimit from 'p-limit'
import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'

/** How one is asked, and what is said of one whose turn did not come in time. */
export interface Asking<Item, Answer> {
  readonly ask: (item: Item) => Promise<Answer>
  readonly totalMs: number
  readonly toLate: (item: Item) => Answer
}

/** Asks all, a few at once, until their time together is over. Rejects only when the user interrupts. */
export async function askInTurn<Item, Answer>(
  items: readonly Item[],
  { ask, totalMs, toLate }: Asking<Item, Answer>,
  host: Pick<Host, 'clock' | 'interrupted'>,
): Promise<Answer[]> {
  const limit = pLimit(limits.peersAtOnce)
  const end = host.clock.elapsed() + totalMs
  const answers = items.map(item =>
    limit(async () => {
      host.interrupted.throwIfAborted()
      return host.clock.elapsed() < end ? ask(item) : toLate(item)
    }),
  )
  return Promise.all(answers)
}
