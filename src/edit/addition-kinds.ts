import type { RegistryName } from '../registry/schema/names.ts'

/** What `add` takes for flags, by flag: a text, or several. */
export type FlagValues = Readonly<Record<string, string | readonly string[] | undefined>>

/** What the value of a field is chosen from: a list of words, or the ids of a registry. */
type FieldWords =
  | 'categories'
  | 'modelCapabilities'
  | 'components'
  | 'providers'
  | 'microservices'
  | readonly string[]

/** A field of an entry that a flag of `add` sets. The entry itself is made by `toAdditions`. */
export interface AdditionField {
  /** Without dashes. */
  readonly flag: string
  /** Placeholder of its value in the help. */
  readonly value: string
  readonly description: string
  /** Where it stands in the entry. */
  readonly path: readonly [string, ...string[]]
  /** `list` may be given several times, and separates by commas. `pairs` are NAME=VALUE. The default is `text`. */
  readonly type?: 'text' | 'list' | 'number' | 'pairs'
  /** Whether it stands in the entry of the dashboard. */
  readonly isCard?: true
  /** Whether an entry with these other values must have it. */
  readonly isRequired?: (values: FlagValues) => boolean
  /** Whether prompts ask for it although it may stay empty. */
  readonly isOffered?: true
  /** What prompts propose. */
  readonly toProposal?: (id: string, values: FlagValues) => string | undefined
  /** What an entry gets without the flag. */
  readonly fallback?: string
  readonly words?: FieldWords
}

/** A kind of thing that `add` makes out of flags. */
export interface AdditionKind {
  readonly registry: RegistryName
  /** As in "Add a tool". */
  readonly noun: string
  readonly summary: string
  readonly fields: readonly AdditionField[]
  /** For the help, a line each. */
  readonly examples: readonly string[]
  /** What else the command does, for the help. */
  readonly notes: string
}

const always = () => true

const nameField: AdditionField = {
  flag: 'name',
  value: 'TEXT',
  description: 'Name shown to people',
  path: ['display_name'],
}
const descriptionField: AdditionField = {
  flag: 'description',
  value: 'TEXT',
  description: 'What it is, in a sentence',
  path: ['description'],
}
const aliasField: AdditionField = {
  flag: 'alias',
  value: 'NAME',
  description: 'Another name that means it; repeatable',
  path: ['aliases'],
  type: 'list',
}
const common = [nameField, descriptionField, aliasField]

const iconField: AdditionField = {
  flag: 'icon',
  value: 'SYMBOL',
  description: 'One symbol for the dashboard, like 🐳',
  path: ['icon'],
}
const toUiField = (fallback: string): AdditionField => ({
  flag: 'ui',
  value: 'COMPONENT',
  description: `UI component on the dashboard (default: ${fallback})`,
  path: ['ui_component'],
  isCard: true,
  fallback,
  words: 'components',
})
const cardIconField: AdditionField = { ...iconField, isCard: true }
const cardFields = [toUiField('capability_badge'), cardIconField]

const variableField: AdditionField = {
  flag: 'env-var',
  value: 'NAME',
  description: 'Variable to export (default: NEXUS_HAS_ and the id)',
  path: ['env_var'],
}
const detectableFields: readonly AdditionField[] = [
  {
    flag: 'version-check',
    value: 'CMD',
    description: 'Command that prints the version; no shell runs it',
    path: ['version_check'],
  },
  {
    flag: 'version-pattern',
    value: 'REGEX',
    description: 'Pattern whose first group is the version in that output',
    path: ['version_pattern'],
  },
  {
    flag: 'min-version',
    value: 'VERSION',
    description: 'Lowest version that will do',
    path: ['min_version'],
  },
  variableField,
  {
    flag: 'provides',
    value: 'CAPABILITY',
    description: 'Capability that it offers to others; repeatable',
    path: ['provides'],
    type: 'list',
  },
  {
    flag: 'install',
    value: 'MANAGER=PACKAGE',
    description: 'Its package for apt, brew, dnf, pacman, pip, npm or winget; repeatable',
    path: ['install'],
    type: 'pairs',
  },
]

const tool: AdditionKind = {
  registry: 'tools',
  noun: 'tool',
  summary: 'Add a tool: how to detect it, its variable and its entry in the dashboard',
  fields: [
    {
      flag: 'detect',
      value: 'CMD',
      description: "How to detect it: 'which NAME', or a command that exits with 0 when it is here",
      path: ['detection'],
      isRequired: always,
      toProposal: id => `which ${id}`,
    },
    {
      flag: 'category',
      value: 'WORD',
      description: 'Group on the dashboard, a word of the vocabulary: runtime, container, cloud, …',
      path: ['category'],
      isRequired: always,
      toProposal: () => 'runtime',
      words: 'categories',
    },
    ...detectableFields.map(
      (field): AdditionField =>
        field.flag === 'version-check'
          ? { ...field, isOffered: true, toProposal: id => `${id} --version` }
          : field,
    ),
    {
      flag: 'needs',
      value: 'NAME',
      description: 'Tool or capability that it needs; repeatable',
      path: ['dependency'],
      type: 'list',
    },
    ...common,
    ...cardFields,
  ],
  notes:
    'The tool is detected at once, and its variable is exported. Commands run without a shell: pipes and the like are refused.',
  examples: [
    "nexus-registry add tool bun --detect 'which bun' --version-check 'bun --version' --category runtime",
    "nexus-registry add tool just --detect 'which just' --category runtime --icon ⚙ --install brew=just",
    'nexus-registry add tool bun                    ask for the rest, on a terminal',
  ],
}

const framework: AdditionKind = {
  registry: 'ml_frameworks',
  noun: 'framework',
  summary: 'Add a Python library: its module, its variable and its entry in the dashboard',
  fields: [
    {
      flag: 'import',
      value: 'MODULE',
      description: 'Name that Python imports, like sklearn for scikit-learn',
      path: ['import_name'],
      isRequired: always,
      toProposal: id => id.replace(/[^A-Za-z0-9_.]/g, '_'),
    },
    {
      flag: 'distribution',
      value: 'PACKAGE',
      description: 'Package that provides the module; repeatable, most likely first',
      path: ['distribution'],
      type: 'list',
    },
    {
      flag: 'detect',
      value: 'CMD',
      description: "How to detect it (default: python -c 'import MODULE')",
      path: ['detection'],
    },
    ...detectableFields,
    ...common,
    ...cardFields,
  ],
  notes: 'The library is detected at once, and its variable is exported.',
  examples: [
    'nexus-registry add framework polars --import polars',
    'nexus-registry add framework opencv --import cv2 --distribution opencv-python --name OpenCV',
  ],
}

const needsKey = ({ auth, kind }: FlagValues) => auth !== 'none' && kind !== 'local'

const provider: AdditionKind = {
  registry: 'providers',
  noun: 'provider',
  summary: 'Add a provider of models, with its adapter, its models and its card in the dashboard',
  fields: [
    {
      flag: 'endpoint',
      value: 'URL',
      description: 'Address of its completion API',
      path: ['endpoint'],
      isRequired: always,
      toProposal: id => `https://api.${id}.com/v1/chat/completions`,
    },
    {
      flag: 'auth',
      value: 'TYPE',
      description: 'How the key is sent: bearer, header, query or none (default: bearer)',
      path: ['auth_type'],
      fallback: 'bearer',
      isOffered: true,
      toProposal: () => 'bearer',
      words: ['bearer', 'header', 'query', 'none'],
    },
    {
      flag: 'key-env',
      value: 'NAME',
      description: 'Variable that holds the key; repeatable, the first that is set counts',
      path: ['key_env'],
      type: 'list',
      isRequired: needsKey,
      toProposal: id => `${id.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_API_KEY`,
    },
    {
      flag: 'auth-header',
      value: 'NAME',
      description: 'Header with the key, for --auth header',
      path: ['auth_header'],
      isRequired: ({ auth }) => auth === 'header',
      toProposal: () => 'X-Api-Key',
    },
    {
      flag: 'auth-query',
      value: 'NAME',
      description: 'Query parameter with the key, for --auth query',
      path: ['auth_query'],
      isRequired: ({ auth }) => auth === 'query',
      toProposal: () => 'key',
    },
    {
      flag: 'model',
      value: 'ID=TOKENS[,CAPABILITY…]',
      description: 'A model: its id, its context size and what it can do; repeatable',
      path: ['models'],
      type: 'list',
    },
    {
      flag: 'adapter',
      value: 'PATH',
      description: 'File of its adapter, from the root of the platform, or none (default: ID_adapter.py)',
      path: ['adapter'],
    },
    { flag: 'kind', value: 'KIND', description: 'hosted or local (default: hosted)', path: ['kind'] },
    {
      flag: 'runtime',
      value: 'NAME',
      description: 'API of a local runtime, like ollama or vllm',
      path: ['runtime'],
      isRequired: ({ kind }) => kind === 'local',
    },
    {
      flag: 'base-url',
      value: 'URL',
      description: 'Address that its APIs share; of a local runtime one on this machine',
      path: ['base_url'],
      isRequired: ({ kind }) => kind === 'local',
    },
    {
      flag: 'host-env',
      value: 'NAME',
      description: 'Variable with the address of a local runtime',
      path: ['host_env'],
    },
    variableField,
    { flag: 'docs', value: 'URL', description: 'Page about its models, for people', path: ['docs'] },
    ...common,
    toUiField('provider_card'),
    cardIconField,
  ],
  notes:
    'Keys are never stored: only the names of their variables are. What remains to be written by hand is printed with paths.',
  examples: [
    'nexus-registry add provider acme --endpoint https://api.acme.ai/v1/chat/completions --key-env ACME_API_KEY',
    '  … --model acme-large=128000,streaming,vision --model acme-small=32000    with two models',
    'nexus-registry add provider acme                    ask for the rest, on a terminal',
  ],
}

const model: AdditionKind = {
  registry: 'models',
  noun: 'model',
  summary: 'Add a model, and list it with its provider',
  fields: [
    {
      flag: 'provider',
      value: 'ID',
      description: 'Provider that serves it',
      path: ['provider'],
      isRequired: always,
      words: 'providers',
    },
    {
      flag: 'context',
      value: 'TOKENS',
      description: 'Size of its context window in tokens',
      path: ['context_tokens'],
      type: 'number',
      isRequired: always,
      toProposal: () => '128000',
    },
    {
      flag: 'capability',
      value: 'WORD',
      description: 'What it can do, a word of the vocabulary: streaming, vision, …; repeatable',
      path: ['capabilities'],
      type: 'list',
      isRequired: always,
      toProposal: () => 'streaming',
      words: 'modelCapabilities',
    },
    {
      flag: 'output-tokens',
      value: 'TOKENS',
      description: 'Most tokens in one response',
      path: ['output_tokens'],
      type: 'number',
    },
    {
      flag: 'input-price',
      value: 'USD',
      description: 'Price per 1000 input tokens',
      path: ['cost_per_1k_input'],
      type: 'number',
    },
    {
      flag: 'output-price',
      value: 'USD',
      description: 'Price per 1000 output tokens',
      path: ['cost_per_1k_output'],
      type: 'number',
    },
    {
      flag: 'status',
      value: 'WORD',
      description: 'active, preview, deprecated or retired',
      path: ['status'],
    },
    { flag: 'released', value: 'DAY', description: 'Day of its release, 2026-07-02', path: ['released_on'] },
    { flag: 'retires', value: 'DAY', description: 'Day from which it is gone', path: ['retires_on'] },
    ...common,
  ],
  notes: 'Prices are in USD per 1000 tokens: a price of 2.5 USD per million is 0.0025.',
  examples: [
    'nexus-registry add model gpt-x --provider openai --context 400000 --capability streaming,vision',
    '  … --input-price 0.0025 --output-price 0.01 --alias gpt-x-latest    with prices',
  ],
}

const hasSource = ({ service, path, pointer }: FlagValues) =>
  [service, path, pointer].some(value => value !== undefined)

/** Metrics that the program measures itself: they need no source. */
const measuredMetrics: readonly string[] = [
  'cpu_usage',
  'memory_usage',
  'disk_usage',
  'load_average',
  'network_receive',
  'network_transmit',
  'gpu_utilization',
  'gpu_memory_percent',
]

const needsSource = (values: FlagValues) =>
  hasSource(values) || typeof values.id !== 'string' || !measuredMetrics.includes(values.id)

const metric: AdditionKind = {
  registry: 'dashboard',
  noun: 'metric',
  summary: 'Add a metric to the dashboard, and try its source once',
  fields: [
    {
      flag: 'service',
      value: 'ID',
      description: 'Service that has the value, an id of the microservices',
      path: ['source', 'microservice'],
      isRequired: needsSource,
      words: 'microservices',
    },
    {
      flag: 'path',
      value: 'PATH',
      description: 'Path of the service that returns JSON, like /v1/metrics',
      path: ['source', 'path'],
      isRequired: needsSource,
      toProposal: () => '/v1/metrics',
    },
    {
      flag: 'pointer',
      value: 'POINTER',
      description: 'JSON Pointer to the number in the response, like /cpu/percent',
      path: ['source', 'pointer'],
      isRequired: needsSource,
      toProposal: id => `/${id}`,
    },
    {
      flag: 'unit',
      value: 'UNIT',
      description: 'Unit that the value is shown with, like % or ms',
      path: ['unit'],
      isOffered: true,
    },
    {
      flag: 'ui',
      value: 'COMPONENT',
      description: 'UI component: number_badge, gauge_meter or sparkline_chart (default: number_badge)',
      path: ['ui_component'],
      fallback: 'number_badge',
      isOffered: true,
      toProposal: () => 'number_badge',
      words: 'components',
    },
    {
      flag: 'warning',
      value: 'NUMBER',
      description: 'From this value on it is a warning',
      path: ['threshold_warning'],
      type: 'number',
    },
    {
      flag: 'critical',
      value: 'NUMBER',
      description: 'From this value on it is critical',
      path: ['threshold_critical'],
      type: 'number',
    },
    {
      flag: 'group',
      value: 'GROUP',
      description: 'system or orchestrator (default: system)',
      path: ['group'],
      fallback: 'system',
      words: ['system', 'orchestrator'],
    },
    nameField,
    descriptionField,
    iconField,
  ],
  notes: `Services are queried on this machine alone. Measured without a source: ${measuredMetrics.join(', ')}.`,
  examples: [
    'nexus-registry add metric queue_depth --service system_metrics --path /v1/metrics --pointer /queue/depth',
    '  … --unit jobs --ui sparkline_chart --warning 100 --critical 500    with a unit and thresholds',
    'nexus-registry add metric queue_depth               ask for the rest, on a terminal',
  ],
}

const requiresField: AdditionField = {
  flag: 'requires',
  value: 'ID[@RANGE]',
  description: 'What else it needs: plug-ins, adapters, services or registries; repeatable',
  path: ['requires'],
  type: 'list',
}
const releaseField: AdditionField = {
  flag: 'release',
  value: 'VERSION',
  description: 'Its version, like 1.0.0',
  path: ['version'],
}

const plugin: AdditionKind = {
  registry: 'plugins',
  noun: 'plugin',
  summary: 'Add a module of a shell',
  fields: [
    {
      flag: 'path',
      value: 'PATH',
      description: 'File of the module, from the root of the platform',
      path: ['path'],
      isRequired: always,
      toProposal: id => `zsh-config/ultra-zsh/${id}.zsh`,
    },
    {
      flag: 'type',
      value: 'TEXT',
      description: 'Part it plays: core, router, prompt, completion, …',
      path: ['type'],
      isRequired: always,
      toProposal: () => 'module',
    },
    {
      flag: 'tool',
      value: 'ID',
      description: 'Tool that it calls; repeatable',
      path: ['dependencies'],
      type: 'list',
    },
    {
      flag: 'function',
      value: 'NAME',
      description: 'Shell function that it defines; repeatable',
      path: ['functions'],
      type: 'list',
    },
    requiresField,
    releaseField,
    ...common,
  ],
  notes: 'The file is not created: that its path is missing is said by explain.',
  examples: [
    'nexus-registry add plugin nexus_notes --path zsh-config/ultra-zsh/nexus_notes.zsh --type history --tool jq,git',
    '  … --function nexus_note --requires nexus_llm_router    with a function and what it needs',
  ],
}

const microservice: AdditionKind = {
  registry: 'microservices',
  noun: 'microservice',
  summary: 'Add a service: where it listens and what it serves',
  fields: [
    {
      flag: 'url',
      value: 'URL',
      description: 'Address that it listens on',
      path: ['url'],
      isRequired: always,
      toProposal: () => 'http://127.0.0.1:9000',
    },
    {
      flag: 'type',
      value: 'TEXT',
      description: 'Part it plays: gateway, metrics, …',
      path: ['type'],
      isRequired: always,
      toProposal: () => 'service',
    },
    {
      flag: 'health',
      value: 'PATH',
      description: 'Path that returns 200 when it is healthy',
      path: ['health_endpoint'],
      isOffered: true,
      toProposal: () => '/health',
    },
    {
      flag: 'path',
      value: 'PATH',
      description: 'Path that it serves; repeatable',
      path: ['endpoints'],
      type: 'list',
    },
    { ...nameField, path: ['name'] },
    requiresField,
    releaseField,
    descriptionField,
    aliasField,
  ],
  notes: 'sync checks its health.',
  examples: [
    'nexus-registry add microservice billing --url http://127.0.0.1:9010 --type gateway --health /health',
    '  … --path /v1/bills --requires aefa    with a path and what it needs',
  ],
}

const adapter: AdditionKind = {
  registry: 'adapters',
  noun: 'adapter',
  summary: 'Add an adapter: code that speaks to one provider, or to all',
  fields: [
    {
      flag: 'path',
      value: 'PATH',
      description: 'File of the adapter, from the root of the platform',
      path: ['path'],
      isRequired: always,
      toProposal: id => `services/llm_orchestrator/adapters/${id}.py`,
    },
    {
      flag: 'provider',
      value: 'ID',
      description: 'Provider that it speaks to',
      path: ['provider'],
      isRequired: ({ type }) => type !== 'universal_adapter',
      words: 'providers',
    },
    {
      flag: 'type',
      value: 'TYPE',
      description: 'provider_adapter or universal_adapter (default: provider_adapter)',
      path: ['type'],
      fallback: 'provider_adapter',
      words: ['provider_adapter', 'universal_adapter'],
    },
    {
      flag: 'capability',
      value: 'WORD',
      description: 'Capability of models that it passes on; repeatable',
      path: ['capabilities_enum'],
      type: 'list',
      words: 'modelCapabilities',
    },
    requiresField,
    releaseField,
    ...common,
  ],
  notes: 'An adapter of one provider gets its edge from provider_adapters. The file is not created.',
  examples: [
    'nexus-registry add adapter acme_adapter --path services/llm_orchestrator/adapters/acme_adapter.py --provider acme',
    '  … --capability streaming,vision    with what it passes on',
  ],
}

/** The kinds of entries, by the word behind `add`. */
export const additionKinds = {
  tool,
  framework,
  provider,
  model,
  metric,
  plugin,
  microservice,
  adapter,
} as const satisfies Readonly<Record<string, AdditionKind>>

export type AdditionKindName = keyof typeof additionKinds
