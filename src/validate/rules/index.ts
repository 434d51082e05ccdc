import type { RuleLevel } from '../../config/config.ts'
import { NexusError } from '../../lib/errors.ts'
import { suggest } from '../../lib/text/nearest.ts'
import type { Rule } from '../rule.ts'
import { accessControl } from './access-control.ts'
import { costMagnitude } from './cost-magnitude.ts'
import { danglingEdge } from './dangling-edge.ts'
import { dataAge } from './data-age.ts'
import { dependencyCycle } from './dependency-cycle.ts'
import { duplicateAlias } from './duplicate-alias.ts'
import { duplicateEnvVar } from './duplicate-env-var.ts'
import { entryCount } from './entry-count.ts'
import { envVarMismatch } from './env-var-mismatch.ts'
import { lifecycle } from './lifecycle.ts'
import { missingUiMapping } from './missing-ui-mapping.ts'
import { orphanUiMapping } from './orphan-ui-mapping.ts'
import { outputTokens } from './output-tokens.ts'
import { pattern } from './pattern.ts'
import { providerAuth } from './provider-auth.ts'
import { providerMismatch } from './provider-mismatch.ts'
import { registryPath } from './registry-path.ts'
import { shellSyntax } from './shell-syntax.ts'
import { statusEndpoint } from './status-endpoint.ts'
import { structuralRules } from './structural.ts'
import { unknownDependency } from './unknown-dependency.ts'
import { unknownMetric } from './unknown-metric.ts'
import { unknownModel } from './unknown-model.ts'
import { unknownProvider } from './unknown-provider.ts'
import { unknownService } from './unknown-service.ts'
import { unknownTool } from './unknown-tool.ts'
import { unlistedRegistry } from './unlisted-registry.ts'
import { unlistedValue } from './unlisted-value.ts'
import { versionIncompatible } from './version-incompatible.ts'

/** All rules, in the order in which `validate --rules` shows them. */
export const rules: readonly Rule[] = [
  ...structuralRules,
  entryCount,
  unlistedRegistry,
  unlistedValue,
  registryPath,
  unknownProvider,
  unknownModel,
  unknownTool,
  unknownService,
  unknownMetric,
  unknownDependency,
  providerMismatch,
  providerAuth,
  danglingEdge,
  dependencyCycle,
  missingUiMapping,
  orphanUiMapping,
  statusEndpoint,
  duplicateEnvVar,
  envVarMismatch,
  duplicateAlias,
  shellSyntax,
  pattern,
  versionIncompatible,
  accessControl,
  lifecycle,
  costMagnitude,
  outputTokens,
  dataAge,
]

/** One rule as `validate --rules` shows it. */
export interface RuleRow {
  readonly id: string
  /** What applies: the configuration's word, or else the rule's own. */
  readonly level: RuleLevel
  readonly summary: string
}

type Levels = Readonly<Record<string, RuleLevel>>

/** All rules and the levels that apply. */
export function listRules(levels: Levels): RuleRow[] {
  return rules.map(({ id, severity, summary }) => ({ id, level: levelOf(id, levels) ?? severity, summary }))
}

/** Throws a NexusError('config') that names a rule which does not exist. */
export function requireKnownRules(levels: Levels): void {
  for (const id of Object.keys(levels)) requireRule(id, { code: 'config', place: 'validate.rules' })
}

const levelWords: Readonly<Record<string, RuleLevel>> = {
  off: 'off',
  warn: 'warning',
  warning: 'warning',
  error: 'error',
}

/** All that `--rule` takes, for completion. */
export function listRuleChoices(): string[] {
  return rules.flatMap(({ id }) => ['off', 'warn', 'error'].map(word => `${id}=${word}`))
}

/** Reads values of `--rule`, like `entry-count=off`; the last one of a rule counts. Throws a NexusError('usage'). */
export function parseRuleLevels(texts: readonly string[]): Levels {
  return Object.fromEntries(texts.map(parseRuleLevel))
}

function parseRuleLevel(text: string): [id: string, level: RuleLevel] {
  const [id = '', word = '', ...rest] = text.split('=')
  requireRule(id, { code: 'usage', place: '--rule' })
  const level = Object.hasOwn(levelWords, word) ? levelWords[word] : undefined
  if (level !== undefined && rest.length === 0) return [id, level]
  const message = `--rule: expected ${id}=off, ${id}=warn or ${id}=error, found ${JSON.stringify(text)}`
  throw new NexusError('usage', message, { hint: `For example --rule ${id}=off` })
}

function requireRule(id: string, { code, place }: { code: 'config' | 'usage'; place: string }): void {
  const ids = rules.map(rule => rule.id)
  if (ids.includes(id)) return
  const hint = suggest(id, ids) ?? 'nexus-registry validate --rules lists them'
  throw new NexusError(code, `${place}: there is no rule ${JSON.stringify(id)}`, { hint })
}

function levelOf(id: string, levels: Levels): RuleLevel | undefined {
  return Object.hasOwn(levels, id) ? levels[id] : undefined
}
