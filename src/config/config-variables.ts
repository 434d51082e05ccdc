import { NexusError } from '../lib/errors.ts'
import type { Environment } from '../platform/host.ts'

/** Variables that set what a configuration file can set too, and win over it. */
export const configVariables = {
  python: 'NEXUS_REGISTRY_PYTHON',
  concurrency: 'NEXUS_REGISTRY_CONCURRENCY',
  timeout: 'NEXUS_REGISTRY_TIMEOUT',
} as const

export interface VariableSettings {
  readonly python?: string
  readonly concurrency?: number
  /** Seconds. */
  readonly timeout?: number
}

export interface ReadVariables {
  readonly settings: VariableSettings
  /** What was wrong with the others. */
  readonly faults: readonly NexusError[]
}

/** Reads the settings that are made by variables. An empty variable sets nothing. */
export function readConfigVariables(env: Environment): ReadVariables {
  const python = env[configVariables.python]
  const concurrency = readNumber(configVariables.concurrency, env, { least: 1, most: 256, isWhole: true })
  const timeout = readNumber(configVariables.timeout, env, { least: 0.001, most: 600, isWhole: false })
  return {
    settings: {
      ...(python ? { python } : {}),
      ...(concurrency.value === undefined ? {} : { concurrency: concurrency.value }),
      ...(timeout.value === undefined ? {} : { timeout: timeout.value }),
    },
    faults: [concurrency.fault, timeout.fault].filter(fault => fault !== undefined),
  }
}

interface NumberBounds {
  readonly least: number
  readonly most: number
  readonly isWhole: boolean
}

function readNumber(
  name: string,
  env: Environment,
  { least, most, isWhole }: NumberBounds,
): { value?: number; fault?: NexusError } {
  const text = env[name]?.trim()
  if (!text) return {}
  const value = Number(text)
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return { value }
  const expected = `a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`
  const fault = new NexusError('config', `the variable ${name} is ${JSON.stringify(text)}, not ${expected}`, {
    hint: `Set it to ${expected}, or unset it`,
  })
  return { fault }
}
