import { editJson } from '../../core/json/edit-json.ts'
import { findNode, toValue } from '../../core/json/json-node.ts'
import { isJsonObject } from '../../core/json/json-value.ts'
import type { Detected } from '../../schema/detected.ts'

/**
 * The text of a registry with new detections in its entries, and everything else as it was. An entry that is gone is
 * left out, and so is one that another sync has looked for later than this one.
 */
export function writeDetections(text: string, detections: Readonly<Record<string, Detected>>): string {
  return editJson(text, root =>
    Object.entries(detections)
      .filter(([id, detected]) => {
        const existing = findNode(root, [id, 'detected'])
        return !(existing && isLater(toValue(existing), detected))
      })
      .map(([id, detected]) => ({ parent: [id], key: 'detected', value: detected })),
  )
}

function isLater(existing: unknown, detected: Detected): boolean {
  if (!isJsonObject(existing) || typeof existing.checked_at !== 'string') return false
  return Date.parse(existing.checked_at) > Date.parse(detected.checked_at)
}
