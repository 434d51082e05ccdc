import { toProblem } from '../problem.ts'
import { type OpenRoute, problem, textResponse, unchanged } from '../route.ts'

export const assets: OpenRoute = {
  method: 'GET',
  path: '/assets/:file',
  summary: 'script, style and symbol of the dashboard for browsers',
  access: 'open',
  isPrompt: true,
  docs: {
    tag: 'api',
    parameters: [
      {
        name: 'file',
        in: 'path',
        isRequired: true,
        says: 'Name of the file; it says what is in it, so that it may be kept for ever',
        schema: 'Text',
        example: 'dashboard.svg',
      },
    ],
    body: null,
    answers: {
      200: textResponse('The file', 'text/javascript', 'text/css', 'image/svg+xml'),
      304: unchanged,
      404: problem('There is no such file: the page that named it is of another version'),
    },
    example: '/assets/dashboard.svg',
  },
  answer: async ({ request }, { page }) => {
    const name = request.param('file') ?? ''
    const file = await page.asset(name)
    if (file) return file.answer(request)
    return toProblem(404, `the dashboard has no file ${JSON.stringify(name)}`, {
      hint: 'Load the page anew: it names the files that there are',
    })
  },
}
