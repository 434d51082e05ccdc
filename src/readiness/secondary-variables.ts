import type { Environment } from '../platform/host.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import type { Tool } from '../registry/schema/tool.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import type { SecondaryVariable } from './readiness.ts'
import { entryAt } from './tool-condition.ts'

/**
 * The variables of `secondary_vars` of a tool or framework. A value is there only for a name that never holds a secret,
 * and only when the value looks like what it should be: a registry may name any variable, and people make mistakes.
 */
export function listSecondaryVariables(
  ref: string,
  snapshot: Snapshot,
  env: Environment,
): SecondaryVariable[] {
  return variablesOf(ref, snapshot).map(name => {
    const value = readVariable(name, env)
    return { name, is_set: value !== undefined, value: value === undefined ? null : toShown(name, value) }
  })
}

/**
 * The same for a caller over HTTP. No values: the environment is that of the user of the server. Of an entry that came
 * over the network there are none, because it could be written to find out what is set here.
 */
export function listServedVariables(ref: string, snapshot: Snapshot, env: Environment): SecondaryVariable[] {
  if (findEntry(ref, snapshot)?.['x-upstream'] !== undefined) return []
  return listSecondaryVariables(ref, snapshot, env).map(variable => ({ ...variable, value: null }))
}

function findEntry(ref: string, snapshot: Snapshot): Tool | MlFramework | undefined {
  return (
    entryAt<Tool>(ref, 'tools', entriesOf(snapshot, 'tools')) ??
    entryAt<MlFramework>(ref, 'ml_frameworks', entriesOf(snapshot, 'ml_frameworks'))
  )
}

function variablesOf(ref: string, snapshot: Snapshot): string[] {
  return [...new Set(findEntry(ref, snapshot)?.secondary_vars)]
}

// `constructor` is a name that every object knows.
function readVariable(name: string, env: Environment): string | undefined {
  return (Object.hasOwn(env, name) && env[name]) || undefined
}

/** Values that are shown, by form. None has a control character, a quote, user info, a query or an assignment. */
const forms = {
  word: /^[A-Za-z0-9][A-Za-z0-9._,:-]{0,63}$/,
  path: /^[A-Za-z0-9._~/\\:-]{1,256}$/,
  address: /^(?:[a-z]{2,8}:\/\/)?[A-Za-z0-9.[\]:_-]{0,128}(?:\/[A-Za-z0-9._/-]{0,128})?$/,
} as const

/** Variables whose value never is a secret, and what it looks like. Commands and options are none: they may hold one. */
const shownVariables: Readonly<Record<string, keyof typeof forms>> = {
  ANSIBLE_CONFIG: 'path',
  ANSIBLE_INVENTORY: 'path',
  AWS_PROFILE: 'word',
  AWS_REGION: 'word',
  AZURE_CONFIG_DIR: 'path',
  CLOUDSDK_ACTIVE_CONFIG_NAME: 'word',
  CLOUDSDK_CORE_PROJECT: 'word',
  CONDA_PREFIX: 'path',
  CONTAINER_HOST: 'address',
  CUDA_VISIBLE_DEVICES: 'word',
  CURL_CA_BUNDLE: 'path',
  DOCKER_HOST: 'address',
  DOCKER_TLS_VERIFY: 'word',
  HIP_VISIBLE_DEVICES: 'word',
  KUBECONFIG: 'path',
  OLLAMA_HOST: 'address',
  OLLAMA_MODELS: 'path',
  PYENV_VERSION: 'word',
  TF_CLI_CONFIG_FILE: 'path',
  TF_WORKSPACE: 'word',
  TPU_NAME: 'word',
  VIRTUAL_ENV: 'path',
}

function toShown(name: string, value: string): string | null {
  const form = Object.hasOwn(shownVariables, name) ? shownVariables[name] : undefined
  return form !== undefined && forms[form].test(value) && !looksLikeKey(value) ? value : null
}

/** Whether a part of a value is as long and mixed as keys and tokens are. */
function looksLikeKey(value: string): boolean {
  const parts = value.match(/[A-Za-z0-9_-]{20,}/g) ?? []
  return (
    parts.some(part => /\d/.test(part) && /[A-Za-z]/.test(part)) || /^(?:sk|gh[a-z]|xox[a-z])[-_]/.test(value)
  )
}
