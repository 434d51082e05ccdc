import type { Card, UiComponent } from '../model/card.ts'
import type { Canvas } from './canvas.ts'
import { drawCapabilityBadge } from './capability-badge.ts'
import { drawClusterStatusCard } from './cluster-status-card.ts'
import { drawGaugeMeter } from './gauge-meter.ts'
import type { Line } from './line.ts'
import { drawNumberBadge } from './number-badge.ts'
import { drawProviderCard } from './provider-card.ts'
import { drawSparklineChart } from './sparkline-chart.ts'

/** All UI components, as text. */
export const components: Readonly<Record<UiComponent, (card: Card, canvas: Canvas) => Line[]>> = {
  capability_badge: drawCapabilityBadge,
  gauge_meter: drawGaugeMeter,
  sparkline_chart: drawSparklineChart,
  cluster_status_card: drawClusterStatusCard,
  provider_card: drawProviderCard,
  number_badge: drawNumberBadge,
}
