import { type NexusError, systemErrorCode } from '../../lib/errors.ts'
import type { WholeAnswer } from '../../platform/http-answer.ts'
import { toProblem } from '../problem.ts'

/** How far a write had come when it failed. */
export type WriteStage = 'deciding' | 'recording' | 'committing'

const later = { 'retry-after': '1' }

/** What a writer is told when a write cannot be done. Where the home lies, and what is wrong there, says the log. */
export function explainFailure(error: NexusError, stage: WriteStage): WholeAnswer {
  if (error.code === 'interrupted')
    return toProblem(503, 'the server is about to stop; nothing was changed', { hint: 'Try again later' })
  if (stage === 'recording')
    return toProblem(503, 'this write cannot be put on record, so it was not made', {
      hint: 'The log of the server says why',
    })
  if (stage === 'committing')
    return toProblem(503, 'it cannot be said whether this write was made', {
      hint: 'GET what is there now; the log of the server says what is wrong',
    })
  if (error.code === 'lock')
    return toProblem(503, 'the registries are being changed by somebody else; nothing was changed', {
      hint: 'Try again',
      headers: later,
    })
  if (isDiskFull(error))
    return toProblem(507, 'there is no space left for this; nothing was changed', {
      hint: 'Free some space where the registries are',
    })
  return toProblem(503, 'the registries cannot be written here; nothing was changed', {
    hint: 'The log of the server says why',
  })
}

function isDiskFull({ cause }: NexusError): boolean {
  const code = systemErrorCode(cause)
  return code === 'ENOSPC' || code === 'EDQUOT'
}
