import * as z from 'zod'
import { adapterSchema } from './adapter.ts'
import { idSchema } from './common.ts'
import { dashboardSchema } from './dashboard.ts'
import { hyperSchema } from './hyper.ts'
import { microserviceSchema } from './microservice.ts'
import { mlFrameworkSchema } from './ml-framework.ts'
import { modelSchema } from './model.ts'
import { pluginSchema } from './plugin.ts'
import { providerSchema } from './provider.ts'
import { toolSchema } from './tool.ts'

/** Schema of each registry file, without the `$schema` and `x-` keys that `withoutExtensions` takes off. */
export const registrySchemas = {
  hyper: hyperSchema,
  dashboard: dashboardSchema,
  tools: z.record(idSchema, toolSchema).describe('Tools and capabilities of the machine, by id'),
  providers: z.record(idSchema, providerSchema).describe('Providers of language models, by id'),
  models: z.record(idSchema, modelSchema).describe('Models, by the id that their provider knows them by'),
  plugins: z.record(idSchema, pluginSchema).describe('Zsh modules, by id'),
  microservices: z.record(idSchema, microserviceSchema).describe('Running services, by id'),
  adapters: z.record(idSchema, adapterSchema).describe('Code that speaks to providers, by id'),
  ml_frameworks: z
    .record(idSchema, mlFrameworkSchema)
    .describe('Machine-learning libraries of Python, by id'),
} as const

/** Content of each registry file, by registry name. */
export type RegistryContents = {
  [Name in keyof typeof registrySchemas]: z.infer<(typeof registrySchemas)[Name]>
}
