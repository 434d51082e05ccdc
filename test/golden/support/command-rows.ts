import { writeFile } from 'node:fs/promises'
import type { Call, FixedMachine } from './fixed-machine.ts'

/** A call of the program, and the golden file that says what comes of it. */
export interface CommandRow extends Omit<Call, 'args'> {
  readonly file: string
  readonly args: readonly string[]
}

/** Calls on one machine. */
export interface Story {
  readonly name: string
  /** What is done before, and has no golden file. */
  readonly prepare?: (machine: FixedMachine) => Promise<void>
  /** Calls that change the machine: one after the other. */
  readonly inOrder: readonly CommandRow[]
  /** Calls that only read: several at once, after the others. */
  readonly atOnce?: readonly CommandRow[]
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A call whose arguments have no blanks in them. */
function row(file: string, line: string, more: Partial<CommandRow> = {}): CommandRow {
  return { file, args: line.split(' '), ...more }
}

/** The same call with each of these words at its end. */
function rows(
  file: string,
  line: string,
  words: readonly string[],
  more: Partial<CommandRow> = {},
): CommandRow[] {
  return words.map(word => row(`${file}-${word}`, `${line} ${word}`, more))
}

const shells = ['sh', 'zsh', 'bash', 'fish', 'json', 'dotenv', 'github'] as const
const reportFormats = ['pretty', 'json', 'github', 'sarif', 'junit'] as const
const graphFormats = ['tree', 'mermaid', 'dot', 'json', 'svg'] as const
const entryFormats = ['table', 'json', 'ndjson', 'csv', 'yaml'] as const
const registries = [
  'hyper',
  'dashboard',
  'tools',
  'providers',
  'models',
  'plugins',
  'microservices',
  'adapters',
  'ml_frameworks',
] as const

const neverSynced: Story = {
  name: 'a home that was never synced',
  inOrder: [
    row('sync/dry-run-json', 'sync --dry-run --json'),
    row('sync/dry-run', 'sync --dry-run'),
    row('status/never-synced', 'status'),
    row('status/never-synced-json', 'status --json'),
    row('list/never-synced', 'list tools'),
    row('has/never-synced', 'has docker -v'),
    row('explain/never-synced', 'explain tools/docker'),
    row('env/never-synced', 'env'),
    row('sync/quick-json', 'sync --quick --json'),
    row('sync/unknown-registry', 'sync tolls'),
    row('sync/kept-by-hand', 'sync hyper'),
    row('sync/quick-and-deep', 'sync --quick --deep'),
    row('sync/missing-python', 'sync --python ./no-python'),
    row('sync/log-format-alone', 'sync --log-format json'),
  ],
}

const deeplySynced: Story = {
  name: 'a deep sync',
  inOrder: [
    row('sync/deep-timings-json', 'sync --deep --timings --json'),
    row('sync/one-registry-json', 'sync models --json'),
    row('sync/forced', 'sync tools --force --timings'),
    row('explain/reachable-provider', 'explain providers/local'),
    row('list/reachable-providers', 'list providers'),
    row('dashboard/deep-json', 'dashboard --deep --json'),
    row('status/after-two-failures-json', 'status --json'),
  ],
}

const synced: Story = {
  name: 'a synced home',
  inOrder: [row('sync/first-json', 'sync --json'), row('sync/again', 'sync'), row('env/first', 'env')],
  atOnce: [
    ...rows('env/shell', 'env --shell', shells),
    ...rows('env/unset', 'env --unset --shell', shells),
    row('env/json', 'env --json'),
    row('env/github-file', 'env --shell github', { env: { GITHUB_ENV: '/nowhere/github.env' } }),
    row('env/unknown-shell', 'env --shell nu'),
    row('env/other-home', 'env --home ./broken'),
    row('env/missing-home', 'env --home ./nowhere'),

    row('has/present', 'has docker'),
    row('has/present-verbose', 'has docker -v'),
    row('has/present-json', 'has tools/docker --json'),
    row('has/in-range', 'has git >=2'),
    row('has/out-of-range', 'has git >=3 -v'),
    row('has/too-old', 'has nodejs -v'),
    row('has/too-old-json', 'has nodejs --json'),
    row('has/absent-json', 'has podman --json'),
    row('has/broken-json', 'has ruby --json'),
    row('has/unknown-json', 'has slow --json'),
    row('has/gpu-json', 'has gpu --json'),
    row('has/kubernetes-json', 'has kubernetes --json'),
    row('has/framework-json', 'has ml_frameworks/pytorch --json'),
    row('has/misspelt', 'has dokcer'),
    row('has/no-range', 'has git newest'),
    row('has/no-name', 'has'),

    row('list/registries', 'list'),
    row('list/registries-json', 'list --json'),
    ...registries.flatMap(name => [
      row(`list/${name}`, `list ${name}`),
      row(`list/${name}-json`, `list ${name} --json`),
    ]),
    row('list/two-hours-later', 'list microservices', { laterMs: 2 * hourMs }),
    row('list/misspelt', 'list tolls'),

    ...rows('query/format', 'query models --sort id --format', entryFormats),
    row('query/table', 'query models'),
    row('query/present-json', 'query tools --present --select detected.version,detected.path --json'),
    row('query/where', '', {
      args: [
        'query',
        'models',
        '--where',
        'capabilities contains streaming',
        '--where',
        'cost_per_1k_input < 0.01',
        '--sort',
        'cost_per_1k_input:desc',
        '--limit',
        '2',
      ],
    }),
    row('query/where-in', '', {
      args: [
        'query',
        'models',
        '--where',
        'status in active, preview',
        '--select',
        'status',
        '--format',
        'csv',
      ],
    }),
    row('query/nothing-found', '', { args: ['query', 'models', '--where', 'provider = nobody'] }),
    row('query/nothing-found-json', '', {
      args: ['query', 'models', '--where', 'provider = local', '--json'],
    }),
    row('query/unknown-field', '', { args: ['query', 'models', '--where', 'provder = acme'] }),
    row('query/wrong-value', '', { args: ['query', 'models', '--where', 'context_tokens > many'] }),
    row('query/unknown-format', 'query models --format xml'),
    row('query/old-detections', 'query tools --present --select detected.version', { laterMs: hourMs }),
    row('query/format-of-project', 'query providers', { cwd: 'project' }),
    row('query/filter', 'query models map_values(.provider)'),
    row('query/filter-over-all', 'query .tools|keys -c'),
    row('query/filter-raw', 'query tool_registry.json .docker.detected.version -r'),
    row('query/filter-joined', 'query models keys[] -j'),
    row('query/filter-flags', 'query models .large -c -S -a --arg a b --argjson n 1'),
    row('query/filter-named-values', '', {
      args: [
        'query',
        'models',
        '[$a, $n, $words, $text, $ARGS.positional]',
        '--arg',
        'a',
        'b',
        '--argjson',
        'n',
        '[1]',
        '--slurpfile',
        'words',
        'words.json',
        '--rawfile',
        'text',
        'filter.jq',
        '--args',
        'one',
        'two',
      ],
    }),
    row('query/filter-colored', 'query models .large.capabilities -C'),
    row('query/filter-tab', 'query models .large.capabilities --tab'),
    row('query/filter-indent', 'query models .large.capabilities --indent 1'),
    row('query/filter-stream', 'query adapters . --stream -c'),
    row('query/filter-slurp', 'query adapters length --slurp'),
    row('query/filter-null-input', 'query adapters . --null-input'),
    row('query/filter-from-file', 'query tools --from-file filter.jq'),
    row('query/filter-exit-status-false', 'query tools .docker.nothing -e'),
    row('query/filter-exit-status-none', 'query tools empty -e'),
    row('query/filter-halt', 'query tools "stop"|halt_error(7)'),
    row('query/filter-does-not-parse', 'query tools .docker|'),
    row('query/filter-fails', 'query tools .docker+1'),

    ...rows('graph/format', 'graph --format', graphFormats),
    ...rows('graph/core', 'graph core --all --format', graphFormats),
    ...rows('graph/status', 'graph --status --format', graphFormats),
    row('graph/json', 'graph --json'),
    row('graph/format-of-project', 'graph core', { cwd: 'project' }),
    row('graph/dependents', 'graph tools/docker --dependents'),
    row('graph/reverse-json', 'graph container_runtime --reverse --json'),
    row('graph/depth', 'graph core --depth 1'),
    row('graph/type-json', 'graph --type provided_by --json'),
    row('graph/why', 'graph --why core acme'),
    row('graph/why-all-json', 'graph --why core acme --all --json'),
    row('graph/why-not', 'graph --why acme core'),
    row('graph/cycles', 'graph --cycles'),
    row('graph/cycles-json', 'graph --cycles --json'),
    row('graph/no-cycles', 'graph --cycles --type shows'),
    row('graph/misspelt', 'graph cor'),
    row('graph/unknown-format', 'graph --format png'),
    row('graph/unknown-type', 'graph --type needs'),
    row('graph/two-questions', 'graph core --cycles'),

    row('explain/all', 'explain --all'),
    row('explain/all-json', 'explain --all --json'),
    ...[
      'tools/docker',
      'tools/git',
      'tools/podman',
      'tools/nodejs',
      'tools/ruby',
      'tools/slow',
      'tools/compose',
      'tools/gpu',
      'ml_frameworks/pytorch',
      'providers/acme',
      'providers/other',
      'models/large',
      'models/small',
      'models/tiny',
      'microservices/metrics',
      'microservices/gateway',
      'plugins/core',
      'plugins/left',
      'adapters/universal',
      'container_runtime',
      'fusion',
    ].map(ref => row(`explain/${ref.replace('/', '-')}-json`, `explain ${ref} --json`)),
    row('explain/tools-git', 'explain tools/git'),
    row('explain/tools-docker', 'explain docker'),
    row('explain/models-small', 'explain models/small'),
    row('explain/plugins-core', 'explain core'),
    row('explain/misspelt', 'explain tools/dokcer'),
    row('explain/nothing', 'explain'),

    row('status/just-synced', 'status'),
    row('status/just-synced-json', 'status --json'),
    row('status/four-minutes-later', 'status', { laterMs: 4 * minuteMs }),
    row('status/six-minutes-later-json', 'status --json', { laterMs: 6 * minuteMs }),
    row('status/a-day-later', 'status', { laterMs: 24 * hourMs }),

    row('dashboard/once', 'dashboard'),
    row('dashboard/ascii', 'dashboard', { env: { LANG: 'C' } }),
    row('dashboard/json', 'dashboard --json'),
    row('dashboard/contradiction', 'dashboard --watch --json'),
    row('dashboard/no-address', 'dashboard --url nowhere'),

    // In a directory above the home: reports name files by their path from there.
    ...rows('validate/home', 'validate --format', reportFormats, { cwd: 'user' }),
    ...rows('validate/broken', 'validate ./broken --format', reportFormats),
    ...rows('validate/unreadable', 'validate ./unreadable --format', reportFormats),
    row('validate/json', 'validate ./broken --json'),
    row('validate/in-github-actions', 'validate ./broken', {
      env: { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: '/nowhere' },
    }),
    row('validate/strict-json', 'validate ./broken/model_registry.json --strict --json'),
    row('validate/sound-file', 'validate ./broken/ml_framework_registry.json --rule missing-ui-mapping=off'),
    row('validate/sound-file-json', '', {
      args: ['validate', './broken/ml_framework_registry.json', '--rule', 'missing-ui-mapping=off', '--json'],
    }),
    row('validate/max-warnings', 'validate ./broken/ml_framework_registry.json --max-warnings 0'),
    row('validate/horizon', 'validate ./broken/model_registry.json --horizon 1d'),
    row('validate/stdin', 'validate - --as tools', { input: '{ "jq": { "detection": "which jq" } }\n' }),
    row('validate/stdin-sarif', 'validate - --as tools --format sarif', { input: '{ "jq": 1 }\n' }),
    row('validate/stdin-unnamed', 'validate -', { input: '{}\n' }),
    row('validate/rules', 'validate --rules'),
    row('validate/rules-json', 'validate --rules --rule lifecycle=error --json'),
    row('validate/fix-dry-run', 'validate ./broken --fix --dry-run'),
    row('validate/fix-dry-run-json', 'validate ./broken --fix --dry-run --json'),
    row('validate/unknown-rule', 'validate --rule lifecyle=off'),
    row('validate/unknown-format', 'validate --format xml'),
    row('validate/nothing-there', 'validate ./nowhere'),

    ...rows('hook/script', 'hook', ['zsh', 'bash', 'fish', 'systemd', 'launchd']),
    ...rows('hook/line', 'hook --line', ['zsh', 'bash', 'fish']),
    ...rows('hook/path', 'hook --path', ['zsh', 'fish', 'systemd']),
    row('hook/home-and-config', 'hook systemd --home ./broken --config ./some.yaml'),
    row('hook/unknown', 'hook nu'),
    ...rows('completion/script', 'completion', ['zsh', 'bash', 'fish']),
    row('completion/unknown', 'completion nu'),
    row('completion/words', 'words'),

    row('trust/show', 'trust --show'),
    row('trust/show-json', 'trust --show --json'),
    row('trust/show-other-json', 'trust --show ./broken --json'),
    row('trust/contradiction', 'trust --list --show'),

    row('program/version', '--version'),
    row('program/unknown-command', 'lst'),
    row('program/unknown-option', 'list --jsn'),
    row('program/missing-home', 'list --home ./nowhere'),
    row('program/missing-config', 'list --config ./nowhere.yaml'),
    row('program/no-home-directory', 'list tools --json', { env: { HOME: '' } }),
    row('program/forced-color', 'list tools', { env: { FORCE_COLOR: '1' } }),
    row('program/quiet', 'list tools --quiet --home ./unreadable'),
  ],
}

const changed: Story = {
  name: 'calls that change something',
  inOrder: [
    row('trust/list-empty', 'trust --list'),
    row('trust/list-empty-json', 'trust --list --json'),
    row('sync/untrusted-json', 'sync --home ./broken --json'),
    row('trust/grant-json', 'trust ./broken --json'),
    row('trust/grant-again', 'trust ./broken --yes'),
    row('trust/list', 'trust --list', { laterMs: 3 * minuteMs }),
    row('trust/list-json', 'trust --list --json'),
    row('sync/trusted-json', 'sync --home ./broken --json'),
    row('trust/revoke-json', 'trust --revoke ./broken --json'),
    row('trust/revoke-again', 'trust --revoke ./broken'),
    row('trust/no-registry', 'trust ./nowhere'),

    row('token/list-empty', 'token list'),
    row('token/list-empty-json', 'token list --json'),
    row('token/create', '', {
      args: ['token', 'create', '--role', 'tool-detection', '--note', 'CI of the platform'],
    }),
    row('token/create-json', 'token create --role admin --expires never --json'),
    row('token/create-unknown-role', 'token create --role root'),
    row('token/create-without-role', 'token create'),
    row('token/create-odd-time', 'token create --role admin --expires 1y'),
    row('token/list', 'token list', { laterMs: 24 * hourMs }),
    row('token/list-json', 'token list --json'),
    row('token/list-expired', 'token list', { laterMs: 1000 * hourMs }),
    row('token/revoke-unknown', 'token revoke 00000000'),
    row('token/unknown-action', 'token ls'),

    row('init/new-json', 'init ./made --json'),
    row('init/new', 'init ./made-too'),
    row('init/not-empty', 'init ./broken'),
    row('init/list', 'list --home ./made'),

    row('validate/fix', 'validate ./fixable --fix'),
    row('validate/fix-again-json', 'validate ./fixable --fix --json'),

    row('doctor/text', 'doctor'),
    row('doctor/json', 'doctor --json'),
    row('env/fresh-json', 'env --fresh --json'),
    row('doctor/after-a-sync-json', 'doctor --json', { laterMs: 2 * minuteMs }),
  ],
}

const broken: Story = {
  name: 'a home whose files broke after a sync',
  prepare: async machine => {
    await machine.run([{ args: ['sync'] }])
    const home = 'user/.local/share/nexus-registry'
    await writeFile(machine.at(home, 'tool_registry.json'), '{ "docker": ')
    await writeFile(machine.at(home, 'adapter_registry.json'), '{ "universal": { "path": 1 } }\n')
  },
  inOrder: [],
  atOnce: [
    row('broken/status', 'status', { laterMs: minuteMs }),
    row('broken/status-json', 'status --json', { laterMs: minuteMs }),
    row('broken/list', 'list'),
    row('broken/list-tools', 'list tools'),
    row('broken/list-adapters-json', 'list adapters --json'),
    row('broken/has', 'has docker -v'),
    row('broken/query', 'query tools --present --select detected.version'),
    row('broken/query-filter', 'query all .tools.docker.category'),
    row('broken/graph', 'graph tools/docker'),
    row('broken/explain-json', 'explain tools/docker --json'),
    row('broken/env', 'env'),
    row('broken/validate-json', 'validate --json'),
    row('broken/sync-json', 'sync --dry-run --json'),
    row('broken/doctor-json', 'doctor --json'),
  ],
}

export const stories: readonly Story[] = [synced, neverSynced, changed, deeplySynced, broken]
