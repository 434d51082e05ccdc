import * as z from 'zod'
import { capabilitySchema, exportNameSchema, textSchema } from './common.ts'
import { type PackageManager, packageNames } from './package-names.ts'

/** Built-in kinds of probe. */
export const probeKinds = ['path', 'command', 'python', 'gpu', 'tpu', 'kubernetes'] as const

export type ProbeKind = (typeof probeKinds)[number]

const packageName = (manager: PackageManager, description: string) =>
  z
    .string()
    .regex(packageNames[manager].pattern, packageNames[manager].expected)
    .describe(`Name of the package for ${description}`)
    .optional()

const installSchema = z
  .strictObject({
    apt: packageName('apt', 'apt (Debian, Ubuntu)'),
    brew: packageName('brew', 'Homebrew (macOS, Linux)'),
    dnf: packageName('dnf', 'dnf (Fedora, RHEL)'),
    pacman: packageName('pacman', 'pacman (Arch)'),
    pip: packageName('pip', 'pip (Python)'),
    npm: packageName('npm', 'npm (Node.js)'),
    winget: packageName('winget', 'winget (Windows)'),
  } satisfies Record<PackageManager, z.ZodType>)
  .describe('Package name per package manager, for hints on how to install it. Only where the package exists')

const commandSchema = textSchema.max(4096, 'a command of at most 4096 characters')

/** Fields shared by whatever is detected on the machine: tools and ML frameworks. */
export const detectableShape = {
  detection: commandSchema
    .describe(
      "How it is found. `which NAME` searches PATH, `python -c 'import MODULE'` asks the interpreter, " +
        'anything else is a command (never run by a shell) whose exit code 0 means present',
    )
    .meta({ examples: ['which docker', "python -c 'import torch'", 'ansible --version'] }),
  probe: z
    .enum(probeKinds)
    .describe('Built-in probe to use instead of the one that `detection` implies')
    .optional(),
  env_var: exportNameSchema
    .describe('Variable that is exported as 1 when it is present, else as 0')
    .meta({ examples: ['NEXUS_HAS_DOCKER'] }),
  version_check: commandSchema
    .describe(
      'Command that prints the version, without a shell and without the network; run only when present',
    )
    .meta({ examples: ['docker --version', "python -c 'import torch; print(torch.__version__)'"] })
    .optional(),
  version_pattern: z
    .string()
    .max(512, 'a pattern of at most 512 characters')
    .refine(isRegularExpression, 'a regular expression like ^tool (\\S+)')
    .describe(
      'Regular expression whose first group is the version in the output of `version_check`. ' +
        'Without it, the first thing that looks like a version counts',
    )
    .optional(),
  min_version: textSchema.describe('Lowest version that is good enough').optional(),
  provides: z
    .array(capabilitySchema)
    .describe('Capabilities that it offers, for others to depend on')
    .meta({ examples: [['container_runtime']] })
    .optional(),
  install: installSchema.optional(),
  timeout_ms: z
    .int()
    .min(1, 'at least 1 millisecond')
    .max(600_000, 'at most 600000 milliseconds')
    .describe('Deadline of each of its commands, in milliseconds (default 5000)')
    .optional(),
}

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}
