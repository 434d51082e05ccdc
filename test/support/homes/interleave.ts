import { writeFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import type { FileSystem } from '../../../src/platform/host.ts'

/** Lets several actors take turns, one operation at a time, in an order that the test decides. */
export interface Interleaver {
  /** File system of an actor: each operation waits for its turn. */
  filesOf(actor: number, fs: FileSystem): FileSystem
  /** Waits for a turn of the actor. */
  turn(actor: number): Promise<void>
  isDead(actor: number): boolean
  /**
   * Plays until nobody waits: each choice lets one actor do some operations in a row, and says what becomes of the
   * last of them. After the last choice everybody has a turn after the other.
   */
  play(choices: readonly Choice[]): Promise<void>
}

export interface Choice {
  readonly actor: number
  readonly steps: number
  /** The last operation goes well, or fails, or never happens because its actor was killed. */
  readonly fate: 'go' | 'fail' | 'kill'
}

interface Gate {
  readonly actor: number
  readonly open: () => void
  readonly fail: (error: Error) => void
}

export function createInterleaver(): Interleaver {
  const dead = new Set<number>()
  let gates: Gate[] = []
  let running = 0

  const turn = (actor: number) =>
    new Promise<void>((resolve, reject) => {
      // A dead actor waits for ever: nothing that it was about to do happens.
      if (!dead.has(actor)) gates.push({ actor, open: resolve, fail: reject })
    })

  async function step<Result>(actor: number, operation: () => Promise<Result>): Promise<Result> {
    await turn(actor)
    running++
    try {
      return await operation()
    } finally {
      running--
    }
  }

  // What follows an operation runs in microtasks, and then waits at the next gate.
  async function settle(): Promise<void> {
    do {
      await setImmediate()
    } while (running > 0)
    await setImmediate()
  }

  async function advance(gate: Gate | undefined, fate: Choice['fate']): Promise<void> {
    if (!gate) return
    if (fate === 'kill') dead.add(gate.actor)
    gates = gates.filter(each => (fate === 'kill' ? each.actor !== gate.actor : each !== gate))
    if (fate === 'go') gate.open()
    if (fate === 'fail') gate.fail(Object.assign(new Error('input/output error'), { code: 'EIO' }))
    await settle()
  }

  return {
    turn,
    isDead: actor => dead.has(actor),
    play: async choices => {
      await settle()
      for (const { actor, steps, fate } of choices)
        for (let step = 1; step <= steps; step++)
          await advance(
            gates.find(gate => gate.actor === actor),
            step === steps ? fate : 'go',
          )
      while (gates.length > 0) await advance(gates[0], 'go')
    },
    filesOf: (actor, fs) => ({
      ...fs,
      readBytes: (path, maxBytes) => step(actor, () => fs.readBytes(path, maxBytes)),
      lstat: path => step(actor, () => fs.lstat(path)),
      list: path => step(actor, () => fs.list(path)),
      makeDirectory: (path, mode) => step(actor, () => fs.makeDirectory(path, mode)),
      makeChildDirectory: (path, mode) => step(actor, () => fs.makeChildDirectory(path, mode)),
      createFile: (path, data, mode) => step(actor, () => fs.createFile(path, data, mode)),
      setMode: (path, mode) => step(actor, () => fs.setMode(path, mode)),
      rename: (from, to) => step(actor, () => fs.rename(from, to)),
      remove: path => step(actor, () => fs.remove(path)),
      removeEmptyDirectory: path => step(actor, () => fs.removeEmptyDirectory(path)),
      removeTree: path => step(actor, () => fs.removeTree(path)),
      syncDirectory: path => step(actor, () => fs.syncDirectory(path)),
    }),
  }
}

/** Files that are not synced: no power is cut in a test, and waiting for the disk would be most of its time. */
export function withoutSync(fs: FileSystem): FileSystem {
  return {
    ...fs,
    createFile: (path, data, mode) => writeFile(path, data, { flag: 'wx', mode }),
    syncDirectory: async () => undefined,
  }
}
