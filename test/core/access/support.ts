import type { AccessMatrix } from '../../../src/core/access/access-matrix.ts'
import { toAccessMatrix } from '../../../src/core/access/access-matrix.ts'
import { parseRegistry } from '../../../src/store/parse-registry.ts'
import { soundTexts } from '../../support/sound-home.ts'

/** The matrix of a hyper registry with this text as its `access_control`. */
export function toMatrix(accessControl: string): AccessMatrix {
  const start = soundTexts.hyper.indexOf('"access_control"')
  return toMatrixOf(`${soundTexts.hyper.slice(0, start)}"access_control": ${accessControl}}`)
}

/** The matrix of a hyper registry with this text. */
export function toMatrixOf(text: string): AccessMatrix {
  const bytes = new TextEncoder().encode(text)
  return toAccessMatrix({ ...parseRegistry('hyper', '/home/hyper_registry.json', bytes), sha256: undefined })
}
