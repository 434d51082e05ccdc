import { expect, test } from 'vitest'
import { type RegistryName, registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { rules } from '../../src/validate/rules/index.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { createTextValidation, type ValidateContent } from '../../src/validate/validate-content.ts'
import { soundDay, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

/** A change of one file; `‸` in the new text is where the finding must begin. */
type Edit = [name: RegistryName, find: string, replace: string]

interface Row {
  readonly rule: string
  readonly what: string
  readonly edits: readonly Edit[]
  /** Part of the message. */
  readonly says: string
  /** Part of the hint. */
  readonly hints?: string
  /** Where it differs from the rule's own. */
  readonly severity?: 'error' | 'warning'
}

/** Keys of a local provider with a detection. */
function localDetected(models: string, more = ''): string {
  const found = `"version": null, "latency_ms": 1, "models": [${models}], "reason": null`
  return (
    '"kind": "local", "runtime": "ollama", "base_url": "http://localhost:1", ' +
    `"detected": { "status": "up", ${found}, "checked_at": "2026-11-30T00:00:00Z"${more} }`
  )
}

const rows: readonly Row[] = [
  {
    rule: 'json-syntax',
    what: 'a comma too many',
    edits: [['microservices', '["/v1/metrics"]', '["/v1/metrics",‸]']],
    says: 'a comma before "]" is not allowed',
  },
  {
    rule: 'json-syntax',
    what: 'a key that reaches into prototypes',
    edits: [['plugins', '"core": {', '‸"__proto__": {']],
    says: 'it would reach into a prototype',
  },
  {
    rule: 'duplicate-key',
    what: 'a key that stands twice',
    edits: [['plugins', '"type": "core", ', '"type": "core", ‸"type": "core", ']],
    says: 'the key "type" stands here a second time',
  },
  {
    rule: 'encoding',
    what: 'a byte order mark',
    edits: [['microservices', '{\n  "metrics"', '‸\ufeff{\n  "metrics"']],
    says: 'byte order mark',
    hints: 'UTF-8',
  },
  {
    rule: 'schema',
    what: 'a value of the wrong type',
    edits: [['microservices', '["/v1/metrics"]', '‸"/v1/metrics"']],
    says: 'microservices/metrics.endpoints: expected a list, found "/v1/metrics"',
  },
  {
    rule: 'schema',
    what: 'one wrong item of a list of names',
    edits: [['providers', '"ACME_KEY"]', '‸"ACME-KEY"]']],
    says: 'providers/acme.key_env.1: expected a variable name like OPENAI_API_KEY, found "ACME-KEY"',
  },
  {
    rule: 'schema',
    what: 'a misspelt word of a few',
    edits: [['adapters', '"universal_adapter"', '‸"universal_adaptor"']],
    says: 'expected one of',
    hints: 'Did you mean "universal_adapter"?',
  },
  {
    rule: 'schema',
    what: 'a $schema that is no text',
    edits: [['tools', '"../schemas/tool_registry.schema.json"', '‸1']],
    says: '$schema: expected a text, found 1',
  },
  {
    rule: 'unknown-field',
    what: 'a misspelt key',
    edits: [['microservices', '"health_endpoint"', '‸"healt_endpoint"']],
    says: 'the key "healt_endpoint" is not known',
    hints: 'Did you mean "health_endpoint"?',
  },
  {
    rule: 'id-format',
    what: 'an id with a blank in it',
    edits: [['adapters', '"acme_adapter"', '‸"acme adapter"']],
    says: 'expected an id like docker or gpt-4o as the key, found "acme adapter"',
  },
  {
    rule: 'entry-count',
    what: 'a number of entries that is not true',
    edits: [['hyper', '"entries_count_expected": 3', '"entries_count_expected": ‸4']],
    says: 'expects 4 entries, but tools has 3',
    hints: 'Set it to 3',
  },
  {
    rule: 'entry-count',
    what: 'a number of providers that is not true',
    edits: [['adapters', '"providers": 2', '"providers": ‸1']],
    says: 'says 1 provider, but there are 2',
  },
  {
    rule: 'unlisted-registry',
    what: 'a registry that is not listed',
    edits: [
      ['hyper', '"sub_registries"', '‸"sub_registries"'],
      ['hyper', '    "adapters": { "path": "./adapter_registry.json", "version": "1.0.0" },\n', ''],
    ],
    says: 'adapters is not listed',
  },
  {
    rule: 'registry-path',
    what: 'a path to another file',
    edits: [['hyper', '"./tool_registry.json"', '‸"../tools.json"']],
    says: '"../tools.json" is not where tools is read from',
    hints: './tool_registry.json',
  },
  {
    rule: 'unknown-provider',
    what: 'a model of a provider that does not exist',
    edits: [['models', '"provider": "other"', '"provider": ‸"othr"']],
    says: 'models/tiny.provider: there is no provider "othr"',
    hints: 'Did you mean "other"?',
  },
  {
    rule: 'unknown-provider',
    what: 'an adapter of a provider that does not exist',
    edits: [['adapters', '"provider": "acme"', '"provider": ‸"nobody"']],
    says: 'there is no provider "nobody"',
    hints: 'Add it to provider_registry.json',
  },
  {
    rule: 'unknown-model',
    what: 'a provider with a model that does not exist',
    edits: [['providers', '"tiny"', '"tiny", ‸"tinny"']],
    says: 'providers/other.models.1: there is no model "tinny"',
    hints: 'Did you mean "tiny"?',
  },
  {
    rule: 'unknown-model',
    what: 'a card with a model that does not exist',
    edits: [['dashboard', '["large"]', '["large-latest", ‸"huge"]']],
    says: 'there is no model "huge"',
  },
  {
    rule: 'unknown-tool',
    what: 'a plug-in that calls a tool that does not exist',
    edits: [['plugins', '"dependencies": []', '"dependencies": [‸"dokcer"]']],
    says: 'there is no tool "dokcer"',
    hints: 'Did you mean "docker"?',
  },
  {
    rule: 'unknown-service',
    what: 'a metric of a service that does not exist',
    edits: [['dashboard', '"microservice": "metrics"', '"microservice": ‸"metric"']],
    says: 'there is no service "metric"',
    hints: 'Did you mean "metrics"?',
  },
  {
    rule: 'unknown-metric',
    what: 'a tool with a metric that does not exist',
    edits: [['dashboard', '["load"]', '[‸"lod"]']],
    says: 'there is no metric "lod"',
    hints: 'Did you mean "load"?',
  },
  {
    rule: 'unknown-dependency',
    what: 'a tool that needs what nothing provides',
    edits: [['tools', '"dependency": ["container_runtime"]', '"dependency": [‸"container_runtme"]']],
    says: 'nothing is called "container_runtme"',
    hints: 'Did you mean "container_runtime"?',
  },
  {
    rule: 'unknown-dependency',
    what: 'an adapter that needs what does not exist',
    edits: [['adapters', '["provider_registry"]', '[‸"models/huge"]']],
    says: 'nothing is called "models/huge"',
  },
  {
    rule: 'unknown-dependency',
    what: 'a dashboard entry that needs what does not exist',
    edits: [['dashboard', '["container_runtime"]', '[‸"xyz"]']],
    says: 'nothing is called "xyz"',
  },
  {
    rule: 'provider-mismatch',
    what: 'a model that its provider does not list',
    edits: [
      ['providers', '["tiny"]', '[]'],
      ['models', '"provider": "other"', '"provider": ‸"other"'],
    ],
    says: '"other" does not list this model',
  },
  {
    rule: 'provider-mismatch',
    what: 'a model that another provider lists',
    edits: [['providers', '["tiny"]', '["tiny", ‸"small"]']],
    says: '"small" says that its provider is "acme"',
  },
  {
    rule: 'schema',
    what: 'a key in a header without a name',
    edits: [
      ['providers', '"acme": {\n', '‸"acme": {\n'],
      ['providers', '"bearer"', '"header"'],
    ],
    says: 'providers/acme.auth_header: expected a header name like X-Api-Key, since auth_type is header, but it is missing',
  },
  {
    rule: 'schema',
    what: 'a local runtime that does not say which',
    edits: [
      ['providers', '"other": {', '‸"other": {'],
      [
        'providers',
        '"auth_type": "none"',
        '"auth_type": "none", "kind": "local", "base_url": "http://[::1]:1"',
      ],
    ],
    says: 'providers/other.runtime: expected the API that it speaks, like ollama, since kind is local, but it is missing',
  },
  {
    rule: 'schema',
    what: 'a local runtime on another machine',
    edits: [
      [
        'providers',
        '"auth_type": "none"',
        '"auth_type": "none", "kind": "local", "runtime": "vllm", "base_url": ‸"http://127.0.0.1.evil.example:8000"',
      ],
    ],
    says: 'expected an address on this machine like http://127.0.0.1:11434, since kind is local, found "http://127',
  },
  {
    rule: 'schema',
    what: 'a runtime that nobody knows',
    edits: [
      [
        'providers',
        '"auth_type": "none"',
        '"auth_type": "none", "kind": "local", "runtime": ‸"olama", "base_url": "http://localhost:1"',
      ],
    ],
    says: 'providers/other.runtime: expected one of "ollama", ',
    hints: 'Did you mean "ollama"?',
  },
  {
    rule: 'schema',
    what: 'a runtime of a provider that is not local',
    edits: [
      ['providers', '"other": {', '‸"other": {'],
      ['providers', '"auth_type": "none"', '"auth_type": "none", "runtime": "ollama"'],
    ],
    says: 'providers/other.kind: expected "local", since runtime and host_env are for local runtimes, but it is missing',
  },
  {
    rule: 'unknown-field',
    what: 'a wrong key in what a local runtime said',
    edits: [
      ['providers', '"auth_type": "none"', `"auth_type": "none", ${localDetected('', ', ‸"modles": []')}`],
    ],
    says: 'the key "modles" is not known',
    hints: 'Did you mean "models"?',
  },
  {
    rule: 'schema',
    what: 'a negative size of a local model',
    edits: [
      [
        'providers',
        '"auth_type": "none"',
        `"auth_type": "none", ${localDetected('{ "id": "a", "size_bytes": ‸-1, "quantization": null, "context_tokens": null, "loaded": null, "vram_bytes": null }')}`,
      ],
    ],
    says: 'providers/other.detected.models.0.size_bytes: expected a number of bytes, found -1',
  },
  {
    rule: 'provider-auth',
    what: 'a bearer without a key',
    edits: [['providers', '"auth_type": "none"', '"auth_type": ‸"bearer"']],
    says: '"bearer" needs key_env',
  },
  {
    rule: 'provider-auth',
    what: 'the name of a header that no key is in',
    edits: [['providers', '"auth_type": "none"', '"auth_type": "none", "auth_header": ‸"X-Key"']],
    says: 'it says nothing when auth_type is "none"',
  },
  {
    rule: 'dangling-edge',
    what: 'an edge to nothing',
    edits: [['hyper', '"to": "fusion"', '"to": ‸"fussion"']],
    says: 'nothing is called "fussion"',
    hints: 'Did you mean "fusion"?',
  },
  {
    rule: 'dangling-edge',
    what: 'an edge from nothing',
    edits: [['hyper', '"from": "router"', '"from": ‸"nowhere"']],
    says: 'nothing is called "nowhere"',
  },
  {
    rule: 'dependency-cycle',
    what: 'an edge that closes a circle with what entries require',
    edits: [['hyper', '"from": "router", "to": "fusion"', '"from": "router", "to": ‸"core"']],
    says: 'this closes a cycle: plugins/core → plugins/router → plugins/core',
  },
  {
    rule: 'dependency-cycle',
    what: 'an entry that requires itself',
    edits: [['adapters', '["provider_registry"]', '[‸"adapters/universal"]']],
    says: 'this closes a cycle: adapters/universal → adapters/universal',
  },
  {
    rule: 'dependency-cycle',
    what: 'tools that need each other by capability and by id',
    edits: [
      ['tools', '"dependency": ["container_runtime"]', '"dependency": ["graphics"]'],
      ['tools', '"probe": "gpu",', '"probe": "gpu", "provides": ["graphics"], "dependency": [‸"docker"],'],
    ],
    says: 'this closes a cycle: tools/docker → tools/gpu → tools/docker',
  },
  {
    rule: 'missing-ui-mapping',
    what: 'a framework that is not shown',
    edits: [
      [
        'ml_frameworks',
        '{\n  "pytorch"',
        '{\n  ‸"jax": { "import_name": "jax", "detection": "which jax", "env_var": "NEXUS_HAS_JAX" },\n  "pytorch"',
      ],
    ],
    says: 'ml_frameworks/jax: the dashboard does not show it',
  },
  {
    rule: 'orphan-ui-mapping',
    what: 'a card of a provider that does not exist',
    edits: [
      [
        'dashboard',
        '"other": {',
        '"other": { "display_name": "O", "ui_component": "provider_card" }, ‸"othr": {',
      ],
    ],
    says: 'there is no provider "othr"',
    hints: 'Did you mean "other"?',
  },
  {
    rule: 'duplicate-env-var',
    what: 'two tools with one variable',
    edits: [
      ['tools', '{ "type": "NEXUS_GPU_TYPE" }', '{ "type": "NEXUS_GPU_TYPE", "count": ‸"NEXUS_HAS_PODMAN" }'],
    ],
    says: 'NEXUS_HAS_PODMAN is exported by tools/podman already',
  },
  {
    rule: 'duplicate-env-var',
    what: 'a provider with the variable of a tool',
    edits: [['providers', '"acme": {', '"acme": { "env_var": ‸"NEXUS_HAS_DOCKER",']],
    says: 'NEXUS_HAS_DOCKER is exported by tools/docker already',
  },
  {
    rule: 'duplicate-env-var',
    what: 'a local runtime that names the variable of a tool itself',
    edits: [
      [
        'providers',
        '"auth_type": "none"',
        '"auth_type": "none", "kind": "local", "runtime": "ollama", "base_url": "http://localhost:1", "env_var": ‸"NEXUS_HAS_DOCKER"',
      ],
    ],
    says: 'NEXUS_HAS_DOCKER is exported by tools/docker already',
  },
  {
    rule: 'env-var-mismatch',
    what: 'a badge with the variable of another tool',
    edits: [['dashboard', '"env_var": "NEXUS_HAS_DOCKER"', '"env_var": ‸"NEXUS_HAS_PODMAN"']],
    says: 'docker does not export NEXUS_HAS_PODMAN',
    hints: 'It exports NEXUS_HAS_DOCKER',
  },
  {
    rule: 'env-var-mismatch',
    what: 'a meter with a companion that is not exported',
    edits: [['dashboard', '"NEXUS_GPU_TYPE"]', '"NEXUS_GPU_TYPE", ‸"NEXUS_GPU_COUNT"]']],
    says: 'gpu does not export NEXUS_GPU_COUNT',
    hints: 'It exports NEXUS_GPU_TYPE',
  },
  {
    rule: 'env-var-mismatch',
    what: 'a second variable that a framework does not export',
    edits: [
      ['dashboard', '"NEXUS_HAS_PYTORCH"', '"NEXUS_HAS_PYTORCH", "secondary_env": ‸"NEXUS_TORCH_DEVICE"'],
    ],
    says: 'pytorch does not export NEXUS_TORCH_DEVICE',
    hints: 'companion_vars',
  },
  {
    rule: 'duplicate-alias',
    what: 'an alias that is the id of a model',
    edits: [['models', '"large-latest"', '‸"small"']],
    says: '"small" is the id of models/small',
  },
  {
    rule: 'duplicate-alias',
    what: 'an alias of two models',
    edits: [['models', '"cost_per_1k_input": 0\n', '"aliases": [‸"large-latest"]\n']],
    says: 'models/tiny.aliases.0: "large-latest" is an alias of models/large already',
  },
  {
    rule: 'duplicate-alias',
    what: 'an alias of two tools',
    edits: [
      ['tools', '"detection": "which docker",', '"detection": "which docker", "aliases": ["engine"],'],
      ['tools', '"detection": "which podman",', '"detection": "which podman", "aliases": [‸"engine"],'],
    ],
    says: 'tools/podman.aliases.0: "engine" is an alias of tools/docker already',
  },
  {
    rule: 'duplicate-env-var',
    what: 'a provider with the variable of a tool',
    edits: [['providers', '"auth_type": "none",', '"auth_type": "none", "env_var": ‸"NEXUS_HAS_GPU",']],
    says: 'NEXUS_HAS_GPU is exported by tools/gpu already',
  },
  {
    rule: 'shell-syntax',
    what: 'a pipe',
    edits: [['tools', '"nvidia-smi -L"', '‸"nvidia-smi -L | grep GPU"']],
    says: '| is shell syntax (a pipe)',
  },
  {
    rule: 'shell-syntax',
    what: 'a substitution in a version check',
    edits: [['tools', '"docker --version"', '‸"docker $(echo --version)"']],
    says: '$( is shell syntax',
  },
  {
    rule: 'pattern',
    what: 'a look-ahead',
    edits: [['tools', '"version (\\\\d+\\\\.\\\\d+)"', '‸"version(?=x)"']],
    says: 'cannot be used',
    hints: 'Look-around',
  },
  {
    rule: 'version-incompatible',
    what: 'a version outside its range',
    edits: [['hyper', '">=1.0.0 <3"', '‸">=1.1.0"']],
    says: 'core is 1.0.0, which >=1.1.0 leaves out',
  },
  {
    rule: 'version-incompatible',
    what: 'a registry outside its range',
    edits: [['hyper', '"^1.0.0"', '‸"^2.0.0"']],
    says: 'dashboard is 1.2.0, which ^2.0.0 leaves out',
  },
  {
    rule: 'version-incompatible',
    what: 'a version outside the range of what requires it',
    edits: [['plugins', '["router", "tools"]', '[‸"router@^2.0.0", "tools@>=1.0.0"]']],
    says: 'core needs router ^2.0.0, which is 1.0.0',
  },
  {
    rule: 'version-incompatible',
    what: 'a range of what requires that is none',
    edits: [['plugins', '["router", "tools"]', '["router@>=1.0.0 <2", ‸"tools@>=new"]']],
    says: '">=new" is no version range',
  },
  {
    rule: 'unknown-dependency',
    what: 'a name with a range that nothing has',
    edits: [['plugins', '["router", "tools"]', '[‸"ruoter@^1.0.0", "tools"]']],
    says: 'nothing is called "ruoter"',
    hints: 'Did you mean "router"?',
  },
  {
    rule: 'version-incompatible',
    what: 'a range that is none',
    edits: [['hyper', '"fusion": ">=1.0.0"', '"fusion": ‸"newest"']],
    says: '"newest" is no version range',
  },
  {
    rule: 'version-incompatible',
    what: 'a minimum that is no version',
    edits: [['tools', '"20.10"', '‸"recent"']],
    says: '"recent" is no version',
  },
  {
    rule: 'access-control',
    what: 'a registry that does not exist',
    edits: [['hyper', '"tools": "public_read"', '‸"tols": "public_read"']],
    says: 'there is no registry "tols"',
    hints: 'Did you mean "tools"?',
  },
  {
    rule: 'access-control',
    what: 'a registry that is named twice',
    edits: [['hyper', '"tools": "public_read"', '"tools": "public_read", ‸"tool_registry": "admin_only"']],
    says: '"tools" means the same registry',
  },
  {
    rule: 'access-control',
    what: 'a role that does not exist',
    edits: [['hyper', '"write": "orchestrator"', '"write": ‸"orchestra"']],
    says: 'hyper.access_control.hyper_registry.write: expected one of',
  },
  {
    rule: 'access-control',
    what: 'a short form that does not exist',
    edits: [['hyper', '"public_read"', '‸"public"']],
    says: 'expected one of "public_read", "auth_read", "admin_only", or an object, found "public"',
  },
  {
    rule: 'lifecycle',
    what: 'a card that shows a model which retires within the horizon',
    edits: [
      ['dashboard', '["large"]', '["large", ‸"small"]'],
      ['models', '2999-06-01', '2026-12-23'],
    ],
    says: '"small" retires on 2026-12-23',
    hints: 'Use medium instead',
  },
  {
    rule: 'lifecycle',
    what: 'a plug-in that requires a retired model',
    edits: [
      ['plugins', '"models/large"]', '‸"models/small"]'],
      ['models', '2999-06-01', '2026-11-23'],
      ['models', '"deprecated"', '"retired"'],
    ],
    says: '"small" retired on 2026-11-23',
    severity: 'error',
  },
  {
    rule: 'lifecycle',
    what: 'a successor that does not exist',
    edits: [['models', '"successor": "medium"', '"successor": ‸"medum"']],
    says: 'there is no model "medum"',
    hints: 'Did you mean "medium"?',
    severity: 'error',
  },
  {
    rule: 'lifecycle',
    what: 'a model that succeeds itself',
    edits: [['models', '"successor": "medium"', '"successor": ‸"small"']],
    says: '"small" is the model itself',
    severity: 'error',
  },
  {
    rule: 'lifecycle',
    what: 'a retired model that says otherwise',
    edits: [
      ['models', '"status": "active",', '"status": ‸"active", "retires_on": "2026-02-01",'],
      ['hyper', 'models/large', 'models/small'],
      ['dashboard', ', "models_display": ["large"]', ''],
      ['plugins', ', "models/large"', ''],
    ],
    says: 'it says "active", but the model retired on 2026-02-01',
  },
  {
    rule: 'lifecycle',
    what: 'a model that says too early that it is retired',
    edits: [['models', '"deprecated"', '‸"retired"']],
    says: 'it says "retired", but the model retires on 2999-06-01',
  },
  {
    rule: 'lifecycle',
    what: 'days in the wrong order',
    edits: [
      ['models', '"2999-06-01"', '‸"2026-12-24"'],
      ['models', '"2026-10-01"', '"2027-01-01"'],
    ],
    says: 'it lies before deprecated_on',
  },
  {
    rule: 'lifecycle',
    what: 'a successor that is deprecated',
    edits: [['models', '"status": "active",', '"status": "deprecated", "successor": ‸"small",']],
    says: '"small" is deprecated',
    hints: 'Use medium instead',
    severity: 'warning',
  },
  {
    rule: 'lifecycle',
    what: 'a successor that is retired',
    edits: [
      ['models', '"status": "active",', '"status": "active", "successor": ‸"small",'],
      ['models', '2999-06-01', '2026-11-23'],
      ['models', '"status": "deprecated"', '"status": "retired"'],
    ],
    says: '"small" retired on 2026-11-23',
    severity: 'warning',
  },
  {
    rule: 'lifecycle',
    what: 'a successor of another provider',
    edits: [['models', '"successor": "medium"', '"successor": ‸"tiny"']],
    says: '"tiny" is a model of another provider, "other"',
    hints: 'Name a model of "acme"',
    severity: 'warning',
  },
  {
    rule: 'lifecycle',
    what: 'a redirect to a model that does not exist',
    edits: [['models', '"successor": "medium"', '"successor": "medium", "redirects_to": ‸"medum"']],
    says: 'there is no model "medum"',
    severity: 'error',
  },
  {
    rule: 'lifecycle',
    what: 'an active model in whose place another one answers',
    edits: [
      [
        'models',
        '"status": "active",',
        '"status": ‸"active", "redirects_to": "medium", "redirects_on": "2026-11-23",',
      ],
    ],
    says: 'it says "active", but "medium" answers in its place since 2026-11-23',
  },
  {
    rule: 'lifecycle',
    what: 'a day of redirection without a target',
    edits: [['models', '"successor": "medium"', '"successor": "medium", "redirects_on": ‸"2026-10-02"']],
    says: 'it says nothing without redirects_to',
  },
  {
    rule: 'lifecycle',
    what: 'a retirement before the first possible day',
    edits: [['models', '"2999-06-01"', '‸"2999-06-01", "not_retired_before": "2999-06-02"']],
    says: 'it lies before not_retired_before',
  },
  {
    rule: 'cost-magnitude',
    what: 'a cache that costs more than the input',
    edits: [['models', '0.003,', '0.003, "cost_per_1k_cache_read": ‸0.0031,']],
    says: '0.0031 USD for a read from the cache is more than 0.003 USD for the input itself',
  },
  {
    rule: 'cost-magnitude',
    what: 'long requests that cost less',
    edits: [
      [
        'models',
        '0.003,',
        '0.003, "cost_tiers": [{"input_tokens_above": 1000, "cost_per_1k_input": ‸0.002}],',
      ],
    ],
    says: '0.002 USD for long requests is less than 0.003 USD for shorter ones',
  },
  {
    rule: 'cost-magnitude',
    what: 'tiers that do not rise',
    edits: [
      [
        'models',
        '0.003,',
        '0.003, "cost_tiers": [{"input_tokens_above": 1000}, {"input_tokens_above": ‸1000}],',
      ],
    ],
    says: '1000 tokens are not more than the 1000 of the tier before it',
  },
  {
    rule: 'cost-magnitude',
    what: 'quiet hours that cost more',
    edits: [
      [
        'models',
        '0.003,',
        '0.003, "cost_off_peak": {"peak_hours": [{"from": "01:00", "to": "04:00"}], "cost_per_1k_input": ‸0.004},',
      ],
    ],
    says: '0.004 USD outside the peak hours is more than 0.003 USD within them',
  },
  {
    rule: 'schema',
    what: 'a price that is text',
    edits: [['models', '0.003,', '‸"0.003",']],
    says: 'models/medium.cost_per_1k_input: expected a number, found "0.003"',
  },
  {
    rule: 'unlisted-value',
    what: 'a capability that the hyper registry does not list',
    edits: [
      ['hyper', '"entries_count_expected": 5', '"entries_count_expected": 5, "capabilities": ["embeddings"]'],
      ['models', '["streaming"]', '[‸"streaming"]'],
    ],
    says: 'hyper_registry.json does not list the capability "streaming" for models',
  },
  {
    rule: 'unlisted-value',
    what: 'a category that the hyper registry does not list',
    edits: [
      [
        'hyper',
        '"entries_count_expected": 3',
        '"entries_count_expected": 3, "categories": ["container", "compute", "vcs"]',
      ],
      ['tools', '"detection": "which docker"', '"category": ‸"runtime", "detection": "which docker"'],
    ],
    says: 'hyper_registry.json does not list the category "runtime" for tools',
    hints: 'Add it to "categories" of tools',
  },
  {
    rule: 'unlisted-value',
    what: 'a category that nobody knows',
    edits: [
      ['tools', '"detection": "which docker"', '"category": ‸"contianer", "detection": "which docker"'],
    ],
    says: 'hyper_registry.json does not list the category "contianer" for tools',
    hints: 'Did you mean "container"?',
    severity: 'error',
  },
  {
    rule: 'unlisted-value',
    what: 'a category on the dashboard that nobody knows',
    edits: [['dashboard', '"category": "container"', '"category": ‸"boxes"']],
    says: 'hyper_registry.json does not list the category "boxes" for tools',
    severity: 'error',
  },
  {
    rule: 'unlisted-value',
    what: 'a capability on a card that nobody knows',
    edits: [['dashboard', '["large"]', '["large"], "capabilities": [‸"telepathy"]']],
    says: 'hyper_registry.json does not list the capability "telepathy" for models',
    severity: 'error',
  },
  {
    rule: 'unlisted-value',
    what: 'a capability of an adapter that nobody knows',
    edits: [['adapters', '"providers": 2', '"providers": 2, "capabilities_enum": ["vision", ‸"smell"]']],
    says: 'hyper_registry.json does not list the capability "smell" for adapters',
    severity: 'error',
  },
  {
    rule: 'status-endpoint',
    what: 'a path that the server does not answer',
    edits: [['dashboard', '["large"]', '["large"], "status_endpoint": ‸"/status"']],
    says: 'serve answers paths like /health/acme, and not "/status"',
    hints: 'Write /health/acme',
  },
  {
    rule: 'status-endpoint',
    what: 'the path of another provider',
    edits: [['dashboard', '["large"]', '["large"], "status_endpoint": ‸"/health/other"']],
    says: '"/health/other" is the health of other',
  },
  {
    rule: 'data-age',
    what: 'figures of ninety days ago',
    edits: [
      [
        'providers',
        '"models": ["tiny"]',
        '"models": ["tiny"], "x-source": { "url": "https://other.example", "retrieved_on": ‸"2026-08-25" }',
      ],
    ],
    says: '1 of 1 providers have figures of 90 days ago or older, the oldest of 2026-08-25',
    hints: 'nexus-registry upgrade',
  },
  {
    rule: 'cost-magnitude',
    what: 'a price for a million tokens',
    edits: [['models', '0.003,', '‸3,']],
    says: '3 USD is 300 times as much as is usual for acme (0.01)',
  },
  {
    rule: 'cost-magnitude',
    what: 'a price of a provider with one model, against all others',
    edits: [['models', '"cost_per_1k_input": 0\n', '"cost_per_1k_input": ‸3\n']],
    says: '3 USD is 1000 times as much as is usual for all providers (0.003)',
  },
  {
    rule: 'cost-magnitude',
    what: 'a price of a model that another provider has too',
    edits: [
      [
        'models',
        '"tiny": {',
        `"nova/large": {
    "provider": "other",
    "context_tokens": 4001,
    "capabilities": ["streaming"],
    "cost_per_1k_input": ‸30
  },
  "tiny": {`,
      ],
      ['hyper', '"entries_count_expected": 5', '"entries_count_expected": 6'],
      ['providers', '["tiny"]', '["tiny", "nova/large"]'],
    ],
    says: '30 USD is 3000 times as much as is usual for this model at other providers (0.01)',
  },
  {
    rule: 'output-tokens',
    what: 'more output than there is context',
    edits: [['models', '"context_tokens": 32000,', '"context_tokens": 32000, "output_tokens": ‸32001,']],
    says: 'models/small.output_tokens: 32001 tokens of output do not fit into a context of 32000',
  },
  {
    rule: 'lifecycle',
    what: 'successors in a circle',
    edits: [
      ['models', '"cost_per_1k_output": 0.015\n', '"cost_per_1k_output": 0.015, "successor": "small"\n'],
      ['models', '"successor": "medium"', '"successor": ‸"medium"'],
      ['models', '"status": "deprecated"', '"status": "preview"'],
    ],
    says: 'models/small.successor: the successors lead in a circle: medium → small → medium',
    severity: 'error',
  },
  {
    rule: 'lifecycle',
    what: 'an alias of the model itself as its successor',
    edits: [['models', '"status": "active",', '"status": "active", "successor": ‸"large-latest",']],
    says: '"large-latest" is the model itself',
    severity: 'error',
  },
  {
    rule: 'missing-registry',
    what: 'a file that is not there',
    edits: [['microservices', soundTexts.microservices, '']],
    says: 'microservice_registry.json is missing',
  },
]

async function validate(edits: readonly Edit[]) {
  const time = Date.parse(soundDay)
  const host = await createTestHost({ clock: { now: () => time } })
  const { texts, mark } = applyEdits(edits)
  await writeHome(host.directory, texts)
  const report = await validateHome(host.directory, host)
  return { report, mark, toPath: (name: RegistryName) => host.path.join(host.directory, registryFiles[name]) }
}

function applyEdits(edits: readonly Edit[]) {
  const texts: Partial<Record<RegistryName, string>> = { ...soundTexts }
  for (const [name, find, replace] of edits) {
    const text = texts[name] ?? ''
    if (!text.includes(find)) throw new Error(`${name} has no ${find}`)
    texts[name] = text.replace(find, () => replace)
    if (texts[name] === '') delete texts[name]
  }
  const name = registryNames.find(candidate => texts[candidate]?.includes('‸'))
  const text = (name && texts[name]) ?? ''
  if (!name) return { texts, mark: undefined }
  const before = text.slice(0, text.indexOf('‸')).split('\n')
  const mark = { name, line: before.length, column: (before.at(-1) ?? '').length + 1 }
  return { texts: { ...texts, [name]: text.replace('‸', '') }, mark }
}

test('a sound home has no findings', async () => {
  const { report } = await validate([])
  expect(report).toMatchObject({ valid: true, errors: 0, warnings: 0, diagnostics: [] })
  expect(report.files).toHaveLength(9)
})

test.each(rows)('$rule finds $what', async ({ rule, edits, says, hints, severity }) => {
  const { report, mark, toPath } = await validate(edits)
  expect(report.diagnostics).toMatchObject([
    {
      rule,
      severity: severity ?? rules.find(({ id }) => id === rule)?.severity,
      message: expect.stringContaining(says),
      line: mark?.line ?? 1,
      column: mark?.column ?? 1,
    },
  ])
  const [found] = report.diagnostics
  if (mark) expect(found?.file).toBe(toPath(mark.name))
  if (hints) expect(found?.hint).toContain(hints)
})

test('that figures are old fails no strict validation, unless the rule is an error', async () => {
  const host = await createTestHost({ clock: { now: () => Date.parse('2026-11-30T00:00:00Z') } })
  const dated = (day: string) => `, "x-source": { "url": "https://acme.example", "retrieved_on": "${day}" }`
  const [acme, other] = ['"medium", "small", "embed"]', '"models": ["tiny"]']
  const write = (first: string, second: string) =>
    writeHome(host.directory, {
      ...soundTexts,
      providers: soundTexts.providers
        .replace(acme, acme + dated(first))
        .replace(other, other + dated(second)),
    })
  await write('2026-09-01', '2026-11-01')
  const old = await validateHome(host.directory, host, { strict: true })
  expect(old).toMatchObject({ valid: true, warnings: 1, diagnostics: [{ rule: 'data-age' }] })
  expect(await validateHome(host.directory, host, { rules: { 'data-age': 'error' } })).toMatchObject({
    valid: false,
  })
  await write('2026-09-02', '2026-11-01')
  expect(await validateHome(host.directory, host)).toMatchObject({ warnings: 0 })
})

test('every rule has a row, and no two rules have the same id', () => {
  const ids = rules.map(({ id }) => id)
  expect(ids.filter(id => !rows.some(({ rule }) => rule === id))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
})

/** Something wrong that has nothing to do with a row: it hides nothing, and nothing follows from it. */
const breakers: readonly [what: string, edit: Edit][] = [
  ['a tool', ['tools', '"detection": "which podman"', '"detection": 1']],
  ['a variable of a tool', ['tools', '"env_var": "NEXUS_HAS_PODMAN"', '"env_var": "PATH"']],
  ['a provider', ['providers', '"endpoint": "https://other.example/v1"', '"endpoint": "other"']],
  ['the models of a provider', ['providers', '"models": ["tiny"]', '"models": 1']],
  ['a model', ['models', '"context_tokens": 4000', '"context_tokens": "many"']],
  [
    'the provider of a model',
    ['models', '"provider": "other",\n    "context_tokens": 4000', '"provider": 1, "context_tokens": 4000'],
  ],
  ['a plug-in', ['plugins', '"path": "router.zsh"', '"path": 1']],
  ['a field of a service', ['microservices', '"url": "http://127.0.0.1:9004"', '"url": "nowhere"']],
  ['an adapter', ['adapters', '"path": "acme.py"', '"path": 1']],
  ['an ML framework', ['ml_frameworks', '"import_name": "torch"', '"import_name": 1']],
  ['a card', ['dashboard', '"display_name": "PyTorch"', '"display_name": 1']],
  ['the dashboard itself', ['dashboard', '"version": "1.2.0"', '"version": 1']],
  ['the hyper registry itself', ['hyper', '"type": "polling"', '"type": "pushing"']],
  ['an edge', ['hyper', '"to": "tools", "type": "references"', '"to": "tools", "type": "eats"']],
  ['a registry in the list', ['hyper', '"path": "./plugin_registry.json"', '"path": 1']],
]

/** What is found in texts alone, `rule pointer` each, sorted. */
async function find(edits: readonly Edit[], validateTexts: ValidateContent): Promise<string[]> {
  // Marks would stand in the way of the edits behind them.
  const { texts } = applyEdits(edits.map(([name, from, to]) => [name, from, to.replace('‸', '')]))
  const known = new Map(
    registryNames.flatMap(name => (texts[name] === undefined ? [] : [[name, texts[name]]])),
  )
  const found = await validateTexts(known)
  return found.map(({ registry, rule, pointer }) => `${registry} ${rule} ${pointer}`).sort()
}

// What is broken is what the row is about: nobody can tell.
const needed: readonly [broken: string, row: string][] = [
  ['"env_var": "PATH"', 'two tools with one variable'],
  ['"version": 1', 'a registry outside its range'],
  ['"path": 1', 'an id with a blank in it'],
  ['"provider": 1, "context_tokens": 4000', 'a model that its provider does not list'],
  ['"provider": 1, "context_tokens": 4000', 'a successor of another provider'],
]

// An address that is none ends the check of its entry.
const ended: readonly [broken: string, row: string][] = [
  'a local runtime that does not say which',
  'a local runtime on another machine',
  'a runtime of a provider that is not local',
].map(row => ['"endpoint": "other"', row])

const wholeFile = ['json-syntax', 'encoding', 'missing-registry']

test.each(breakers)('%s that is broken hides no other finding', async (_, breaker) => {
  const host = await createTestHost({ clock: { now: () => Date.parse(soundDay) } })
  const { validate: validateTexts } = createTextValidation(host)
  const own = await find([breaker], validateTexts)
  expect(own).toHaveLength(1)
  for (const row of rows) {
    const isConflict = !row.edits.every(([name, find]) => name !== breaker[0] || !find.includes(breaker[1]))
    const isUnread = wholeFile.includes(row.rule) && row.edits.some(([name]) => name === breaker[0])
    const isAbout = [...needed, ...ended].some(([broken, what]) => broken === breaker[2] && what === row.what)
    const { texts } = applyEdits(row.edits)
    if (isAbout || isConflict || isUnread || !(texts[breaker[0]] ?? '').includes(breaker[1])) continue
    const expected = [...new Set([...own, ...(await find(row.edits, validateTexts))])].sort()
    expect(await find([...row.edits, breaker], validateTexts), `${row.rule}: ${row.what}`).toEqual(expected)
  }
})
