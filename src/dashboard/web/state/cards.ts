import type {
  Card,
  DashboardSection,
  DashboardView,
  FreshGpu,
  FreshReadings,
  GpuReading,
  Reading,
} from '../../model/dashboard-view.ts'
import { stateWords } from '../../model/describe.ts'

/** Most values kept of a metric, as many as the server keeps. */
const mostValues = 120

/** A view with what was measured since. What was not measured stays the very same object. */
export function applyReadings(view: DashboardView, { readings, gpus }: FreshReadings): DashboardView {
  const fresh = new Map(readings.map(reading => [`${reading.ref} ${reading.id}`, reading]))
  const renew = (ref: string, reading: Reading): Reading => {
    const found = fresh.get(`${ref} ${reading.id}`)
    if (found === undefined || found.read_at === reading.read_at) return reading
    const { value, amount, level, reason, read_at } = found
    return {
      ...reading,
      value,
      amount,
      level,
      reason,
      read_at,
      history: [...reading.history, value].slice(-mostValues),
    }
  }
  return {
    ...view,
    gpus: gpus === undefined ? view.gpus : renewGpus(view.gpus, gpus),
    sections: view.sections.map(section => {
      const cards = section.cards.map(card => {
        const renewed = card.readings.map(reading => renew(card.ref, reading))
        return renewed.some((reading, index) => reading !== card.readings[index])
          ? { ...card, readings: renewed }
          : card
      })
      return cards.some((card, index) => card !== section.cards[index]) ? { ...section, cards } : section
    }),
  }
}

/** The GPUs that were measured, with what they did before. */
function renewGpus(known: readonly GpuReading[], fresh: readonly FreshGpu[]): readonly GpuReading[] {
  return fresh.map(gpu => {
    const before = known.find(({ id }) => id === gpu.id)
    if (before !== undefined && before.read_at === gpu.read_at) return before
    return { ...gpu, history: [...(before?.history ?? []), gpu.utilization].slice(-mostValues) }
  })
}

/** A new view, in which whatever says the same as before is the very same object: nothing of it is drawn again. */
export function keepKnown(fresh: DashboardView, known: DashboardView | undefined): DashboardView {
  if (known === undefined) return fresh
  const sections = new Map(known.sections.map(section => [section.id, section]))
  return {
    ...fresh,
    machine: keepSame(fresh.machine, known.machine),
    gpus: keepSame(fresh.gpus, known.gpus),
    sections: fresh.sections.map(section => keepSection(section, sections.get(section.id))),
  }
}

function keepSame<Value>(fresh: Value, known: Value | undefined): Value {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(fresh) ? known : fresh
}

function keepSection(fresh: DashboardSection, known: DashboardSection | undefined): DashboardSection {
  if (known === undefined) return fresh
  const cards = new Map(known.cards.map(card => [card.ref, card]))
  return {
    ...fresh,
    cards: fresh.cards.map(card => keepSame(card, cards.get(card.ref))),
  }
}

/** A word for what a card tells of its thing; a warning where it cannot be shown. */
export function toCardWord({ warning, state }: Card): string {
  if (warning !== null) return 'warning'
  return state === null ? '' : stateWords[state]
}
