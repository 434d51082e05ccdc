import type { RuntimeName } from '../../registry/schema/provider.ts'
import { gpt4all, jan, koboldCpp, mlxLm, tabbyApi, textGenerationWebui } from './desktop-servers.ts'
import { dockerModelRunner, liteLlm, localAi, openWebui } from './gateways.ts'
import { sglang, tgi, vllm } from './gpu-servers.ts'
import { llamaCpp, llamafile } from './llama-cpp.ts'
import { lmStudio } from './lm-studio.ts'
import { exo, ollama } from './ollama.ts'
import type { Runtime } from './runtime.ts'

/**
 * All runtimes, in the order in which a server is compared with them: those with a route of their own come first, because
 * several speak like others, and those that only the form of a list tells come last.
 */
export const runtimes: Readonly<Record<RuntimeName, Runtime>> = {
  koboldcpp: koboldCpp,
  tabbyapi: tabbyApi,
  'text-generation-webui': textGenerationWebui,
  ollama,
  'docker-model-runner': dockerModelRunner,
  exo,
  tgi,
  'litellm-proxy': liteLlm,
  lmstudio: lmStudio,
  llamafile,
  'llama.cpp': llamaCpp,
  vllm,
  sglang,
  gpt4all,
  localai: localAi,
  'open-webui': openWebui,
  'mlx-lm': mlxLm,
  jan,
}
