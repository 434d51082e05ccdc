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
