/** Shorter ones occur in any text. */
const shortestSecret = 6

/** Makes what hides secrets in texts: those that are given, sign-in data in addresses, and bearer tokens. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter(secret => secret.length >= shortestSecret)
  return text =>
    known
      .reduce((shown, secret) => shown.replaceAll(secret, '[hidden]'), text)
      .replace(/(\bhttps?:\/\/)[^\s/@]*@/gi, '$1[hidden]@')
      .replace(/\b(bearer) +[\w.~+/=-]+/gi, '$1 [hidden]')
}
