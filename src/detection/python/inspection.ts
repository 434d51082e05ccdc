import {
  isExactly,
  isListOf,
  isNullable,
  isNumber,
  isObjectOf,
  isOneOf,
  isText,
  isTupleOf,
  type ShapeOf,
} from '../shape.ts'

const isModule = isOneOf(
  isObjectOf({ state: isExactly('missing'), name: isText }),
  isObjectOf({ state: isExactly('failed'), name: isText, reason: isText }),
  isObjectOf({ state: isExactly('namespace'), name: isText, path: isNullable(isText) }),
  isObjectOf({
    state: isExactly('found'),
    name: isText,
    path: isText,
    /** Origin, and when it and the package's directory were last changed. */
    stamp: isTupleOf(isText, isNullable(isNumber), isNullable(isNumber)),
    distributions: isListOf(isObjectOf({ name: isText, version: isNullable(isText) })),
  }),
)

/** What `inspectScript` prints. */
export const isInspection = isObjectOf({
  version: isText,
  prefix: isText,
  modules: isListOf(isModule),
  /** Path and when it was last changed, in milliseconds; null when it is not there. */
  watched: isListOf(isTupleOf(isText, isNullable(isNumber))),
})

export type Inspection = ShapeOf<typeof isInspection>
export type InspectedModule = ShapeOf<typeof isModule>
export type FoundModule = Extract<InspectedModule, { state: 'found' }>
