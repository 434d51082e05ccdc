import type { WholeAnswer } from '../../platform/http-answer.ts'
import { type RegistryName, registryFiles } from '../../registry/schema/names.ts'
import { toProblem } from '../problem.ts'
import type { Target } from './precondition.ts'
import { isReader, type WriteOrder } from './write-order.ts'

/** What a writer is told when a write does not fit to what is there. */
export const refusals = {
  notAllowed: ({ registry, caller }: WriteOrder) => {
    const who = caller.kind === 'token' ? `the role ${caller.role}` : 'this caller'
    return toProblem(403, `${who} may not write ${registry}`, {
      hint: 'access_control in hyper_registry.json says who may',
    })
  },
  accessControl: () =>
    toProblem(403, 'only admin may change access_control', {
      hint: 'Leave access_control out: then it stays as it is',
    }),
  noFile: ({ registry }: WriteOrder) =>
    toProblem(409, `the file of ${registry} cannot be used, so no entry of it can be changed`, {
      hint: `PUT /registries/${registryFiles[registry]} with If-Match: * replaces all of it`,
    }),
  noEntry: (registry: RegistryName, id: string) =>
    toProblem(404, `${registry} has no entry ${JSON.stringify(id)}`, {
      hint: `PUT /registries/${registry}/ID with If-None-Match: * creates one`,
    }),
  upstream: (registry: RegistryName) =>
    toProblem(409, `${registry} is kept in sync with an upstream, which would undo this`, {
      hint: 'Write to the upstream; here only entries that are marked as x-local can be changed',
    }),
  precondition,
}

function precondition(order: WriteOrder, { isThere, etag }: Target): WholeAnswer {
  const { registry, change } = order
  const what = change.kind === 'document' ? registry : `${registry}/${change.id}`
  const { ifMatch } = order.precondition
  const headers = etag !== undefined && isReader(order) ? { etag } : {}
  if (ifMatch === undefined)
    return toProblem(412, `${what} is there already`, {
      hint: 'Send If-Match with its ETag to change it',
      headers,
    })
  if (!isThere) return toProblem(412, `${what} is not there`, { hint: 'Send If-None-Match: * to create it' })
  return toProblem(412, `${what} is not what If-Match says: it was changed meanwhile`, {
    hint: 'GET it again, and change what is there now',
    headers,
  })
}
