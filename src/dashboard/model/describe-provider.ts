import type { ProviderFacts } from './card.ts'

/** Whether a provider can be used, in words: its key, and whether it answers. Nobody asks one whose key is not there. */
export function describeProvider(provider: ProviderFacts): readonly string[] {
  const { is_key_set: isKeySet } = provider
  if (isKeySet === null) return ['key not looked for']
  return isKeySet ? ['key set', describeHealth(provider)] : ['key not set']
}

function describeHealth({ is_reachable: isReachable, latency_ms: latency }: ProviderFacts): string {
  if (isReachable === null) return 'not asked'
  if (!isReachable) return 'does not answer'
  return latency === null ? 'answers' : `answers in ${Math.round(latency)} ms`
}
