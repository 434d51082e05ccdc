import { changeKinds } from '../../journal/change-kinds.ts'
import { loadJournal } from '../../journal/journal.ts'
import { listChanges } from '../../journal/list-changes.ts'
import { parseDuration } from '../../lib/text/duration.ts'
import { parseRegistryName } from '../../registry/refs.ts'
import { toJsonResponse } from '../bodies.ts'
import { toProblem } from '../problem.ts'
import { type OpenRoute, problem, response } from '../route.ts'

export const changes: OpenRoute = {
  method: 'GET',
  path: '/changes',
  summary: 'what changed in the last 30 days in the registries that the caller may read',
  access: 'open',
  docs: {
    tag: 'health',
    parameters: [
      {
        name: 'since',
        in: 'query',
        isRequired: false,
        says: 'Only changes of this time: 90m, 12h, 7d or 2w',
        schema: 'Text',
        example: '7d',
      },
      {
        name: 'kind',
        in: 'query',
        isRequired: false,
        says: 'Only edits (edit), or only what syncs found (detected)',
        schema: 'Text',
        example: 'edit',
      },
      {
        name: 'ref',
        in: 'query',
        isRequired: false,
        says: 'Only changes of one entry',
        schema: 'Text',
        example: 'tools/docker',
      },
    ],
    body: null,
    answers: {
      200: response('Changes, the newest first', 'Changes'),
      400: problem('A parameter has a wrong value'),
    },
    example: '/changes?since=7d',
  },
  answer: async ({ view, request }, { home, host }) => {
    const [since, named, ref] = ['since', 'kind', 'ref'].map(name => request.query(name))
    const kind = changeKinds.find(each => each === named)
    const ms = since === undefined ? undefined : parseDuration(since)
    if (since !== undefined && ms === undefined)
      return toProblem(400, 'since takes a time like 90m, 12h, 7d or 2w', { hint: 'GET /changes?since=7d' })
    if (kind !== named)
      return toProblem(400, 'kind takes edit or detected', { hint: 'GET /changes?kind=edit' })
    const found = listChanges(await loadJournal(home.directory, host), {
      since: ms === undefined ? undefined : host.clock.now() - ms,
      kind,
      ref,
      isReadable: each => {
        const registry = parseRegistryName(each.split('/')[0] ?? '')
        return registry !== undefined && view.readable.has(registry)
      },
    })
    // Who wrote is in the audit log, for those who may read that.
    return toJsonResponse(found.map(change => ({ ...change, token: undefined })))
  },
}
