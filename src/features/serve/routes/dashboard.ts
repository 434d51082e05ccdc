import type { DashboardView } from '../../../core/dashboard/dashboard-view.ts'
import type { DashboardAnswer } from '../../../schema/api/dashboard.ts'
import { prepareBody } from '../prepared-body.ts'
import type { OpenRoute } from '../route.ts'
import { answer } from '../route-docs.ts'

export const dashboard: OpenRoute = {
  method: 'GET',
  path: '/dashboard.json',
  summary: 'what the dashboard shows now: sections of cards, with metrics as they are and were',
  access: 'open',
  docs: {
    tag: 'questions',
    parameters: [],
    body: null,
    answers: { 200: answer('The dashboard, of what the caller may see', 'DashboardView') },
    example: '/dashboard.json',
  },
  answer: async ({ request, view }, { dashboard: live, host }) => {
    const shown = (await live.ask(view)) satisfies DashboardView satisfies DeepReadonly<DashboardAnswer>
    const body = {
      body: `${JSON.stringify(shown)}\n`,
      type: 'application/json',
      audience: 'private',
      headers,
    } as const
    return prepareBody(body, host).answer(request)
  },
}

// Of this moment, that no cache may keep.
const headers = { 'cache-control': 'no-store' }

type DeepReadonly<Value> = { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
