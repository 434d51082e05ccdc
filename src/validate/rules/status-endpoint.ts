import { listDashboardProviders } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const statusEndpoint: Rule = {
  id: 'status-endpoint',
  severity: 'warning',
  summary: 'serve does not answer the status_endpoint of a card with the health of its provider',
  check: context => {
    const cards = listDashboardProviders(context.snapshot).flatMap(([id, { status_endpoint: path }]) =>
      path === undefined ? [] : [{ id, path }],
    )
    return cards.flatMap((card, index) => {
      const first = cards.slice(0, index).find(({ path }) => path === card.path)
      return findMistake(card, first?.id, context)
    })
  },
}

function findMistake(
  { id, path }: { readonly id: string; readonly path: string },
  firstId: string | undefined,
  { known }: RuleContext,
): Violation[] {
  const usual = `/health/${encodeURIComponent(id)}`
  const name = /^\/health\/([^/?#]+)$/.exec(path)?.[1]
  const message =
    name === undefined
      ? `serve answers paths like ${usual}, and not ${JSON.stringify(path)}`
      : name !== id && known.ids('providers').has(name)
        ? `${JSON.stringify(path)} is the health of ${name}`
        : firstId !== undefined
          ? `${JSON.stringify(path)} is the path of ${firstId} too`
          : undefined
  if (message === undefined) return []
  const place = ['sections', 'providers', 'entries', id, 'status_endpoint']
  return [{ registry: 'dashboard', path: place, message, hint: `Write ${usual}, or leave it out` }]
}
