import { errorMessage } from '../../core/errors.ts'
import type { Host } from '../../core/host.ts'
import { isStale } from '../../store/answers.ts'
import type { QuestionOptions } from '../../store/question.ts'
import { askQuestion, type EnvAnswer, type HomeFindings } from './pending-answer.ts'

export interface EnvRequest extends QuestionOptions {
  /** Looks at the home and the machine now, quickly, writing nothing to the home. */
  readonly look: () => Promise<HomeFindings>
}

type EnvHost = Parameters<typeof askQuestion>[1] & Pick<Host, 'interrupted'>

/**
 * What to tell a shell: the answer that is kept for this very question while it is fresh, else what a look finds, else
 * the answer that is too old. Rejects only when the user interrupts: a shell's start must not fail.
 */
export async function answerEnv(request: EnvRequest, host: EnvHost): Promise<EnvAnswer> {
  const pending = await askQuestion(request, host)
  const { known } = pending
  if (known && !isStale(known, host.clock.now()))
    return { variables: known.variables, status: 'ok', notes: [] }
  try {
    return await pending.answer(await request.look(), { isQuick: true, written: [] })
  } catch (error) {
    host.interrupted.throwIfAborted()
    const variables = known?.variables ?? []
    return { variables, status: known ? 'partial' : 'failed', notes: [errorMessage(error)] }
  }
}
