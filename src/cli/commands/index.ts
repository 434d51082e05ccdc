import type { RegisterCommand } from '../command-context.ts'
import { registerAdd } from './add.ts'
import { registerChanges } from './changes.ts'
import { registerCompletion } from './completion.ts'
import { registerDashboard } from './dashboard.ts'
import { registerDiscover } from './discover.ts'
import { registerDoctor } from './doctor.ts'
import { registerEdit } from './edit.ts'
import { registerEnv } from './env.ts'
import { registerExplain } from './explain.ts'
import { registerExport } from './export.ts'
import { registerGraph } from './graph.ts'
import { registerHas } from './has.ts'
import { registerHook } from './hook.ts'
import { registerImport } from './import.ts'
import { registerInit } from './init.ts'
import { registerList } from './list.ts'
import { registerQuery } from './query.ts'
import { registerRefresh } from './refresh.ts'
import { registerRemove } from './remove.ts'
import { registerRename } from './rename.ts'
import { registerServe } from './serve.ts'
import { registerShow } from './show.ts'
import { registerStatus } from './status.ts'
import { registerSync } from './sync.ts'
import { registerToken } from './token.ts'
import { registerTrust } from './trust.ts'
import { registerUndo } from './undo.ts'
import { registerUpgrade } from './upgrade.ts'
import { registerValidate } from './validate.ts'
import { registerWords } from './words.ts'

/** Subcommands with one heading in the help of the program. */
interface CommandGroup {
  readonly heading: string
  readonly commands: readonly RegisterCommand[]
}

/** All subcommands, in the order of the help. The last group gets `help`, too. */
export const commandGroups: readonly CommandGroup[] = [
  { heading: 'Detect:', commands: [registerSync, registerStatus, registerHas, registerEnv] },
  {
    heading: 'Query:',
    commands: [registerList, registerShow, registerQuery, registerGraph, registerExplain],
  },
  {
    heading: 'Change:',
    commands: [
      registerAdd,
      registerDiscover,
      registerEdit,
      registerRemove,
      registerRename,
      registerImport,
      registerExport,
      registerUndo,
      registerChanges,
    ],
  },
  {
    heading: 'Maintain:',
    commands: [registerValidate, registerUpgrade, registerDoctor, registerTrust, registerRefresh],
  },
  { heading: 'Serve:', commands: [registerServe, registerDashboard, registerToken] },
  { heading: 'Set up:', commands: [registerInit, registerHook, registerCompletion, registerWords] },
]
