import type { Environment } from './host.ts'

/**
 * What makes tools answer plainly and at once: no translation, colour, pager, prompt, download or update check.
 * `undefined` takes a variable away.
 */
const hardening: Environment = {
  LC_ALL: 'C',
  LANGUAGE: undefined,
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  CLICOLOR_FORCE: undefined,
  TERM: 'dumb',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  MANPAGER: 'cat',
  SYSTEMD_PAGER: 'cat',
  // An empty AWS_PAGER switches paging off (AWS CLI user guide, "client-side pager").
  AWS_PAGER: '',
  AZURE_CORE_COLLECT_TELEMETRY: '0',
  CHECKPOINT_DISABLE: '1',
  CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
  CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
  COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
  COREPACK_ENABLE_NETWORK: '0',
  DOCKER_CLI_HINTS: 'false',
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
  GH_NO_UPDATE_NOTIFIER: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  HOMEBREW_NO_AUTO_UPDATE: '1',
  // What editors and test runs leave for Node: it keeps Node from starting, holds it up, or has it write files.
  NODE_DEBUG: undefined,
  NODE_OPTIONS: undefined,
  NODE_REDIRECT_WARNINGS: undefined,
  NODE_V8_COVERAGE: undefined,
  NO_UPDATE_NOTIFIER: '1',
  NPM_CONFIG_UPDATE_NOTIFIER: 'false',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_NO_INPUT: '1',
  PULUMI_SKIP_UPDATE_CHECK: 'true',
}

/** Environment for the commands of probes: the user's own, with everything that waits or decorates switched off. */
export function probeEnvironment(env: Environment): Environment {
  return { ...env, ...hardening }
}
