import { usualEndpoint } from '../../registry/dashboard-items.ts'
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
    // The last one that is set stays: the first card of each path.
    const owners = new Map(cards.toReversed().map(({ id, path }) => [path, id]))
    return cards.flatMap(card => {
      const owner = owners.get(card.path)
      return findMistake(card, owner === card.id ? undefined : owner, context)
    })
  },
}

interface NamedPath {
  readonly id: string
  readonly path: string
}

function findMistake(card: NamedPath, firstId: string | undefined, context: RuleContext): Violation[] {
  const message = describeMistake(card, firstId, context)
  if (message === undefined) return []
  const path = ['sections', 'providers', 'entries', card.id, 'status_endpoint']
  const hint = `Write ${usualEndpoint(card.id)}, or leave it out`
  return [{ registry: 'dashboard', path, message, hint }]
}

function describeMistake(
  { id, path }: NamedPath,
  firstId: string | undefined,
  { known }: RuleContext,
): string | undefined {
  const said = JSON.stringify(path)
  const name = /^\/health\/([^/?#]+)$/.exec(path)?.[1]
  if (name === undefined) return `serve answers paths like ${usualEndpoint(id)}, and not ${said}`
  if (name !== id && known.ids('providers').has(name)) return `${said} is the health of ${name}`
  return firstId === undefined ? undefined : `${said} is the path of ${firstId} too`
}
