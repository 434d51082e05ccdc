import { withLocalModels } from '../../registry/local-models.ts'
import { isSubRegistry, type RegistryName } from '../../registry/schema/names.ts'
import { entriesOf } from '../../registry/snapshot.ts'
import { prepareBody, toEntryText } from '../bodies.ts'
import { toProblem } from '../problem.ts'
import {
  anyEntry,
  idParameter,
  problem,
  type RegistryRoute,
  registryParameter,
  response,
  unchanged,
} from '../route.ts'

export const entry: RegistryRoute = {
  method: 'GET',
  path: '/registries/:registry/:id',
  summary: 'one entry of a registry',
  access: 'read',
  docs: {
    tag: 'registries',
    parameters: [registryParameter, idParameter],
    body: null,
    answers: {
      200: response(
        'The entry; of a model that only a local runtime has, its facts',
        ...anyEntry,
        'LocalModel',
      ),
      304: unchanged,
      404: problem('There is no such registry or entry'),
    },
    example: '/registries/tools/docker',
  },
  answer: ({ registry, revision, view, request }, { host }) => {
    const id = request.param('id') ?? ''
    if (!isSubRegistry(registry)) {
      return toProblem(404, `${registry} is a document, and has no entries`, {
        hint: `GET /registries/${registry} returns all of it`,
      })
    }
    const files: Readonly<Record<string, unknown>> = revision.snapshot.registries[registry].content ?? {}
    const isInFile = Object.hasOwn(files, id)
    // A model that only a local runtime has.
    const content =
      isInFile || registry !== 'models' ? files : entriesOf(withLocalModels(view.snapshot), registry)
    if (!Object.hasOwn(content, id)) {
      return toProblem(404, `${registry} has no entry ${JSON.stringify(id)}`, {
        hint: `GET /registries/${registry} returns all of them`,
      })
    }
    const sources: readonly RegistryName[] = isInFile ? [registry] : [registry, 'providers']
    const isPublic = sources.every(name => revision.matrix[name].read === 'public')
    const audience = isPublic ? 'public' : 'private'
    const body = toEntryText(content[id])
    return prepareBody({ body, type: 'application/json', audience }, host).answer(request)
  },
}
