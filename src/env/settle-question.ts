import type { Host } from '../platform/host.ts'
import { settlingMs } from '../registry/home/watched-file.ts'
import { describeQuestion, isQuestionSettled, type Question, type QuestionOptions } from './cache/question.ts'

interface Settling {
  readonly options: QuestionOptions
  /** Whether the asker itself has written to the home since, under its lock. */
  readonly isWritten: boolean
}

type SettleHost = Parameters<typeof describeQuestion>[1] & Pick<Host, 'clock'>

/**
 * The question as it stands now, once every later change is sure to show; undefined when it has become another one since
 * it was asked, or does not come to rest. What is being installed right now takes another look a moment later.
 */
export async function settleQuestion(
  asked: Question,
  { options, isWritten: isOwnHome }: Settling,
  host: SettleHost,
): Promise<Question | undefined> {
  const now = await describeQuestion(options, host)
  if (now.text !== asked.text) return undefined
  if (isQuestionSettled(now, { isOwnHome })) return now
  await host.clock.sleep(settlingMs)
  const later = await describeQuestion(options, host)
  return later.text === asked.text && isQuestionSettled(later, { isOwnHome }) ? later : undefined
}
