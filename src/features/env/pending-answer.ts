import { cacheTtlSeconds } from '../../core/cache-ttl.ts'
import { errorMessage } from '../../core/errors.ts'
import type { Host } from '../../core/host.ts'
import { type Ref, toRef } from '../../core/refs.ts'
import { entriesOf, type Snapshot } from '../../core/snapshot.ts'
import type { Variable } from '../../core/variable.ts'
import type { Detected } from '../../schema/detected.ts'
import type { RegistryName } from '../../schema/names.ts'
import type { Answer } from '../../store/answer.ts'
import { findAnswer, keepAnswer, listAnswers } from '../../store/answers.ts'
import {
  afterOwnWrites,
  describeQuestion,
  type QuestionOptions,
  renderQuestion,
} from '../../store/question.ts'
import { toForgotten } from './forgotten.ts'
import { toProblems } from './problems.ts'
import { type Findings, toVariables } from './to-variables.ts'
import { findTooOld } from './too-old.ts'

/** `partial`: something is missing or too old, and a note says why. `failed`: nothing is known. */
export type EnvStatus = 'ok' | 'partial' | 'failed'

export interface EnvAnswer {
  /** Each name once: those that the registries know, sorted, then forgotten ones to unset. */
  readonly variables: readonly Variable[]
  readonly status: EnvStatus
  /** Sentences for stderr. */
  readonly notes: readonly string[]
}

/** What was found in a home. */
export interface HomeFindings {
  readonly snapshot: Snapshot
  readonly detections: ReadonlyMap<Ref, Detected>
}

/** How it was looked for. */
export interface Looking {
  /** Whether what takes a command was not asked: then the answer that is known stands for it. */
  readonly isQuick: boolean
  /** Registries of the home that the finder has written itself. */
  readonly written: readonly RegistryName[]
}

/** A question that was asked, and is not answered yet. */
export interface PendingAnswer {
  /** The answer that is kept, stale or not. */
  readonly known: Answer | undefined
  /**
   * Answers with what was found since, and keeps the answer unless it is incomplete or the home has changed meanwhile.
   * Does not reject for want of a cache.
   */
  answer(found: HomeFindings, looking: Looking): Promise<EnvAnswer>
}

type AnswerHost = Pick<
  Host,
  'env' | 'cwd' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256' | 'randomName'
>

/** Asks what `env` is about, before the looking begins: what changes while one looks makes another question. */
export async function askQuestion(options: QuestionOptions, host: AnswerHost): Promise<PendingAnswer> {
  const checkedAt = host.clock.now()
  const question = await describeQuestion(options, host)
  const known = await findAnswer(renderQuestion(question), host)
  return {
    known,
    answer: async (found, { isQuick, written }) => {
      const findings = await toFindings(found)
      const { variables: current, notes } = toVariables(findings, isQuick ? known?.variables : [])
      const variables = [...current, ...toForgotten(current, await listAnswers(host))]
      const problems = toProblems(found.snapshot)
      if (problems.length > 0) return { variables, status: 'partial', notes: [...problems, ...notes] }
      const now = afterOwnWrites(question, await describeQuestion(options, host), written)
      if (now === undefined || !isComplete(findings)) return { variables, status: 'ok', notes }
      const ttlSeconds = cacheTtlSeconds(found.snapshot.registries.hyper)
      const trouble = await keep({ question: renderQuestion(now), checkedAt, ttlSeconds, variables }, host)
      return { variables, status: 'ok', notes: [...notes, ...trouble] }
    },
  }
}

async function toFindings({ snapshot, detections }: HomeFindings): Promise<Findings> {
  const entries = { tools: entriesOf(snapshot, 'tools'), ml_frameworks: entriesOf(snapshot, 'ml_frameworks') }
  return { ...entries, detections, tooOld: await findTooOld(entries, detections) }
}

// A sync of one registry alone does not answer the whole question.
function isComplete({ tools, ml_frameworks, detections }: Findings): boolean {
  return (
    Object.keys(tools).every(id => detections.has(toRef('tools', id))) &&
    Object.keys(ml_frameworks).every(id => detections.has(toRef('ml_frameworks', id)))
  )
}

async function keep(answer: Answer, host: AnswerHost): Promise<string[]> {
  try {
    await keepAnswer(answer, host)
    return []
  } catch (error) {
    return [`the answer could not be kept: ${errorMessage(error)}`]
  }
}
