import { datedRegistryNames, describeOldData, findDataAge, oldDataHint } from '../../registry/data-age.ts'
import { listReadEntries } from '../references.ts'
import type { Rule } from '../rule.ts'

export const dataAge: Rule = {
  id: 'data-age',
  severity: 'warning',
  summary: 'most figures of a registry are 90 days old or older; --strict does not count it',
  isAdvice: true,
  check: ({ snapshot, today }) =>
    datedRegistryNames
      .flatMap(name => findDataAge(name, listReadEntries(snapshot, name), Date.parse(today)) ?? [])
      .filter(age => age.is_old)
      .map(age => ({
        registry: age.registry,
        path: [age.oldest.id, 'x-source', 'retrieved_on'],
        message: describeOldData(age),
        hint: oldDataHint,
      })),
}
