/** A provider of kind local, with what a sync wrote about it. */
export function localProvider(runtime: string, port: number, detected?: object, more: object = {}): object {
  return {
    kind: 'local',
    runtime,
    endpoint: `http://127.0.0.1:${port}/v1/chat/completions`,
    base_url: `http://127.0.0.1:${port}`,
    auth_type: 'none',
    models: [],
    ...(detected && { detected }),
    ...more,
  }
}

/** A model as its runtime lists it. */
export function runtimeModel(id: string, more: object = {}): object {
  return {
    id,
    size_bytes: 2_019_393_189,
    quantization: 'Q4_K_M',
    context_tokens: 131_072,
    loaded: false,
    vram_bytes: null,
    ...more,
  }
}

const checkedAt = '2026-11-29T12:00:00.000Z'

/** What a sync says of a runtime that is up. */
export function upWith(models: readonly object[], more: object = {}): object {
  return {
    status: 'up',
    version: '0.13.1',
    latency_ms: 3,
    models,
    last_up_at: checkedAt,
    reason: null,
    checked_at: checkedAt,
    ...more,
  }
}

/** What a sync says of a runtime that was up here before and does not respond now. */
export function wasUpWith(models: readonly object[], more: object = {}): object {
  return upWith(models, {
    status: 'down',
    version: null,
    latency_ms: null,
    reason: 'nothing listens at http://127.0.0.1:11434',
    ...more,
  })
}

/** What a sync says of a runtime that was never up here. */
export function neverUp(reason: string, more: object = {}): object {
  return {
    status: 'down',
    version: null,
    latency_ms: null,
    models: [],
    reason,
    checked_at: checkedAt,
    ...more,
  }
}
