/** Words that stand for something in YAML 1.1, as go-yaml has them. */
const words = new Map<string, boolean | null | number>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    word => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    word => [word, false] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map(word => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    word => [word, Number.POSITIVE_INFINITY] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map(word => [word, Number.NEGATIVE_INFINITY] as const),
])

const timestamp =
  /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:[ \t]*(?:Z|[-+]\d{1,2}(?::?\d{2})?))?)?$/

const core = 'tag:yaml.org,2002:'

/**
 * The value of a scalar for kubectl; undefined when its tag does not fit its text, or when it is a number
 * that JSON cannot hold.
 */
export function resolveScalar(
  text: string,
  { tag, isPlain }: { tag: string | undefined; isPlain: boolean },
): string | number | boolean | null | undefined {
  if (tag === undefined) return isPlain ? finite(resolvePlain(text)) : text
  const resolve = tag.startsWith(core) ? tagged[tag.slice(core.length)] : undefined
  return resolve === undefined ? text : resolve(text)
}

const tagged: Readonly<Record<string, (text: string) => string | number | boolean | null | undefined>> = {
  int: text => only(resolvePlain(text), Number.isInteger),
  float: text => only(finite(resolvePlain(text)), value => typeof value === 'number'),
  bool: text => only(resolvePlain(text), value => typeof value === 'boolean'),
  null: text => only(resolvePlain(text), value => value === null),
  timestamp: text => only(text, () => timestamp.test(text)),
  binary: decodeBinary,
}

function only<T>(value: T, isRight: (value: T) => boolean): T | undefined {
  return isRight(value) ? value : undefined
}

function finite<T>(value: T): T | undefined {
  return typeof value === 'number' && !Number.isFinite(value) ? undefined : value
}

function resolvePlain(text: string): string | number | boolean | null {
  const word = words.get(text)
  if (word !== undefined) return word
  const isNumberLike = /^[-+.\d]/.test(text) && !timestamp.test(text)
  return (isNumberLike ? toNumber(text) : undefined) ?? text
}

// Go's ParseInt with base 0, then its ParseFloat; underscores are taken away before.
function toNumber(text: string): number | undefined {
  const plain = text.replaceAll('_', '')
  const [, sign = '', digits] =
    /^([-+]?)(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[1-9]\d*|0)$/.exec(plain) ?? []
  if (digits !== undefined) {
    const value = BigInt(digits.replace(/^0(?=\d)/, '0o'))
    if (value < 2n ** (sign === '-' ? 63n : 64n)) return Number(sign === '-' ? -value : value)
  }
  if (!/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(plain)) return undefined
  const value = Number(plain)
  return Number.isFinite(value) ? value : undefined
}

function decodeBinary(text: string): string | undefined {
  if (!isBase64(text)) return undefined
  const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0))
  return new TextDecoder().decode(bytes)
}

/** Whether Go's `base64.StdEncoding` decodes it: padded, and with no characters between but line breaks. */
export function isBase64(text: string): boolean {
  const digits = text.replace(/[\r\n]+/g, '')
  return digits.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(digits)
}
