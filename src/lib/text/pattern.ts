import { errorMessage } from '../errors.ts'
import { limits } from '../limits.ts'

/** A regular expression of a registry, ready to run. */
export interface Pattern {
  /** What the first group matched, or the whole match without one; undefined when nothing does. */
  find(text: string): string | undefined
}

/**
 * Compiles a regular expression that came from a registry. It runs on RE2's engine, which takes linear time and
 * knows no backreferences, over at most `limits.patternInput` characters; `^` and `$` mean the ends of a line.
 */
export async function compilePattern(
  source: string,
): Promise<{ ok: true; pattern: Pattern } | { ok: false; message: string }> {
  const { RE2JS } = await import('re2js')
  try {
    const compiled = RE2JS.compile(source, RE2JS.MULTILINE)
    return {
      ok: true,
      pattern: { find: text => findIn(compiled.matcher(text.slice(0, limits.patternInput))) },
    }
  } catch (error) {
    // RE2JS writes its flags into the pattern.
    return { ok: false, message: errorMessage(error).replace('`(?m)', '`') }
  }
}

interface Matcher {
  find(): boolean
  groupCount(): number
  group(index: number): string | null
}

function findIn(matcher: Matcher): string | undefined {
  if (!matcher.find()) return undefined
  return matcher.group(matcher.groupCount() > 0 ? 1 : 0) ?? undefined
}
