import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { type RegistryName, registryFiles, registryNames } from '../../../src/registry/schema/names.ts'

export type HomeTexts = Readonly<Record<RegistryName, string>>

/** A day on which nothing in the sound home is about to retire. */
export const soundDay = '2026-11-23T08:42:55.000Z'

/** Texts of a small home in which everything fits together. */
export const soundTexts: HomeTexts = {
  hyper: `{
  "version": "2.0.0",
  "registry_type": "hyper",
  "metadata": { "sync_interval_seconds": 60, "cache_ttl_seconds": 300 },
  "sub_registries": {
    "tools": { "path": "./tool_registry.json", "version": "1.0.0", "entries_count_expected": 3 },
    "providers": { "path": "./provider_registry.json", "version": "1.0.0", "entries_count_expected": 2 },
    "models": { "path": "model_registry.json", "version": "1.0.0", "entries_count_expected": 5 },
    "plugins": { "path": "./plugin_registry.json", "version": "1.0.0" },
    "microservices": { "path": "./microservice_registry.json", "version": "1.0.0" },
    "adapters": { "path": "./adapter_registry.json", "version": "1.0.0" },
    "ml_frameworks": { "path": "./ml_framework_registry.json", "version": "1.0.0" }
  },
  "dependency_graph": {
    "nodes": [{ "id": "fusion" }],
    "edges": [
      { "from": "core", "to": "router", "type": "requires" },
      { "from": "router", "to": "fusion", "type": "requires" },
      { "from": "hyper_registry", "to": "tools", "type": "references" },
      { "from": "tool_registry.json", "to": "models/large", "type": "references" }
    ]
  },
  "sync_protocol": { "type": "polling", "interval_seconds": 60, "retry_attempts": 3, "timeout_seconds": 30 },
  "version_compatibility": { "core": ">=1.0.0 <3", "dashboard": "^1.0.0", "fusion": ">=1.0.0" },
  "access_control": {
    "tools": "public_read",
    "hyper_registry": { "read": "admin", "write": "orchestrator", "admin": "admin" }
  }
}
`,
  dashboard: `{
  "version": "1.2.0",
  "sections": {
    "tools": {
      "entries": {
        "docker": {
          "display_name": "Docker", "category": "container", "ui_component": "capability_badge",
          "env_var": "NEXUS_HAS_DOCKER", "dependency": ["container_runtime"]
        },
        "podman": {
          "display_name": "Podman", "category": "container", "ui_component": "capability_badge",
          "env_var": "NEXUS_HAS_PODMAN"
        },
        "gpu": {
          "display_name": "GPU", "category": "compute", "ui_component": "gauge_meter",
          "env_vars": ["NEXUS_HAS_GPU", "NEXUS_GPU_TYPE"], "metrics": ["load"]
        },
        "pytorch": {
          "display_name": "PyTorch", "category": "ml_framework", "ui_component": "capability_badge",
          "env_var": "NEXUS_HAS_PYTORCH"
        }
      }
    },
    "providers": {
      "entries": {
        "acme": { "display_name": "Acme", "ui_component": "provider_card", "models_display": ["large"] },
        "other": { "display_name": "Other", "ui_component": "provider_card" }
      }
    },
    "metrics": {
      "system": {
        "load": {
          "display_name": "Load", "ui_component": "gauge_meter",
          "source": { "microservice": "metrics", "path": "/v1/metrics", "pointer": "/load" }
        }
      }
    }
  }
}
`,
  tools: `{
  "$schema": "../schemas/tool_registry.schema.json",
  "docker": {
    "detection": "which docker",
    "env_var": "NEXUS_HAS_DOCKER",
    "version_check": "docker --version",
    "version_pattern": "version (\\\\d+\\\\.\\\\d+)",
    "min_version": "20.10",
    "provides": ["container_runtime"],
    "dependency": ["container_runtime"]
  },
  "podman": {
    "detection": "which podman",
    "env_var": "NEXUS_HAS_PODMAN",
    "provides": ["container_runtime"]
  },
  "gpu": {
    "detection": "nvidia-smi -L",
    "probe": "gpu",
    "env_var": "NEXUS_HAS_GPU",
    "companion_vars": { "type": "NEXUS_GPU_TYPE" }
  }
}
`,
  providers: `{
  "acme": {
    "endpoint": "https://api.acme.example/v1/chat",
    "auth_type": "bearer",
    "key_env": ["ACME_API_KEY", "ACME_KEY"],
    "models": ["large", "medium", "small", "embed"]
  },
  "other": {
    "endpoint": "https://other.example/v1",
    "auth_type": "none",
    "models": ["tiny"]
  }
}
`,
  models: `{
  "large": {
    "aliases": ["large-latest"],
    "provider": "acme",
    "context_tokens": 128000,
    "capabilities": ["streaming"],
    "cost_per_1k_input": 0.01,
    "cost_per_1k_output": 0.03,
    "status": "active",
    "released_on": "2026-01-01"
  },
  "medium": {
    "provider": "acme",
    "context_tokens": 128000,
    "capabilities": ["streaming"],
    "cost_per_1k_input": 0.003,
    "cost_per_1k_output": 0.015
  },
  "small": {
    "provider": "acme",
    "context_tokens": 32000,
    "capabilities": ["streaming"],
    "cost_per_1k_input": 0.0005,
    "cost_per_1k_output": 0.0015,
    "status": "deprecated",
    "deprecated_on": "2026-10-01",
    "retires_on": "2999-06-01",
    "successor": "medium"
  },
  "embed": {
    "provider": "acme",
    "context_tokens": 8000,
    "capabilities": ["embeddings"],
    "cost_per_1k_input": 0.00001
  },
  "tiny": {
    "provider": "other",
    "context_tokens": 4000,
    "capabilities": ["streaming"],
    "cost_per_1k_input": 0
  }
}
`,
  plugins: `{
  "core": {
    "type": "core", "path": "core.zsh", "version": "1.0.0",
    "dependencies": ["docker", "container_runtime"],
    "requires": ["router", "tools"],
    "functions": ["core"]
  },
  "router": {
    "type": "router", "path": "router.zsh", "version": "1.0.0",
    "dependencies": [],
    "requires": ["universal", "fusion", "models/large"],
    "functions": ["route"]
  }
}
`,
  microservices: `{
  "metrics": {
    "name": "Metrics", "type": "metrics", "url": "http://127.0.0.1:9004",
    "health_endpoint": "/health", "endpoints": ["/v1/metrics"]
  }
}
`,
  adapters: `{
  "universal": { "path": "universal.py", "type": "universal_adapter", "requires": ["provider_registry"], "providers": 2 },
  "acme_adapter": { "path": "acme.py", "type": "provider_adapter", "provider": "acme" }
}
`,
  ml_frameworks: `{
  "pytorch": {
    "import_name": "torch",
    "detection": "python -c 'import torch'",
    "env_var": "NEXUS_HAS_PYTORCH"
  }
}
`,
}

/** Writes a home into a directory; registries without a text are left out. */
export async function writeHome(
  directory: string,
  texts: Partial<Record<RegistryName, string | Uint8Array>> = soundTexts,
): Promise<string> {
  for (const name of registryNames) {
    const text = texts[name]
    if (text !== undefined) await writeFile(nodePath.join(directory, registryFiles[name]), text)
  }
  return directory
}
