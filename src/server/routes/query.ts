import { NexusError } from '../../lib/errors.ts'
import type { JqRequest, JqResult } from '../../lib/jq/jq-program.ts'
import { limits } from '../../lib/limits.ts'
import type { HttpResponse } from '../../platform/http.ts'
import type { WorkerOutcome } from '../../platform/worker-task.ts'
import { type JqOptions, toSnapshotInput } from '../../query/jq-call.ts'
import type { QuerySubject } from '../../query/query-entries.ts'
import { type FilterResult, runFilter } from '../../query/run-filter.ts'
import { parseRegistryName } from '../../registry/refs.ts'
import { refuseAccess, toUnknownRegistry } from '../decide.ts'
import { toClientName } from '../identify-caller.ts'
import { toProblem } from '../problem.ts'
import type { Call } from '../revision.ts'
import { type OpenRoute, problem } from '../route.ts'
import type { ServerState } from '../serve-request.ts'

export const query: OpenRoute = {
  method: 'GET',
  path: '/query/:name',
  summary: 'output of a jq filter for a registry, or for `all` that the caller may read: ?filter=keys',
  access: 'open',
  docs: {
    tag: 'questions',
    parameters: [
      {
        name: 'name',
        in: 'path',
        isRequired: true,
        says: 'Which registry, by its name or its file, or all of those that the caller may read',
        schema: 'QueryParameter',
        example: 'tools',
      },
      {
        name: 'filter',
        in: 'query',
        isRequired: false,
        says: 'A filter in the language of jq; the whole input by default',
        schema: 'FilterParameter',
        example: 'keys',
      },
    ],
    body: null,
    answers: {
      200: {
        says: 'Output of the filter: one value as JSON, none or several one per line',
        content: { 'application/json': ['AnyValue'], 'application/x-ndjson': ['Text'] },
      },
      400: problem('The filter does not parse'),
      401: problem('A token is required for that registry, or the token is not valid'),
      404: problem('There is no such registry'),
      414: problem('The filter is too long'),
      422: problem('The filter failed, took too long or too much memory, or made too much'),
      429: problem('Too many filters of this client wait; Retry-After says when to go on'),
      503: problem(
        'The registry cannot be read; or too many filters wait, and Retry-After says when to go on',
      ),
    },
    example: '/query/tools?filter=keys',
  },
  answer: (call, context) => {
    const text = call.request.param('name') ?? ''
    const subject: QuerySubject | undefined = text === 'all' ? text : parseRegistryName(text)
    if (subject === undefined) return toUnknownRegistry(text)
    const refusal = subject === 'all' ? undefined : refuseAccess({ registry: subject, action: 'read' }, call)
    if (refusal) return refusal
    const filter = call.request.query('filter') ?? '.'
    if (filter.length > limits.servedFilterLength) {
      return toProblem(414, `the filter has more than ${limits.servedFilterLength} characters`, {
        hint: 'GET the registry, and filter it with your own jq',
      })
    }
    return runServedFilter({ ...call, subject, filter }, context)
  },
}

interface FilterCall extends Call {
  readonly subject: QuerySubject
  readonly filter: string
}

/** Longest message of a filter in a response, in characters. */
const longestFailure = 500

/** A value a line: what programs read, and one value alone is JSON. */
const options: JqOptions = { flags: ['--compact-output'], texts: [], values: [], files: [], rawFiles: [] }

/** Responds with the output of a jq filter for what the caller may read. It runs in another thread, within limits. */
async function runServedFilter(
  { subject, filter, view, caller, request }: FilterCall,
  { host, ended }: Pick<ServerState, 'host' | 'ended'>,
): Promise<HttpResponse> {
  const input = toSnapshotInput(view.snapshot, subject)
  if (input.length === 0) {
    return toProblem(503, `${subject} cannot be read, and there is no copy of it`, {
      hint: 'nexus-registry validate shows its errors',
    })
  }
  const gone = new AbortController()
  const stopListening = request.onClosed(() => gone.abort())
  const running = {
    timeoutMs: limits.servedFilterMs,
    client: toClientName(caller, request),
    signal: AbortSignal.any([gone.signal, ended]),
  }
  const aborted: { outcome?: WorkerOutcome<JqResult>['outcome'] } = {}
  const runJq = async (jq: JqRequest) => {
    const bounds = {
      memoryBytes: limits.servedFilterMemoryBytes,
      outputBytes: limits.servedFilterOutputBytes,
    }
    const outcome = await host.workers.runJq({ ...jq, ...bounds }, running)
    if (outcome.outcome === 'done') return outcome.result
    aborted.outcome = outcome.outcome
    return { exitCode: undefined, abort: outcome.outcome, stdout: '', stderr: '' }
  }
  try {
    const run = (flags: readonly string[]) =>
      runFilter(filter, input, { options: { ...options, flags }, host: { ...host, runJq } })
    const answer = await run(options.flags)
    if (aborted.outcome !== undefined) return toFilterProblem(aborted.outcome)
    if (answer.failure !== undefined) return toFailure(answer.failure)
    if (answer.exitCode !== 0) return toHalt(answer)
    // `halt_error(0)` exits as if nothing had been printed: only with this flag jq tells them apart.
    const isSilent = answer.output === '' && answer.messages !== ''
    const isHalted = isSilent && (await run([...options.flags, '--exit-status'])).exitCode === 0
    if (aborted.outcome !== undefined) return toFilterProblem(aborted.outcome)
    return isHalted ? toHalt(answer) : toValues(answer.output)
  } catch (error) {
    if (!(error instanceof NexusError)) throw error
    if (aborted.outcome !== undefined) return toFilterProblem(aborted.outcome)
    return toProblem(400, error.message, { hint: error.hint })
  } finally {
    stopListening()
  }
}

function toValues(output: string): HttpResponse {
  const isOne = output !== '' && output.indexOf('\n') === output.length - 1
  const type = isOne ? 'application/json' : 'application/x-ndjson'
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body: output }
}

// `error` and `halt_error` without a message say all that they were given.
function shorten(failure: string): string {
  return failure.length > longestFailure ? `${failure.slice(0, longestFailure)}…` : failure
}

function toFailure(failure: string): HttpResponse {
  return toProblem(422, `the filter failed: ${shorten(failure)}`, {
    hint: 'Try it with jq on the response of GET /registries/NAME',
  })
}

function toHalt({ messages, exitCode }: FilterResult): HttpResponse {
  return toFailure(messages.trimEnd() || `it halted with status ${exitCode}, without a message`)
}

function toFilterProblem(outcome: WorkerOutcome<JqResult>['outcome']): HttpResponse {
  const hint = 'GET the registry, and filter it with your own jq'
  if (outcome === 'timed-out')
    return toProblem(422, `the filter took longer than ${limits.servedFilterMs / 1000} s, and was ended`, {
      hint,
    })
  if (outcome === 'cancelled')
    return toProblem(503, 'the server is about to stop', {
      hint: 'Try again later',
      headers: { 'retry-after': '1' },
    })
  if (outcome === 'busy')
    return toProblem(503, 'too many filters are waiting already', { hint, headers: { 'retry-after': '1' } })
  if (outcome === 'too-many')
    return toProblem(429, 'too many of your filters are waiting already', {
      hint: 'One filter of each client runs at a time: wait for the other responses',
      headers: { 'retry-after': '1' },
    })
  return toProblem(
    422,
    'the filter was ended: it took too much memory, or did something else that it may not',
    { hint },
  )
}
