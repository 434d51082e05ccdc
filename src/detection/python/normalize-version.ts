// The pattern of PEP 440, appendix B, without the local part's details.
const pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/

const preReleases: Record<string, string> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' }

/**
 * The public version of a Python distribution in the normal form of PEP 440: `2.4.1+cu121` is `2.4.1`,
 * `3.13.0-RC2` is `3.13.0rc2`. Null when it is no such version.
 */
export function normalizePythonVersion(raw: string): string | null {
  if (raw.length > 128) return null
  const match = pattern.exec(raw.trim().toLowerCase())
  if (!match) return null
  const [, epoch, release = '', pre, preNumber, postShort, post, postNumber, dev, devNumber] = match
  return [
    epoch === undefined || toNumber(epoch) === '0' ? '' : `${toNumber(epoch)}!`,
    release.split('.').map(toNumber).join('.'),
    pre === undefined ? '' : `${preReleases[pre] ?? pre}${toNumber(preNumber)}`,
    toPost(postShort, post, postNumber),
    dev === undefined ? '' : `.dev${toNumber(devNumber)}`,
  ].join('')
}

function toPost(short: string | undefined, post: string | undefined, number: string | undefined): string {
  if (short !== undefined) return `.post${toNumber(short)}`
  return post === undefined ? '' : `.post${toNumber(number)}`
}

function toNumber(digits: string | undefined): string {
  return (digits ?? '').replace(/^0+(?=\d)/, '') || '0'
}
