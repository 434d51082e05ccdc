import { type CST, Lexer, Parser } from 'yaml'
import { limits } from '../limits.ts'

export interface ScannedYaml {
  readonly tokens: readonly CST.Token[]
  /** Offset where it is nested too deep; undefined when it is not. There are no tokens then. */
  readonly tooDeepAt: number | undefined
}

/**
 * Splits YAML into tokens, and stops where it is nested deeper than `deepest` levels. Every text from outside passes here first: what comes
 * later recurses, and V8 aborts the whole process when a regular expression runs out of stack.
 */
export function scanYaml(text: string, deepest: number = limits.jsonDepth): ScannedYaml {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme))
    // The document, and what holds the innermost collection, are on the stack too.
    if (parser.stack.length > deepest + 2) return { tokens: [], tooDeepAt: parser.offset }
  }
  tokens.push(...parser.end())
  return { tokens, tooDeepAt: undefined }
}
