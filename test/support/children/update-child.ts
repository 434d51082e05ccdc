import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { toAdditionEdit } from '../../../src/edit/validate-additions.ts'
import { commitEdit } from '../../../src/journal/commit-edit.ts'
import type { Host } from '../../../src/platform/host.ts'
import { createHost } from '../../../src/platform/node/create-host.ts'
import { updateHome } from '../../../src/registry/home/update-home.ts'
import { someTool, undoLast } from '../homes/edited-home.ts'
import { addMark, countUp } from '../homes/marked-home.ts'

// A process of the store's end-to-end tests: update-child MODE HOME [MARK]. See `modes`.

const names = ['tools', 'ml_frameworks'] as const
const [mode = '', home = '', mark = ''] = process.argv.slice(2)
const host = createHost({ interrupted: new AbortController().signal })
const patient = { waitMs: 120_000, holdMs: 120_000 }

const modes: Readonly<Record<string, () => Promise<unknown>>> = {
  /** Adds the mark once. */
  add: () => updateHome(home, names, addMark(mark), host, patient),
  /** Counts up in both registries until it is killed. */
  count: async () => {
    say('ready')
    while (true) await updateHome(home, names, countUp, host)
  },
  /** Adds a tool and undoes that, again and again, until it is killed. The mark is the state directory. */
  edit: async () => {
    const state = { ...host, env: { ...host.env, XDG_STATE_HOME: mark } }
    say('ready')
    while (true) {
      await commitEdit(home, toAdditionEdit([someTool], host), state)
      await undoLast(home, state)
    }
  },
  /** Adds the mark, and waits for a line on stdin when it is staged and not committed. */
  'wait-staged': () => updateHome(home, names, addMark(mark), host, { beforeCommit: waitOnce() }),
  /** Adds the mark, and waits for a line on stdin when it is committed and not yet in place. */
  'wait-committed': () => updateHome(home, names, addMark(mark), waitingAfterCommit(host)),
}

await modes[mode]?.()
say('done')
process.exit(0)

function waitingAfterCommit(real: Host): Host {
  const wait = waitOnce()
  const rename = async (from: string, to: string) => {
    await real.fs.rename(from, to)
    if (real.path.basename(to).startsWith('committing-')) await wait()
  }
  return { ...real, fs: { ...real.fs, rename } }
}

function waitOnce(): () => Promise<void> {
  let isFirst = true
  return async () => {
    if (!isFirst) return
    isFirst = false
    const line = new Promise<void>(resolve => createInterface(process.stdin).once('line', () => resolve()))
    say('waiting')
    // The test kills a child that nobody talks to.
    await Promise.race([line, delay(60_000, undefined, { ref: false })])
  }
}

function say(word: string): void {
  process.stdout.write(`${word}\n`)
}
