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
  tools: z.record(idSchema, toolSchema),
  providers: z.record(idSchema, providerSchema),
  models: z.record(idSchema, modelSchema),
  plugins: z.record(idSchema, pluginSchema),
  microservices: z.record(idSchema, microserviceSchema),
  adapters: z.record(idSchema, adapterSchema),
  ml_frameworks: z.record(idSchema, mlFrameworkSchema),
} as const

/** Content of each registry file, by registry name. */
export type RegistryContents = {
  [Name in keyof typeof registrySchemas]: z.infer<(typeof registrySchemas)[Name]>
}
