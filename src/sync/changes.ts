import type { DetectionChange } from '../detection/sync-report.ts'
import type { Ref } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'

const fields = ['status', 'version', 'path'] as const

/** What differs between two detections of the same thing. A version that could not be read now is no change. */
export function changesOf(ref: Ref, before: Detected | undefined, after: Detected): DetectionChange[] {
  return fields.flatMap(field => {
    const from = before?.[field] ?? null
    const to = after[field]
    if (from === to || isUnread(field, before, after)) return []
    return [{ ref, field, from, to }]
  })
}

/** What differs between two looks at something that has a status alone: a service or a provider. */
export function statusChanges(ref: Ref, before: string | undefined, after: string): DetectionChange[] {
  return before === after ? [] : [{ ref, field: 'status', from: before ?? null, to: after }]
}

function isUnread(field: (typeof fields)[number], before: Detected | undefined, after: Detected): boolean {
  return field === 'version' && after.version === null && before?.status === after.status
}
