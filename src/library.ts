export { program } from './core/program.ts'
export { type ValidateOptions, validateHome } from './features/validate/validate-home.ts'
export { registryFiles, registryNames, subRegistryNames } from './schema/names.ts'
export { registrySchemas } from './schema/registries.ts'
