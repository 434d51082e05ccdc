import type { UiComponent } from '../../model/dashboard-view.ts'
import { capabilityBadge } from './capability-badge.ts'
import type { CardComponent } from './card-component.ts'
import { clusterStatusCard } from './cluster-status-card.ts'
import { gaugeMeter } from './gauge-meter.ts'
import { numberBadge } from './number-badge.ts'
import { providerCard } from './provider-card.ts'
import { sparklineChart } from './sparkline-chart.ts'

/** The UI components, by the name that the dashboard registry calls them by. */
export const components: Readonly<Record<UiComponent, CardComponent>> = {
  capability_badge: capabilityBadge,
  cluster_status_card: clusterStatusCard,
  gauge_meter: gaugeMeter,
  number_badge: numberBadge,
  provider_card: providerCard,
  sparkline_chart: sparklineChart,
}
