import { compareNumerically } from '../../../lib/version/compare-numerically.ts'

/**
 * The latest installed version that a prefix like `3.11` stands for, by the rules of `pyenv latest`: pre-releases,
 * `-dev` and `-src` never count, and free-threaded builds (`3.13.0t`) only for a prefix that ends in `t`.
 */
export function findLatest(prefix: string, installed: readonly string[]): string | undefined {
  const [, stem = prefix, suffix = ''] = /^(.*\d)(t)$/.exec(prefix) ?? []
  const candidates = installed.filter(
    name =>
      (name.startsWith(`${stem}.`) || name.startsWith(`${stem}-`)) &&
      name.endsWith(suffix) &&
      !/(?:-dev|-src|-latest|(?:a|b|rc)\d+)$/.test(name) &&
      (suffix !== '' || !/\dt$/.test(name)),
  )
  return candidates.sort((left, right) => compareNumerically(right, left))[0]
}
