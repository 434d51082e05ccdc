import { errorMessage } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'
import { toAnswerForShells } from './answer-for-shells.ts'
import type { Answer } from './cache/answer.ts'
import { isStale, keepForShells } from './cache/answers.ts'
import { isQuestionSettled } from './cache/question.ts'
import { claimRefresh } from './cache/refresh-claim.ts'
import type { HomeFindings } from './home-findings.ts'
import {
  type AnswerHost,
  askQuestion,
  type EnvAnswer,
  type EnvQuestion,
  type PendingAnswer,
} from './pending-answer.ts'

export interface EnvRequest extends EnvQuestion {
  /** Looks at the home and the machine now, quickly, writing nothing to the home. */
  readonly look: () => Promise<HomeFindings>
  /** Starts what answers this question anew, in the background. */
  readonly refresh: () => Promise<void>
}

type EnvHost = AnswerHost & Pick<Host, 'interrupted'>

/**
 * What to tell a shell: the answer that is kept for this very question, refreshed in the background when it is stale,
 * else what a look finds. Rejects only when the user interrupts: a shell's start must not fail.
 */
export async function answerEnv(request: EnvRequest, host: EnvHost): Promise<EnvAnswer> {
  const pending = await askQuestion(request, host)
  const { known } = pending
  if (known && !isStale(known, host.clock.now())) {
    await handToShells(pending, known, request, host)
    return { variables: known.variables, status: 'ok', notes: [] }
  }
  if (known) {
    const notes = await startRefresh(known, request.refresh, host)
    return { variables: known.variables, status: 'ok', notes }
  }
  try {
    return await pending.answer(await request.look(), { isQuick: true, isWritten: false })
  } catch (error) {
    host.interrupted.throwIfAborted()
    return { variables: [], status: 'failed', notes: [errorMessage(error)] }
  }
}

// A shell that had to start this program for an answer that is kept should not have to do so again.
async function handToShells(
  { question }: PendingAnswer,
  known: Answer,
  request: EnvRequest,
  host: EnvHost,
): Promise<void> {
  if (!request.isPlain || !isQuestionSettled(question, { isOwnHome: false })) return
  const shells = toAnswerForShells({ home: request.home, variables: known.variables }, question, host)
  await keepForShells(known, shells, host).catch(() => undefined)
}

async function startRefresh(known: Answer, refresh: () => Promise<void>, host: EnvHost): Promise<string[]> {
  if (!(await claimRefresh(known.question, host))) return []
  return refresh().then(
    () => [],
    error => [`the answer could not be refreshed: ${errorMessage(error)}`],
  )
}
