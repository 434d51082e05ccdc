import type { LocalDetected, ProviderDetected } from './schema/detected.ts'

interface Detectable {
  readonly detected?: ProviderDetected | LocalDetected | undefined
}

/** The detection of a hosted provider: its credential. Undefined for a local runtime. */
export function hostedDetectionOf({ detected }: Detectable): ProviderDetected | undefined {
  return detected && 'key_env' in detected ? detected : undefined
}

/** The detection of a local runtime: whether it is up, and its models. Undefined for a hosted provider. */
export function localDetectionOf({ detected }: Detectable): LocalDetected | undefined {
  return detected && 'models' in detected ? detected : undefined
}
