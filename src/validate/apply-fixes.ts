import type { RuleLevel } from '../config/config.ts'
import type { FixableFile, FixedText } from './fixes/fix.ts'
import { fixes } from './fixes/index.ts'

/** A text with everything put right that has one answer. Pure. */
export function applyFixes(file: FixableFile, levels: Readonly<Record<string, RuleLevel>>): FixedText {
  const wanted = fixes.filter(({ rule }) => rule === undefined || levels[rule] !== 'off')
  let fixed: FixedText = { text: file.text, faults: [] }
  for (const fix of wanted) {
    const { text, faults } = fix.apply({ ...file, text: fixed.text })
    fixed = { text, faults: [...fixed.faults, ...faults] }
  }
  return fixed
}
