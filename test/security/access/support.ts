import { parseRegistry } from '../../../src/registry/load/parse-registry.ts'
import type { LoadedRegistry } from '../../../src/registry/snapshot.ts'
import { type AccessMatrix, toAccessMatrix } from '../../../src/security/access.ts'
import { soundTexts } from '../../support/homes/valid-home.ts'

/** A hyper registry with this text as its `access_control`. */
export function parseHyper(accessControl: string): LoadedRegistry<'hyper'> {
  const start = soundTexts.hyper.indexOf('"access_control"')
  return parse(`${soundTexts.hyper.slice(0, start)}"access_control": ${accessControl}}`)
}

/** The matrix of a hyper registry with this text as its `access_control`. */
export function toMatrix(accessControl: string): AccessMatrix {
  return toAccessMatrix(parseHyper(accessControl))
}

/** The matrix of a hyper registry with this text. */
export function toMatrixOf(text: string): AccessMatrix {
  return toAccessMatrix(parse(text))
}

function parse(text: string): LoadedRegistry<'hyper'> {
  const bytes = new TextEncoder().encode(text)
  return { ...parseRegistry('hyper', '/home/hyper_registry.json', bytes), sha256: undefined }
}
