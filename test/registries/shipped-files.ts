import { readFileSync } from 'node:fs'
import { withoutExtensions } from '../../src/registry/schema/extensions.ts'
import { type RegistryName, registryFiles } from '../../src/registry/schema/names.ts'
import { registrySchemas } from '../../src/registry/schema/registries.ts'

export function readShippedText(name: RegistryName): string {
  return readFileSync(new URL(`../../registries/${registryFiles[name]}`, import.meta.url), 'utf8')
}

function read(name: RegistryName): unknown {
  const isFlatMap = name !== 'hyper' && name !== 'dashboard'
  return withoutExtensions(JSON.parse(readShippedText(name)), { isFlatMap })
}

/** The nine shipped files, checked. Rejects a file that its schema refuses. */
export function loadShipped() {
  return {
    hyper: registrySchemas.hyper.parse(read('hyper')),
    dashboard: registrySchemas.dashboard.parse(read('dashboard')),
    tools: registrySchemas.tools.parse(read('tools')),
    providers: registrySchemas.providers.parse(read('providers')),
    models: registrySchemas.models.parse(read('models')),
    plugins: registrySchemas.plugins.parse(read('plugins')),
    microservices: registrySchemas.microservices.parse(read('microservices')),
    adapters: registrySchemas.adapters.parse(read('adapters')),
    ml_frameworks: registrySchemas.ml_frameworks.parse(read('ml_frameworks')),
  }
}
