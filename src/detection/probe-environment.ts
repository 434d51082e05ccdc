import type { Environment, Host } from '../platform/host.ts'

/**
 * Makes tools respond plainly and at once: no translation, colour, pager, prompt, download, update check or
 * telemetry. `undefined` takes a variable away.
 */
const hardening: Environment = {
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
  DO_NOT_TRACK: '1',
  AIDER_ANALYTICS_DISABLE: 'true',
  AIDER_CHECK_UPDATE: 'false',
  AZD_SKIP_UPDATE_CHECK: 'true',
  AZURE_CORE_COLLECT_TELEMETRY: '0',
  AZURE_DEV_COLLECT_TELEMETRY: 'no',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CHECKPOINT_DISABLE: '1',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
  CLOUDSDK_CORE_CHECK_GCE_METADATA: 'false',
  CLOUDSDK_CORE_DISABLE_FILE_LOGGING: '1',
  CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
  CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
  COMPOSER_ALLOW_SUPERUSER: '1',
  COPILOT_AUTO_UPDATE: 'false',
  COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
  COREPACK_ENABLE_NETWORK: '0',
  CRUSH_DISABLE_METRICS: '1',
  DAGGER_NO_UPDATE_CHECK: '1',
  DENO_NO_UPDATE_CHECK: '1',
  DISABLE_AUTOUPDATER: '1',
  DOCKER_CLI_HINTS: 'false',
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
  DOTNET_SKIP_FIRST_TIME_EXPERIENCE: '1',
  DVC_NO_ANALYTICS: '1',
  FLY_NO_UPDATE_CHECK: '1',
  GH_NO_UPDATE_NOTIFIER: '1',
  GH_PROMPT_DISABLED: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GLAB_CHECK_UPDATE: 'false',
  GRYPE_CHECK_FOR_APP_UPDATE: 'false',
  HF_HUB_DISABLE_TELEMETRY: '1',
  HF_HUB_DISABLE_UPDATE_CHECK: '1',
  HGPLAIN: '1',
  HOMEBREW_NO_ANALYTICS: '1',
  HOMEBREW_NO_AUTO_UPDATE: '1',
  IBMCLOUD_VERSION_CHECK: 'false',
  LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  MISE_OFFLINE: '1',
  NO_AUTOUPDATE: 'true',
  // What editors and test runs leave for Node: it keeps Node from starting, holds it up, or has it write files.
  NODE_DEBUG: undefined,
  NODE_OPTIONS: undefined,
  NODE_REDIRECT_WARNINGS: undefined,
  NODE_V8_COVERAGE: undefined,
  NO_UPDATE_NOTIFIER: '1',
  NPM_CONFIG_UPDATE_NOTIFIER: 'false',
  OPENCODE_DISABLE_AUTOUPDATE: '1',
  PDM_CHECK_UPDATE: '0',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_NO_INPUT: '1',
  POWERSHELL_TELEMETRY_OPTOUT: '1',
  POWERSHELL_UPDATECHECK: 'Off',
  PROMPTFOO_DISABLE_TELEMETRY: '1',
  PROMPTFOO_DISABLE_UPDATE: '1',
  PULUMI_SKIP_UPDATE_CHECK: 'true',
  PYTHONDONTWRITEBYTECODE: '1',
  RAY_USAGE_STATS_ENABLED: '0',
  RUSTUP_AUTO_INSTALL: '0',
  SAM_CLI_TELEMETRY: '0',
  SCW_DISABLE_CHECK_VERSION: 'true',
  SEMGREP_ENABLE_VERSION_CHECK: '0',
  SEMGREP_SEND_METRICS: 'off',
  SKAFFOLD_UPDATE_CHECK: 'false',
  SYFT_CHECK_FOR_APP_UPDATE: 'false',
  TRIVY_DISABLE_TELEMETRY: 'true',
  TURBO_TELEMETRY_DISABLED: '1',
  VAGRANT_CHECKPOINT_DISABLE: '1',
  VERCEL_TELEMETRY_DISABLED: '1',
  VLLM_NO_USAGE_STATS: '1',
  WRANGLER_SEND_METRICS: 'false',
}

/** Nothing listens on this port of loopback, so a request through it fails at once and leaves no machine. */
const deadAddress = '127.0.0.1:9'

/**
 * Keeps a command from the network, as far as variables can: most programs and libraries take a proxy from here. Go
 * programs take none for loopback, where Ollama's client expects its server.
 */
const offline: Environment = {
  HTTP_PROXY: `http://${deadAddress}`,
  HTTPS_PROXY: `http://${deadAddress}`,
  ALL_PROXY: `http://${deadAddress}`,
  http_proxy: `http://${deadAddress}`,
  https_proxy: `http://${deadAddress}`,
  all_proxy: `http://${deadAddress}`,
  NO_PROXY: undefined,
  no_proxy: undefined,
  AWS_EC2_METADATA_DISABLED: 'true',
  CI: 'true',
  GOPROXY: 'off',
  HF_HUB_OFFLINE: '1',
  // Google's kubectl queries a server for its version before it starts the client that fits: this one, without a kubeconfig.
  KUBERNETES_MASTER: `http://${deadAddress}`,
  KUBERNETES_SERVICE_HOST: undefined,
  NO_GCE_CHECK: 'true',
  OLLAMA_HOST: deadAddress,
}

/** Directories that stand for those of the user while a command runs. */
export interface ScratchDirectories {
  readonly home: string
  readonly temporary: string
  readonly runtime: string
}

/**
 * What a command may reach. `nothing`: an empty home, and no network. `home`: the user's own home and locale, and no
 * network, for programs that fail without them. `everything`: for commands about this user's accounts or servers.
 */
export type ProbeScope = 'nothing' | 'home' | 'everything'

// Variables that name a place to write to. Those of version managers stay, because they also name what is installed.
const writtenPlace =
  /^(?!(?:ASDF|MISE|TFENV|TENV)_).*(?:(?:CACHE|CONFIG|(?:^|_)(?:LOGS?|STATE|HISTORY))(?:_?(?:DIR|HOME|FILE|PATH|ROOT|FOLDER))?|_DATA_(?:DIR|HOME))$/i
const writtenHome =
  /^(?:AIRFLOW|CLAUDE|CODEX|COPILOT|DOTNET_CLI|GEMINI_CLI|GNUPG|GRADLE_USER|HF|KERAS|MINIKUBE|PULUMI|TORCH|TRITON|WRANGLER)_?HOME$/
const otherOutput =
  /^(?:XDG_.*|GIT_TRACE.*|HISTFILE|IPYTHONDIR|N8N_USER_FOLDER|NODE_COMPILE_CACHE|NODE_V8_COVERAGE|COVERAGE_PROCESS_START)$/

type EnvironmentHost = Pick<Host, 'env' | 'platform' | 'userHome' | 'path'>

/** Environment for a command of a probe, with everything that waits, decorates or reports switched off. */
export function probeEnvironment(
  reach: ProbeScope,
  scratch: ScratchDirectories,
  host: EnvironmentHost,
): Environment {
  const locale = host.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'
  return {
    ...host.env,
    // Not plain C: Ansible refuses to run where the encoding is not UTF-8. A system without it means C all the same.
    ...(reach !== 'home' && { LC_ALL: locale, LANG: locale }),
    ...hardening,
    // Nothing but a cache of what a cluster's API offers.
    KUBECACHEDIR: scratch.temporary,
    ...(reach !== 'everything' && offline),
    ...(reach === 'nothing' && withScratch(scratch, host)),
  }
}

function withScratch(
  { home, temporary, runtime }: ScratchDirectories,
  { env, platform, userHome, path }: EnvironmentHost,
): Environment {
  const dropped = Object.keys(env).filter(name =>
    [writtenPlace, writtenHome, otherOutput].some(pattern => pattern.test(name)),
  )
  const userBase = env.PYTHONUSERBASE ?? (userHome && path.join(userHome, '.local'))
  return {
    ...Object.fromEntries(dropped.map(name => [name, undefined])),
    HOME: home,
    TMPDIR: temporary,
    TMP: temporary,
    TEMP: temporary,
    XDG_RUNTIME_DIR: runtime,
    NVIM_LOG_FILE: '/dev/null',
    // Java takes the home from the user database, and leaves /tmp/hsperfdata_USER behind.
    JAVA_TOOL_OPTIONS: `-XX:-UsePerfData -Duser.home=${home} -Djava.io.tmpdir=${temporary}`,
    // Where `pip install --user` puts packages. On macOS the path depends on Python's version: there it is linked.
    ...(platform !== 'darwin' && { PYTHONUSERBASE: userBase }),
  }
}
