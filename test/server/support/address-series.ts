/** Addresses on loopback that requests may come from, a new one every ten requests: wrong tokens are bounded for each. */
export function addressSeries(): () => string {
  let count = 0
  return () => {
    const number = Math.floor(count++ / 10)
    return `127.1.${Math.floor(number / 250)}.${(number % 250) + 1}`
  }
}
