import { NexusError } from '../lib/errors.ts'
import { suggest } from '../lib/text/nearest.ts'
import { type Condition, type Operand, type Operator, operators } from './condition.ts'

const example = `For example --where 'capabilities contains vision'`
// Signs may stand close to the field, words may not. Signs are taken as many as there are, so that `=~` is one.
const withSign = /^\s*([^\s=!<>~]+)\s*([=!<>~]+)([\s\S]*)$/
const withWord = /^\s*([^\s=!<>~]+)\s+(\S+)([\s\S]*)$/
const listItem = /\s*("[^"]*"|'[^']*'|[^,]*?)\s*(?:,|$)/y

/** Reads `FIELD OP VALUE`. Throws a NexusError('usage') that says what is missing or not known. */
export function parseCondition(text: string): Condition {
  const [, field, sign, rest = ''] = withSign.exec(text) ?? withWord.exec(text) ?? []
  if (field === undefined || sign === undefined) {
    throw new NexusError('usage', `--where: ${JSON.stringify(text)} is no FIELD OP VALUE`, { hint: example })
  }
  const operator = toOperator(sign)
  const value = rest.trim()
  if (value === '') {
    const hint = `Nothing at all is written ${field} ${sign} ''`
    throw new NexusError('usage', `--where: ${JSON.stringify(text)} has no value`, { hint })
  }
  return { field, operator, operands: operator === 'in' ? toOperands(value) : [toOperand(value)] }
}

function toOperator(text: string): Operator {
  const found = operators.find(operator => operator === (text === '==' ? '=' : text.toLowerCase()))
  if (found) return found
  const hint = suggest(text, operators) ?? `Operators are ${operators.join(' ')}`
  throw new NexusError('usage', `--where: there is no operator ${JSON.stringify(text)}`, { hint })
}

function toOperand(text: string): Operand {
  const inner = /^(["'])([\s\S]*)\1$/.exec(text)?.[2]
  return inner === undefined ? { text, isQuoted: false } : { text: inner, isQuoted: true }
}

/** The items of `a, b` or `[a, "b, c"]`. */
function toOperands(text: string): Operand[] {
  const list = /^\[([\s\S]*)\]$|^\(([\s\S]*)\)$/.exec(text)
  const items = list?.[1] ?? list?.[2] ?? text
  const operands: Operand[] = []
  listItem.lastIndex = 0
  while (listItem.lastIndex < items.length) {
    const [, item = ''] = listItem.exec(items) ?? []
    // Something stands behind a closing quote: the rest is one item, as it is.
    if (listItem.lastIndex === 0) return [toOperand(text)]
    operands.push(toOperand(item))
  }
  return operands
}
