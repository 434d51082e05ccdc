/** How a field is held against a value, in the order in which they are told. */
export const operators = ['=', '!=', '<', '<=', '>', '>=', '~', 'contains', 'in'] as const

export type Operator = (typeof operators)[number]

/** A value as it was written. */
export interface Operand {
  readonly text: string
  /** It stood in quotes: a text, whatever it looks like. */
  readonly isQuoted: boolean
}

/** One `--where`. */
export interface Condition {
  /** Path with dots: `detected.version`. */
  readonly field: string
  readonly operator: Operator
  /** One, but for `in`. */
  readonly operands: readonly Operand[]
}
