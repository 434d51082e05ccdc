import * as z from 'zod'
import {
  entryShape,
  environmentNameSchema,
  exportNameSchema,
  idSchema,
  isAboutObject,
  textSchema,
  webAddressSchema,
} from './common.ts'
import { localDetectedSchema, providerDetectedSchema } from './detected.ts'

/** Runtimes whose API a sync reads, by the ids of their providers. */
export const runtimeNames = [
  'ollama',
  'lmstudio',
  'llama.cpp',
  'llamafile',
  'vllm',
  'sglang',
  'tgi',
  'docker-model-runner',
  'localai',
  'koboldcpp',
  'text-generation-webui',
  'tabbyapi',
  'mlx-lm',
  'jan',
  'gpt4all',
  'exo',
  'litellm-proxy',
  'open-webui',
] as const

export type RuntimeName = (typeof runtimeNames)[number]

const keyNames = 'a variable name like OPENAI_API_KEY, or a list of such names'

export const providerSchema = z
  .strictObject({
    ...entryShape,
    endpoint: webAddressSchema
      .describe('Address of the completion API; {model} in it stands for the id of the model')
      .meta({ examples: ['https://api.openai.com/v1/chat/completions'] }),
    kind: z
      .enum(['hosted', 'local'])
      .describe('local: a runtime on this machine, which says itself what models it has; without it, hosted')
      .optional(),
    runtime: z.enum(runtimeNames).describe('Which API the local runtime speaks').optional(),
    host_env: environmentNameSchema
      .describe('Variable with the address of the local runtime, instead of base_url')
      .meta({ examples: ['OLLAMA_HOST'] })
      .optional(),
    base_url: webAddressSchema
      .describe('Address that all of its APIs share. Of a local runtime one on this machine')
      .optional(),
    auth_type: z
      .enum(['bearer', 'header', 'query', 'none'])
      .describe(
        'How the key is sent: bearer (Authorization: Bearer KEY), header (in auth_header), ' +
          'query (in the parameter auth_query), none (no key)',
      ),
    auth_header: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/, 'a header name like X-Api-Key')
      .describe('Header that carries the key when auth_type is header')
      .optional(),
    auth_query: textSchema
      .describe('Query parameter that carries the key when auth_type is query')
      .optional(),
    key_env: z
      .union([environmentNameSchema, z.array(environmentNameSchema).min(1, keyNames)], { error: keyNames })
      .describe(
        'Variable that holds the key, or an ordered list of such variables: the first that is set counts. ' +
          'The key itself is never read, only whether it is set',
      )
      .optional(),
    required_env: z
      .array(environmentNameSchema)
      .describe('Variables that have to be set too, all of them: an address, a region')
      .optional(),
    file_env: z
      .array(environmentNameSchema)
      .describe('Those of its variables whose value is the path of a file: the file has to exist')
      .optional(),
    general_env: z
      .array(environmentNameSchema)
      .describe(
        'Variables with credentials of a cloud or platform, in order: with these alone it is unknown whether it can be used',
      )
      .optional(),
    general_files: z
      .array(z.string().regex(/^~\/[^\0]+$/, 'a path below the home directory, like ~/.aws/credentials'))
      .describe('Files with such credentials. Only their existence is checked')
      .optional(),
    env_var: exportNameSchema
      .describe(
        'Variable that is exported as 1 when a credential is here, else as 0; of a local runtime, when it was up at the last sync. Without it, NEXUS_HAS_ and the id',
      )
      .meta({ examples: ['NEXUS_HAS_OPENAI'] })
      .optional(),
    credential_check: z
      .strictObject({
        url: webAddressSchema.describe(
          'Address that responds with 200 to a valid credential. GET, free of charge',
        ),
        headers: z.record(textSchema, z.string()).describe('Headers besides the one with the key').optional(),
        key_env: z
          .array(environmentNameSchema)
          .describe('Variables of key_env whose credential it takes; without it, all of them')
          .optional(),
      })
      .describe(
        'Documented free request that tells whether the credential is valid. Sent by sync --deep, if the configuration allows it for this provider',
      )
      .optional(),
    headers: z
      .record(textSchema, z.string())
      .describe(
        'Headers that every request needs, but for the one with the key; for people who write requests',
      )
      .optional(),
    models: z.array(idSchema).describe('Ids of its models in the model registry'),
    docs: webAddressSchema.describe('Where its models are documented, for people').optional(),
    detected: z
      .union([providerDetectedSchema, localDetectedSchema])
      .describe(
        'What was found on this machine: whether a hosted provider can be used, or what a local runtime said. Written by sync: do not edit',
      )
      .optional(),
  })
  .refine(provider => provider.auth_type !== 'header' || provider.auth_header !== undefined, {
    path: ['auth_header'],
    when: isAboutObject,
    error: 'a header name like X-Api-Key, since auth_type is header',
  })
  .refine(provider => provider.auth_type !== 'query' || provider.auth_query !== undefined, {
    path: ['auth_query'],
    when: isAboutObject,
    error: 'a parameter name like key, since auth_type is query',
  })
  .refine(({ kind, runtime }) => kind !== 'local' || runtime !== undefined, {
    path: ['runtime'],
    when: isAboutObject,
    error: 'the API that it speaks, like ollama, since kind is local',
  })
  .refine(({ kind, base_url: base }) => kind !== 'local' || (base !== undefined && isOnThisMachine(base)), {
    path: ['base_url'],
    when: isAboutObject,
    error: 'an address on this machine like http://127.0.0.1:11434, since kind is local',
  })
  .refine(({ kind, runtime, host_env: hostEnv }) => kind === 'local' || (runtime ?? hostEnv) === undefined, {
    path: ['kind'],
    when: isAboutObject,
    error: '"local", since runtime and host_env are for local runtimes',
  })
  .describe('A provider of language models: its address and how to sign in')
  .meta({
    allOf: [
      needs({ auth_type: 'header' }, 'auth_header'),
      needs({ auth_type: 'query' }, 'auth_query'),
      needs({ kind: 'local' }, 'runtime'),
      needs({ kind: 'local' }, 'base_url'),
    ],
  })

// A name may lead anywhere, but for this one.
function isOnThisMachine(address: unknown): boolean {
  if (typeof address !== 'string' || !URL.canParse(address)) return false
  const { hostname } = new URL(address)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

// Zod's refinements have no counterpart in JSON Schema, so the same is said there in its own words.
function needs(given: Readonly<Record<string, string>>, field: string) {
  const properties = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, { const: value }]))
  return {
    if: { properties, required: Object.keys(given) },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits this object
    then: { required: [field] },
  }
}

export type Provider = z.infer<typeof providerSchema>
