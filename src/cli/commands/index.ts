import type { RegisterCommand } from '../command-context.ts'
import { registerCompletion } from './completion.ts'
import { registerDashboard } from './dashboard.ts'
import { registerDoctor } from './doctor.ts'
import { registerEnv } from './env.ts'
import { registerExplain } from './explain.ts'
import { registerGraph } from './graph.ts'
import { registerHas } from './has.ts'
import { registerHook } from './hook.ts'
import { registerInit } from './init.ts'
import { registerList } from './list.ts'
import { registerQuery } from './query.ts'
import { registerRefresh } from './refresh.ts'
import { registerServe } from './serve.ts'
import { registerStatus } from './status.ts'
import { registerSync } from './sync.ts'
import { registerToken } from './token.ts'
import { registerTrust } from './trust.ts'
import { registerValidate } from './validate.ts'
import { registerWords } from './words.ts'

/** All subcommands, in the order in which help shows them. */
export const commands: readonly RegisterCommand[] = [
  registerSync,
  registerStatus,
  registerEnv,
  registerHook,
  registerCompletion,
  registerHas,
  registerList,
  registerQuery,
  registerGraph,
  registerExplain,
  registerDashboard,
  registerInit,
  registerServe,
  registerTrust,
  registerToken,
  registerDoctor,
  registerValidate,
  registerRefresh,
  registerWords,
]
