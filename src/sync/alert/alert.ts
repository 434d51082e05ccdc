import type { AlertsConfig } from '../../config/config.ts'
import { createProgramFinder } from '../../detection/programs/program-finder.ts'
import type { SyncReport } from '../../detection/report.ts'
import { errorMessage } from '../../lib/errors.ts'
import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { Host, ProcessResult } from '../../platform/host.ts'
import type { WebResponse } from '../../platform/http.ts'
import { isSubRegistry, registryNames } from '../../registry/schema/names.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import { loadSyncStates } from '../../registry/sync-state.ts'
import { claimAlerts } from './alert-memory.ts'
import {
  type AlertCondition,
  type AlertPlan,
  type Listener,
  type SendAlert,
  sendAlerts,
  sendWithoutMemory,
  toCondition,
  toSyncCondition,
} from './send-alerts.ts'

/** Where alerts go, from the user's own configuration. */
export interface AlertSettings extends AlertsConfig {
  /** Private addresses that the webhook may have. */
  readonly allowPrivate: readonly string[]
}

/** The result of a sync. */
export interface Synced {
  readonly report: Pick<SyncReport, 'home' | 'registries'>
  readonly snapshot: Pick<Snapshot, 'registries'>
  /** Whether the whole home was synced. */
  readonly isWhole: boolean
}

/** A sync that failed as a whole. */
export interface FailedSync {
  /** Registry home, absolute. */
  readonly home: string
  readonly error: unknown
  /** Whether the sync before is known to have succeeded: then the alert is sent even when the memory cannot be used. */
  readonly isFirst: boolean
}

/**
 * Alerts when a registry can no longer be used, and when it can again: once per change. The next sync retries an alert
 * that did not arrive. Returns sentences about errors; never rejects.
 */
export async function alert(synced: Synced, settings: AlertSettings, host: Host): Promise<readonly string[]> {
  const { home } = synced.report
  return sendToListeners({ home, isFirst: false }, () => findConditions(synced, host), { settings, host })
}

/** Alerts in the same way when a sync as a whole has failed. Never rejects. */
export async function alertFailure(
  { error, ...failed }: FailedSync,
  settings: AlertSettings,
  host: Host,
): Promise<readonly string[]> {
  return sendToListeners(failed, async () => [toSyncCondition({ error })], { settings, host })
}

async function sendToListeners(
  { home, isFirst }: Omit<FailedSync, 'error'>,
  find: () => Promise<AlertCondition[]>,
  { settings, host }: { readonly settings: AlertSettings; readonly host: Host },
): Promise<readonly string[]> {
  const listeners = createListeners(settings, host)
  if (listeners.length === 0) return []
  const toPlan = async (): Promise<AlertPlan> => ({ home, conditions: await find(), listeners })
  try {
    const claim = await claimAlerts(home, host)
    if (!claim) return []
    return await toPlan()
      .then(plan => sendAlerts(plan, host))
      .finally(claim.release)
  } catch (error) {
    if (isFirst) await sendWithoutMemory(await toPlan(), host)
    const what = isFirst ? 'the alert could not be remembered' : 'no alert could be sent'
    return [`${what}: ${errorMessage(error)}`]
  }
}

function createListeners({ webhook, command, allowPrivate }: AlertSettings, host: Host): Listener[] {
  const listeners: Listener[] = []
  if (webhook !== undefined)
    listeners.push({ channel: 'webhook', send: createPost({ url: webhook, allowPrivate }, host) })
  if (command !== undefined) listeners.push({ channel: 'command', send: createRun(command, host) })
  return listeners
}

async function findConditions({ report, snapshot, isWhole }: Synced, host: Host): Promise<AlertCondition[]> {
  const states = await loadSyncStates(report.home, host)
  const conditions = registryNames.map(name => {
    const state = isSubRegistry(name) ? states.get(name) : undefined
    return toCondition(snapshot.registries[name], report.registries[name].status, state)
  })
  return isWhole ? [...conditions, toSyncCondition(undefined)] : conditions
}

interface Webhook {
  readonly url: string
  /** Private addresses that it may have. */
  readonly allowPrivate: readonly string[]
}

/** Posts alerts to a webhook. The address is a secret for many services, so messages contain only its host. */
function createPost(
  { url, allowPrivate }: Webhook,
  host: Pick<Host, 'sendRequest' | 'interrupted'>,
): SendAlert {
  return async message => {
    const answer = await host.sendRequest({
      url,
      method: 'POST',
      reach: { kind: 'public', alsoPrivate: allowPrivate },
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      timeoutMs: limits.webhookTimeoutMs,
      maxBytes: limits.healthBytes,
      isBodyKept: false,
      signal: host.interrupted,
    })
    const problem = explainResponse(answer)
    return problem === null ? null : `the webhook at ${new URL(url).host} ${problem}`
  }
}

function explainResponse(answer: WebResponse): string | null {
  switch (answer.outcome) {
    case 'answered':
      if (answer.status >= 200 && answer.status < 300) return null
      return answer.status >= 300 && answer.status < 400
        ? `redirects (${answer.status}), which is not followed`
        : `responds with ${answer.status}`
    case 'refused':
      return 'does not listen'
    case 'failed':
      return `does not respond: ${toCleanText(answer.reason)}`
    case 'too-large':
    case 'timed-out':
      return `did not respond within ${limits.webhookTimeoutMs / 1000} s`
    case 'out-of-reach':
      return 'is on this machine or near it: name it in allow_private of your configuration'
  }
}

type RunHost = Parameters<typeof createProgramFinder>[0] &
  Pick<Host, 'processes' | 'interrupted' | 'userHome' | 'fs'>

/** Runs a program of the user for each alert, with the alert as its stdin. No shell is involved. */
function createRun([program = '', ...args]: readonly string[], host: RunHost): SendAlert {
  const programs = createProgramFinder(host)
  return async message => {
    const { result } = await programs.find(program)
    if (result?.kind !== 'found') return `the command ${program} was not found`
    const ended = await host.processes.run({
      argv: [result.path, ...args],
      env: host.env,
      cwd: host.userHome ?? host.fs.temporaryDirectory,
      timeoutMs: limits.alertCommandTimeoutMs,
      maxOutputBytes: 0,
      input: `${JSON.stringify(message)}\n`,
      signal: host.interrupted,
    })
    const problem = explainEnd(ended)
    return problem === null ? null : `the command ${program} ${problem}`
  }
}

// The message omits what the program printed: it may contain secrets.
function explainEnd({ outcome, exitCode, signal, error }: ProcessResult): string | null {
  switch (outcome) {
    case 'exited':
      return exitCode === 0 ? null : `ended with ${exitCode}`
    case 'signaled':
      return `was ended by ${signal}`
    case 'timed-out':
      return `did not end within ${limits.alertCommandTimeoutMs / 1000} s`
    case 'aborted':
      return 'was interrupted'
    case 'not-started':
      return `could not be started (${error})`
  }
}
