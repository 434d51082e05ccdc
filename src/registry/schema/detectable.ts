import * as z from 'zod'
import { capabilitySchema, environmentNameSchema, exportNameSchema, textSchema } from './common.ts'

/** Built-in kinds of probe. */
export const probeKinds = ['path', 'command', 'python', 'gpu', 'tpu', 'kubernetes'] as const

export type ProbeKind = (typeof probeKinds)[number]

/** Package managers that an `install` hint may name. */
export const packageManagers = ['apt', 'brew', 'dnf', 'pacman', 'pip', 'npm', 'winget'] as const

export type PackageManager = (typeof packageManagers)[number]

interface PackageNames {
  readonly pattern: RegExp
  /** Completes "expected". */
  readonly expected: string
}

// pip and npm read a name with such an ending as a file of the working directory.
const archives = ['zip', 'whl', 'tar', 'tgz', 'tbz', 'txz', 'tlz', 'gz', 'bz2', 'xz', 'lz', 'lzma']
const noArchive = `(?!.*[.](?:${archives.map(toAnyCase).join('|')})(?:\\[|$))`

// JSON Schema knows no flags.
function toAnyCase(word: string): string {
  return Array.from(word, letter => `[${letter}${letter.toUpperCase()}]`).join('')
}

/**
 * What each manager calls a package. No version, address, path or option is one: a name is put behind a command that
 * people paste. `name-` is a removal for apt.
 */
const packageNames: Readonly<Record<PackageManager, PackageNames>> = {
  apt: { pattern: /^[a-z0-9][a-z0-9+.-]{0,126}[a-z0-9+]$/, expected: 'a package of apt like docker.io' },
  brew: {
    pattern:
      /^(?:[A-Za-z0-9][A-Za-z0-9_-]{0,38}\/[A-Za-z0-9][A-Za-z0-9_-]{0,63}\/)?[a-z0-9][a-z0-9+._-]{0,63}(?:@[0-9a-z][0-9a-z.]{0,31})?$/,
    expected: 'a formula of Homebrew like python@3.13 or hashicorp/tap/terraform',
  },
  dnf: { pattern: /^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$/, expected: 'a package of dnf like moby-engine' },
  pacman: { pattern: /^[a-z0-9][a-z0-9@+._-]{0,127}$/, expected: 'a package of pacman like docker' },
  pip: {
    pattern: new RegExp(
      `^${noArchive}[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?(?:\\[[A-Za-z0-9][A-Za-z0-9._-]{0,63}(?:,[A-Za-z0-9][A-Za-z0-9._-]{0,63}){0,7}\\])?$`,
    ),
    expected: 'a package of PyPI like torch or uvicorn[standard]',
  },
  npm: {
    pattern: new RegExp(`^${noArchive}(?:@[a-z0-9][a-z0-9._-]{0,63}/)?[a-z0-9][a-z0-9._-]{0,127}$`),
    expected: 'a package of npm like typescript or @angular/cli',
  },
  winget: { pattern: /^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$/, expected: 'an id of winget like Git.Git' },
}

/** Whether a text is what a manager calls a package. */
export function isPackageName(manager: PackageManager, name: string): boolean {
  return packageNames[manager].pattern.test(name)
}

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

/** Variables of the software itself. `explain` says which are set. */
export const secondaryVarsSchema = z
  .array(environmentNameSchema)
  .describe(
    'Variables of the software itself that matter to its users; they are never set. ' +
      'explain says which are set, with the value where it never is a secret',
  )
  .meta({ examples: [['DOCKER_HOST', 'DOCKER_TLS_VERIFY']] })
  .optional()

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
