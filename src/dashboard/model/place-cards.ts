import { type Card, type DashboardSection, type DashboardView, hiddenReason } from './dashboard-view.ts'

/** Where the cards of a dashboard stand on the page. A new entry has a place by its component and section alone. */
export interface PlacedCards {
  readonly providers: readonly Card[]
  /** Cards with readings of a GPU. */
  readonly gpus: readonly Card[]
  readonly clusters: readonly Card[]
  /** Metrics of this machine. */
  readonly machine: readonly Card[]
  /** Other things that are here, with readings of their own. */
  readonly measured: readonly Card[]
  /** Metrics of other sections of which one has or had a value. */
  readonly metrics: readonly DashboardSection[]
  /** Metrics of other sections of which none ever had a value. */
  readonly waiting: readonly DashboardSection[]
  /** Everything else: tools, frameworks, entries that are broken. */
  readonly tools: readonly PlacedTool[]
}

export interface PlacedTool {
  readonly card: Card
  /** Id of its section, which decides its symbol. */
  readonly section: string
}

/** Places cards by what they are. What the reader may not see leaves: one line for the page says so. */
export function placeCards({ sections, gpus }: Pick<DashboardView, 'sections' | 'gpus'>): PlacedCards {
  const all = sections
    .flatMap(section => section.cards.map(card => ({ card, section: section.id })))
    .filter(({ card }) => !isHidden(card))
  const gpuCards = cardsOf(all, card => isGpu(card) && !isMetric(card))
  // Metrics of a GPU stand in its panel, unless they come from elsewhere.
  const isShownByGpu = (card: Card) =>
    isGpu(card) && gpuCards.length > 0 && (gpus.length > 0 || !hasValue([card]))
  const groups = sections
    .map(section => ({ ...section, cards: section.cards.filter(card => isMetric(card) && !isHidden(card)) }))
    .filter(section => section.id !== 'system' && section.cards.length > 0)
  return {
    providers: cardsOf(all, isProvider),
    gpus: gpuCards,
    clusters: cardsOf(all, isCluster),
    machine: cardsOf(
      all.filter(({ section }) => section === 'system'),
      card => isMetric(card) && !isShownByGpu(card),
    ),
    measured: cardsOf(all, card => isMeasured(card) && !isGpu(card) && !isCluster(card)),
    metrics: groups.filter(({ cards }) => hasValue(cards)),
    waiting: groups.filter(({ cards }) => !hasValue(cards)),
    tools: all.filter(({ card }) => !isMetric(card) && !isProvider(card) && !isGpu(card)),
  }
}

function isHidden({ readings, warning, subject }: Card): boolean {
  if (warning !== null) return subject === null && warning.startsWith('sign in to see')
  return readings.length > 0 && readings.every(({ reason }) => reason === hiddenReason)
}

function cardsOf(all: readonly PlacedTool[], isWanted: (card: Card) => boolean): Card[] {
  return all.map(({ card }) => card).filter(isWanted)
}

function isProvider({ component, provider }: Card): boolean {
  return component === 'provider_card' && provider !== null
}

function isGpu({ readings }: Card): boolean {
  return readings.some(({ id }) => id.startsWith('gpu_')) && readings.length > 0
}

function isCluster({ component }: Card): boolean {
  return component === 'cluster_status_card'
}

function isMeasured(card: Card): boolean {
  return !isMetric(card) && card.state !== 'off' && card.warning === null && card.readings.length > 0
}

/** A metric: a card that stands for nothing else. */
function isMetric({ state, readings, warning, ref }: Card): boolean {
  return state === null && warning === null && readings.length > 0 && ref.startsWith('dashboard/metrics/')
}

/** Whether one of these metrics has, or had, a value. */
export function hasValue(cards: readonly Card[]): boolean {
  return cards.some(({ readings }) =>
    readings.some(({ value, history }) => value !== null || history.some(each => each !== null)),
  )
}
