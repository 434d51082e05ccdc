import { entryIds } from '../../registry/components/components.ts'
import { subRegistryNames } from '../../registry/schema/names.ts'
import { listReadEntries } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

/** A number that is written down, and what it should be. */
export interface Miscount extends Violation {
  readonly actual: number
}

export const entryCount: Rule = {
  id: 'entry-count',
  severity: 'warning',
  summary: 'a number of entries that is written down differs from what is there',
  check: findMiscounts,
}

/** All numbers that differ from what is there. */
export function findMiscounts(context: Pick<RuleContext, 'snapshot'>): Miscount[] {
  return [...findExpectedCounts(context), ...findProviderCounts(context)]
}

function findExpectedCounts({ snapshot }: Pick<RuleContext, 'snapshot'>): Miscount[] {
  const declared = snapshot.readable.hyper?.sub_registries ?? {}
  return subRegistryNames.flatMap(name => {
    const expected = declared[name]?.entries_count_expected
    const actual = entryIds(snapshot, name).length
    if (expected === undefined || expected === actual || snapshot.registries[name].state !== 'ok') return []
    const message = `expects ${count(expected, 'entry', 'entries')}, but ${name} has ${actual}`
    const path = ['sub_registries', name, 'entries_count_expected']
    return [{ registry: 'hyper', path, message, hint: `Set it to ${actual}`, actual }]
  })
}

function findProviderCounts({ snapshot }: Pick<RuleContext, 'snapshot'>): Miscount[] {
  if (snapshot.registries.providers.state !== 'ok') return []
  const actual = entryIds(snapshot, 'providers').length
  return listReadEntries(snapshot, 'adapters')
    .filter(([, { providers }]) => providers !== undefined && providers !== actual)
    .map(([id, { providers = 0 }]) => {
      const message = `says ${count(providers, 'provider', 'providers')}, but there are ${actual}`
      return { registry: 'adapters', path: [id, 'providers'], message, hint: `Set it to ${actual}`, actual }
    })
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}
