import { toExportResult } from '../../env/exports.ts'
import { json } from '../../env/shells/json.ts'
import { sh } from '../../env/shells/sh.ts'
import type { Shell } from '../../env/shells/shell.ts'
import { statusVariable } from '../../env/variables.ts'
import { type HeavyRoute, response, textResponse } from '../route.ts'

/** What `env` exports, in the forms that are served. */
export const envRoutes: readonly HeavyRoute[] = [
  toRoute(
    'json',
    json,
    'application/json',
    'what the machine has, as variables: NEXUS_HAS_DOCKER and the like',
  ),
  toRoute('sh', sh, 'text/x-shellscript; charset=utf-8', 'the same as exports for POSIX shells'),
]

function toRoute(extension: string, shell: Shell, type: string, summary: string): HeavyRoute {
  return {
    method: 'GET',
    path: `/env.${extension}`,
    summary,
    access: 'open',
    isHeavy: true,
    docs: {
      tag: 'questions',
      parameters: [],
      body: null,
      answers: {
        200:
          extension === 'json'
            ? response(
                'The variables, by the last sync; of providers by the environment of the server',
                'Environment',
              )
            : textResponse('Statements that set and unset them', type),
      },
      example: `/env.${extension}`,
    },
    answer: async ({ view }, { host }) => {
      const { variables, status } = await toExportResult(view.snapshot, host)
      const body = shell.render([...variables, statusVariable(status)], host)
      return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body }
    },
  }
}
