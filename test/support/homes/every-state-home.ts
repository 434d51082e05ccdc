import type { Measure, MetricSample } from '../../../src/dashboard/model/sampler.ts'
import { type HomeTexts, soundTexts } from './valid-home.ts'

const checked_at = '2026-11-23T08:42:55.000Z'

const found = {
  present: {
    status: 'present',
    path: '/opt/here',
    version: '1.2.3',
    evidence: 'path',
    reason: null,
    checked_at,
  },
  absent: {
    status: 'absent',
    path: null,
    version: null,
    evidence: null,
    reason: 'it was not found on PATH',
    checked_at,
  },
  broken: {
    status: 'broken',
    path: '/opt/broken',
    version: null,
    evidence: 'path',
    reason: 'it ends with 127',
    checked_at,
  },
  unknown: {
    status: 'unknown',
    path: null,
    version: null,
    evidence: null,
    reason: 'nobody could tell',
    checked_at,
  },
} as const

const badge = { category: 'vcs', ui_component: 'capability_badge' }
const tool = (id: string) => ({ detection: `which ${id}`, env_var: `NEXUS_HAS_${id.toUpperCase()}` })
const open = { endpoint: 'https://acme.example/v1', auth_type: 'none', models: ['large'] }
const keyed = { ...open, auth_type: 'bearer', key_env: 'ACME_KEY' }
const provided = { key_env: null, latency_ms: null, reason: null, checked_at }
const spark = { ui_component: 'sparkline_chart', unit: '%', threshold_warning: 75, threshold_critical: 90 }

const tools = {
  here: { ...tool('here'), detected: found.present },
  away: { ...tool('away'), detected: found.absent },
  faulty: { ...tool('faulty'), detected: found.broken },
  unsure: { ...tool('unsure'), detected: found.unknown },
  unlooked: tool('unlooked'),
  cluster: { ...tool('cluster'), detected: found.present },
  no_cluster: { ...tool('no_cluster'), detected: found.absent },
  card: { ...tool('card'), detected: found.present },
  no_card: { ...tool('no_card'), detected: found.absent },
}

const providers = {
  ready: { ...open, detected: { ...provided, status: 'configured', reachable: true, latency_ms: 123.4 } },
  keyless: { ...keyed, detected: { ...provided, status: 'unconfigured', reachable: null } },
  silent: {
    ...open,
    detected: { ...provided, status: 'configured', reachable: false, reason: 'no answer' },
  },
  // A variable that is set everywhere stands for a general credential.
  new_one: { ...keyed, general_env: ['PATH'] },
}

/** A dashboard on which each component is in each of its states. */
export const everyState = {
  version: '1.0.0',
  sections: {
    tools: {
      entries: {
        here: { ...badge, display_name: 'Here', icon: '🐳', env_var: 'NEXUS_HAS_HERE' },
        away: { ...badge, display_name: 'Away' },
        faulty: { ...badge, display_name: 'Faulty' },
        unsure: { ...badge, display_name: 'Unsure' },
        unlooked: { ...badge, display_name: 'Unlooked' },
        no_tool: { ...badge, display_name: 'No tool' },
        strange: { ...badge, display_name: 'Strange', ui_component: 'hologram' },
        long_icon: { ...badge, display_name: 'Long icon', icon: 'x'.repeat(4096) },
        cluster: {
          display_name: 'Cluster',
          category: 'orchestration',
          ui_component: 'cluster_status_card',
          metrics: ['pods', 'memory'],
        },
        no_cluster: {
          display_name: 'No cluster',
          category: 'orchestration',
          ui_component: 'cluster_status_card',
        },
        card: {
          display_name: 'Card',
          category: 'compute',
          ui_component: 'gauge_meter',
          metrics: ['heat', 'share'],
        },
        no_card: {
          display_name: 'No card',
          category: 'compute',
          ui_component: 'gauge_meter',
          metrics: ['heat'],
        },
      },
    },
    providers: {
      entries: {
        ready: {
          display_name: 'Ready',
          ui_component: 'provider_card',
          models_display: ['large'],
          capabilities: ['function_calling'],
        },
        keyless: { display_name: 'Keyless', ui_component: 'provider_card' },
        silent: { display_name: 'Silent', ui_component: 'provider_card' },
        new_one: { display_name: 'New one', ui_component: 'provider_card' },
      },
    },
    metrics: {
      system: {
        calm: { ...spark, display_name: 'Calm' },
        busy: { ...spark, display_name: 'Busy' },
        burning: { ...spark, display_name: 'Burning' },
        fading: { ...spark, display_name: 'Fading', threshold_warning: 20, threshold_critical: 10 },
        gone: { ...spark, display_name: 'Gone' },
        heat: { display_name: 'Heat', ui_component: 'gauge_meter', unit: '%', threshold_warning: 80 },
        share: { display_name: 'Share', ui_component: 'gauge_meter' },
        pods: { display_name: 'Pods', ui_component: 'number_badge' },
        memory: { display_name: 'Memory', ui_component: 'gauge_meter', unit: '%' },
        sourceless: { display_name: 'Sourceless', ui_component: 'number_badge' },
      },
    },
  },
}

/** Texts of a home with that dashboard. */
export const everyStateTexts: HomeTexts = {
  ...soundTexts,
  dashboard: JSON.stringify(everyState),
  tools: JSON.stringify(tools),
  providers: JSON.stringify(providers),
}

/** Measures what that dashboard shows; what changes, by the values that are given. */
export function createMeasure(values: Readonly<Record<string, number>> = {}): Measure {
  return () => {
    const at = Date.now()
    const known = { calm: 12, busy: 80, burning: 97.5, fading: 15, heat: 85, share: 0.4, pods: 4, ...values }
    const measured = Object.entries(known).map(([id, value]): [string, MetricSample] => [
      `metric/${id}`,
      { at, value },
    ])
    return Promise.resolve(
      new Map<string, MetricSample>([
        ...measured,
        ['metric/gone', { at, value: null, reason: 'its source answers with text' }],
        ['cluster/pods', { at, value: 7 }],
        ['cluster/memory', { at, value: 33 }],
      ]),
    )
  }
}
