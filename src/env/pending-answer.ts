import { errorMessage } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'
import { cacheTtlSeconds } from '../registry/cache-ttl.ts'
import { toRef } from '../registry/refs.ts'
import type { Variable } from '../registry/variable.ts'
import { toAnswerForShells } from './answer-for-shells.ts'
import type { Answer } from './cache/answer.ts'
import { findAnswer, keepAnswer, listAnswers } from './cache/answers.ts'
import { describeQuestion, type Question, type QuestionOptions } from './cache/question.ts'
import { toForgotten } from './forgotten.ts'
import type { HomeFindings } from './home-findings.ts'
import { toProblems } from './problems.ts'
import { settleQuestion } from './settle-question.ts'
import type { EnvStatus } from './status-variable.ts'
import { toFindings } from './to-findings.ts'
import { type Findings, toVariables } from './to-variables.ts'

export interface EnvAnswer {
  /** Each name once: those that the registries know, sorted, then forgotten ones to unset. */
  readonly variables: readonly Variable[]
  readonly status: EnvStatus
  /** Sentences for stderr. */
  readonly notes: readonly string[]
}

export interface EnvQuestion extends QuestionOptions {
  /**
   * Whether variables and files alone led to this question, no option and no working directory: then a shell can ask it
   * by itself.
   */
  readonly isPlain?: boolean | undefined
  /** Whether the result may be kept; true unless said otherwise. False where there is no place for anything. */
  readonly isKept?: boolean | undefined
}

/** How it was looked for. */
export interface Looking {
  /** Whether what takes a command was not asked: then the answer that is known stands for it. */
  readonly isQuick: boolean
  /** Whether the finder has written to the home since. */
  readonly isWritten: boolean
}

/** A question that was asked, and is not answered yet. */
export interface PendingAnswer {
  readonly question: Question
  /** The answer that is kept, stale or not. */
  readonly known: Answer | undefined
  /**
   * Answers with what was found since, and keeps the answer unless it is incomplete or what was asked has changed
   * meanwhile. Does not reject for want of a cache.
   */
  answer(found: HomeFindings, looking: Looking): Promise<EnvAnswer>
}

export type AnswerHost = Pick<
  Host,
  'env' | 'cwd' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256' | 'randomName'
>

/** Asks what `env` is about, before the looking begins: what changes while one looks makes another question. */
export async function askQuestion(options: EnvQuestion, host: AnswerHost): Promise<PendingAnswer> {
  const question = await describeQuestion(options, host)
  const known = await findAnswer(question.text, host)
  const keep = async (found: HomeFindings, variables: readonly Variable[], isWritten: boolean) => {
    if (options.isKept === false) return
    const settled = await settleQuestion(question, { options, isWritten }, host)
    if (settled === undefined) return
    const { startedAt: checkedAt } = question.look
    const ttlSeconds = cacheTtlSeconds(found.snapshot.registries.hyper)
    const { home, isPlain } = options
    const shells = isPlain ? toAnswerForShells({ home, variables }, settled, host) : undefined
    await keepAnswer({ question: question.text, checkedAt, ttlSeconds, variables }, shells, host)
  }
  return {
    question,
    known,
    answer: async (found, { isQuick, isWritten }) => {
      const findings = await toFindings(found)
      const { variables: current, notes } = toVariables(findings, isQuick ? known?.variables : [])
      const variables = [...current, ...toForgotten(current, await listAnswers(host))]
      const problems = toProblems(found.snapshot, host.clock.now())
      if (problems.length > 0) return { variables, status: 'partial', notes: [...problems, ...notes] }
      if (!isComplete(findings)) return { variables, status: 'ok', notes }
      const trouble = await explainFailure(() => keep(found, variables, isWritten))
      return { variables, status: 'ok', notes: [...notes, ...trouble] }
    },
  }
}

// A sync of one registry alone does not answer the whole question.
function isComplete({ tools, ml_frameworks, detections }: Findings): boolean {
  return (
    Object.keys(tools).every(id => detections.has(toRef('tools', id))) &&
    Object.keys(ml_frameworks).every(id => detections.has(toRef('ml_frameworks', id)))
  )
}

async function explainFailure(keep: () => Promise<void>): Promise<string[]> {
  try {
    await keep()
    return []
  } catch (error) {
    return [`the answer could not be kept: ${errorMessage(error)}`]
  }
}
