/** Section 1: the categories of tools. */
export const categories = [
  'container',
  'orchestration',
  'compute',
  'ml_framework',
  'runtime',
  'vcs',
  'cloud',
  'iac',
]

/** Section 2: how many entries each sub-registry has at least. */
export const counts = [
  ['tools', 15],
  ['providers', 6],
  ['models', 25],
  ['plugins', 8],
  ['microservices', 5],
  ['adapters', 8],
  ['ml_frameworks', 10],
] as const

/** Section 4: who needs whom. */
export const dependencyTree = [
  ['nexus_hyper_core', 'api_manager'],
  ['api_manager', 'tool_registry'],
  ['nexus_hyper_core', 'nexus_llm_router'],
  ['nexus_llm_router', 'universal_adapter'],
  ['universal_adapter', 'provider_registry'],
  ['nexus_llm_router', 'multi_llm_service'],
  ['multi_llm_service', 'model_registry'],
  ['multi_llm_service', 'provider_adapters'],
  ['multi_llm_service', 'aefa'],
  ['nexus_hyper_core', 'nexus_dashboard'],
  ['nexus_dashboard', 'dashboard_registry'],
  ['nexus_dashboard', 'system_metrics'],
  ['nexus_dashboard', 'orchestrator_metrics'],
  ['hyper_registry', 'tools'],
  ['hyper_registry', 'providers'],
  ['hyper_registry', 'models'],
  ['hyper_registry', 'plugins'],
  ['hyper_registry', 'microservices'],
  ['hyper_registry', 'adapters'],
  ['hyper_registry', 'ml_frameworks'],
] as const

/** Section 5: versions that work together. */
export const versionRanges = {
  nexus_hyper_core: '>=1.0.0',
  multi_llm_service: '>=1.0.0',
  universal_adapter: '>=1.0.0',
  api_manager: '>=1.0.0',
  dashboard: '>=1.0.0',
}

/** Section 6: registry, who reads, who writes, who does everything. */
export const accessMatrix = [
  ['dashboard_registry', 'public', 'dashboard-service', 'admin'],
  ['provider_registry', 'public', 'adapter', 'admin'],
  ['tool_registry', 'public', 'tool-detection', 'admin'],
  ['model_registry', 'public', 'update-service', 'admin'],
  ['plugin_registry', 'public', 'plugin-loader', 'admin'],
  ['microservice_registry', 'auth', 'service-registry', 'admin'],
  ['adapter_registry', 'auth', 'adapter-deploy', 'admin'],
  ['hyper_registry', 'admin', 'orchestrator', 'admin'],
] as const

/** Section 4, as it is drawn. */
export const drawnTree = `
┌─ nexus_hyper_core (Main Zsh Module)
│  ├─ api_manager (API key mgmt, tool detection)
│  │  └─ tool_registry (Detected tools)
│  ├─ nexus_llm_router (Prompt routing)
│  │  ├─ universal_adapter (Provider ranking)
│  │  │  └─ provider_registry (Provider metadata)
│  │  └─ multi_llm_service (Orchestrator)
│  │     ├─ model_registry (Model specs)
│  │     ├─ provider_adapters (Provider APIs)
│  │     └─ AEFA (Fusion algorithm)
│  └─ nexus_dashboard (UI rendering)
│     ├─ dashboard_registry (UI mappings)
│     ├─ system_metrics (CPU, memory, etc.)
│     └─ orchestrator_metrics (AEFA scores)
└─ hyper_registry (Master orchestration)
   ├─ tools (detected capabilities)
   ├─ providers (available LLMs)
   ├─ models (model specs)
   ├─ plugins (loaded modules)
   ├─ microservices (running services)
   ├─ adapters (provider interfaces)
   └─ ml_frameworks (available libraries)
`
