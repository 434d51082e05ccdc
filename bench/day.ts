import { type SubRegistryName, subRegistryNames } from '../src/registry/schema/names.ts'

/** What happens in one minute, in this order, before the daemon polls. */
export interface Minute {
  /** The registry of which its upstream has another document from now on. */
  readonly published: SubRegistryName | undefined
  readonly starts: readonly Start[]
  readonly queries: readonly Query[]
}

/** A shell that starts. */
export interface Start {
  readonly terminal: Terminal
  /** Whether a program was installed into a directory of everybody's PATH just before. */
  readonly isAfterInstall: boolean
}

export interface Query {
  readonly terminal: Terminal
  readonly subject: SubRegistryName | 'all'
  /** Whether somebody has edited the registry just before. */
  readonly isAfterEdit: boolean
}

/** Usual: as the daemon's. A project has a directory on PATH that nobody else has. Another home has no daemon. */
export type Terminal = 'usual' | 'project' | 'other'

/** Of a day. */
export const counts = { minutes: 1440, starts: 500, queries: 200 } as const

/** How often what is here was good enough. */
export interface DayReport {
  readonly polls: Tally
  /** Hits may be too old: then they are refreshed in the background. */
  readonly starts: Tally & { readonly stale: number }
  readonly queries: Tally
}

export interface Tally {
  readonly hits: number
  readonly misses: number
}

/** Where one works, in turn, and for how many starts. */
const stays = ['usual', 'project', 'usual', 'other'] as const
const startsOfStay = 25
/** The last of so many. */
const [startsOfInstall, queriesOfEdit] = [150, 30]

/** A day of somebody who works around the clock. Always the same day. */
export function planDay(): Minute[] {
  return Array.from({ length: counts.minutes }, (_, minute) => ({
    published: minute % 60 === 30 ? ofTurn(subRegistryNames, Math.floor(minute / 60)) : undefined,
    starts: turnsIn(minute, counts.starts).map(turn => ({
      terminal: terminalOf(turn),
      isAfterInstall: isLast(turn, startsOfInstall),
    })),
    queries: turnsIn(minute, counts.queries).map(turn => ({
      terminal: terminalOf((turn * counts.starts) / counts.queries),
      subject: ofTurn([...subRegistryNames, 'all'], turn),
      isAfterEdit: isLast(turn, queriesOfEdit),
    })),
  }))
}

function terminalOf(start: number): Terminal {
  return ofTurn(stays, Math.floor(start / startsOfStay))
}

function isLast(turn: number, of: number): boolean {
  return turn % of === of - 1
}

/** Which of so many, spread evenly over the day, come in a minute. */
function turnsIn(minute: number, count: number): number[] {
  const begin = (at: number) => Math.ceil((at * count) / counts.minutes)
  return Array.from({ length: begin(minute + 1) - begin(minute) }, (_, index) => begin(minute) + index)
}

function ofTurn<const T>(values: readonly T[], turn: number): T {
  const value = values[turn % values.length]
  if (value === undefined) throw new Error('there is nothing to take turns')
  return value
}
