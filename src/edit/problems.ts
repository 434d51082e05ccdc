import { NexusError } from '../lib/errors.ts'
import { createPositionIndex, type JsonNode } from '../lib/json/json-node.ts'
import type { JsonPath } from '../lib/json/json-value.ts'
import { rangeOf } from '../registry/load/diagnose.ts'

/** Why a change is not possible. */
export interface EditProblem {
  /** Where the caller wrote it; undefined when there is no such place. */
  readonly place: string | undefined
  readonly message: string
  readonly hint: string | undefined
}

/** Throws a NexusError('input') that lists why a change is not possible; `what` begins the sentence of several reasons. */
export function throwProblems(problems: readonly EditProblem[], what: string): void {
  const [first] = problems
  if (first === undefined) return
  if (problems.length === 1) {
    throw new NexusError('input', renderProblem(first), first.hint === undefined ? {} : { hint: first.hint })
  }
  const lines = problems.map(
    problem => `  ${renderProblem(problem)}${problem.hint ? ` (${problem.hint})` : ''}`,
  )
  throw new NexusError('input', `${what}, for ${problems.length} reasons:\n${lines.join('\n')}`, {
    hint: 'Correct them and try again: all is changed, or nothing',
  })
}

function renderProblem({ place, message }: EditProblem): string {
  return place === undefined ? message : `${place}: ${message}`
}

/** Places in a text for people, `team.yaml:3:5`: of an offset, and of the value at a path. */
export function createPlaces(text: string, file: string) {
  const positionOf = createPositionIndex(text)
  const at = (offset: number) => {
    const { line, column } = positionOf(offset)
    return `${file}:${line}:${column}`
  }
  return { at, of: (root: JsonNode, path: JsonPath) => at(rangeOf(root, { path, isAboutKey: false }).start) }
}
