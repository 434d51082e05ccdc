export { program } from './core/program.ts'
export { registryFiles, registryNames, subRegistryNames } from './schema/names.ts'
export { registrySchemas } from './schema/registries.ts'
