import type { DashboardDocument } from '../../dashboard/model/dashboard-schema.ts'
import type { DashboardView } from '../../dashboard/model/dashboard-view.ts'
import { toJsonResponse } from '../bodies.ts'
import { type OpenRoute, response } from '../route.ts'

export const dashboard: OpenRoute = {
  method: 'GET',
  path: '/dashboard.json',
  summary: 'what the dashboard shows now: sections of cards, with metrics as they are and were',
  access: 'open',
  docs: {
    tag: 'questions',
    parameters: [],
    body: null,
    answers: { 200: response('The dashboard, of what the caller may see', 'DashboardView') },
    example: '/dashboard.json',
  },
  answer: async ({ view }, { dashboard: live }) => {
    const shown = (await live.show(view)) satisfies DashboardView satisfies DeepReadonly<DashboardDocument>
    // Not compressed: that takes longer than a local transfer.
    return toJsonResponse(shown, { isCompact: true })
  },
}

/** All models. The dashboard itself has the first ones. */
export const dashboardModels: OpenRoute = {
  method: 'GET',
  path: '/dashboard/models.json',
  summary: 'all models, with what the dashboard shows of each: those that can be called first',
  access: 'open',
  docs: {
    tag: 'questions',
    parameters: [],
    body: null,
    answers: { 200: response('Models that the caller may see', 'DashboardModels') },
    example: '/dashboard/models.json',
  },
  answer: async ({ view }, { dashboard: live }) =>
    toJsonResponse(await live.listModels(view), { isCompact: true }),
}

type DeepReadonly<Value> = { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
