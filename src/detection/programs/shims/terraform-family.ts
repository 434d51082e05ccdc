import type { ProgramHost } from '../../probe.ts'
import {
  isDirectory,
  isVersionName,
  readScript,
  readSmall,
  type Shim,
  type ShimResolver,
  type ShimResult,
  toAncestors,
} from './shim.ts'

/** A manager of one program, and what chooses its version. */
interface Member {
  readonly manager: string
  readonly program: string
  /** Variable that names a version. */
  readonly variable: string
  /** File of a directory tree. */
  readonly localFile: string
  /** Variable with the directory of configuration and versions. */
  readonly rootVariable: string
  /** Directory of versions in it, and whether a file called `version` lies beside them or in it. */
  readonly versions: string
}

// libexec/tfenv-version-name of tfenv, and its descendants; docs of tenv ("Environment variables", "version files").
const members: readonly Member[] = [
  {
    manager: 'tfenv',
    program: 'terraform',
    variable: 'TFENV_TERRAFORM_VERSION',
    localFile: '.terraform-version',
    rootVariable: 'TFENV_CONFIG_DIR',
    versions: 'versions',
  },
  {
    manager: 'tofuenv',
    program: 'tofu',
    variable: 'TOFUENV_TOFU_VERSION',
    localFile: '.opentofu-version',
    rootVariable: 'TOFUENV_CONFIG_DIR',
    versions: 'versions',
  },
  {
    manager: 'tgenv',
    program: 'terragrunt',
    variable: 'TGENV_TERRAGRUNT_VERSION',
    localFile: '.terragrunt-version',
    rootVariable: 'TGENV_CONFIG_DIR',
    versions: 'versions',
  },
]

const tenvDirectories: ReadonlyMap<string, string> = new Map([
  ['terraform', 'Terraform'],
  ['tofu', 'OpenTofu'],
  ['terragrunt', 'Terragrunt'],
])

/**
 * tfenv, tofuenv, tgenv (scripts) and tenv (a binary beside `tenv`): the version is that of a variable, of a file
 * upwards, or of the user. What is not a plain version that is installed is left to the manager, which may work it out
 * of the configuration, or download it.
 */
export const terraformFamily: ShimResolver = {
  async resolve(shim, host) {
    const member = members.find(({ program }) => program === shim.name)
    if (member === undefined) return undefined
    const directory = host.path.dirname(shim.realPath)
    if (await isFile(host.path.join(directory, 'tenv'), host)) {
      return { manager: 'tenv', result: await resolveTenv(member, shim, host) }
    }
    const root = host.path.dirname(directory)
    const script = await readScript(shim, host)
    const isShim =
      script !== undefined &&
      (host.path.basename(root).startsWith(member.manager) ||
        script.includes(`${member.manager.toUpperCase()}_`) ||
        (await isFile(host.path.join(directory, member.manager), host)))
    if (!isShim) return undefined
    const own = host.env[member.rootVariable] || root
    const places = { versions: host.path.join(own, member.versions), global: host.path.join(own, 'version') }
    return { manager: member.manager, result: await resolveIn(places, member, shim, host) }
  },
}

async function resolveTenv(member: Member, shim: Shim, host: ProgramHost): Promise<ShimResult> {
  const { join } = host.path
  const home = host.env.TENV_ROOT || (host.userHome && join(host.userHome, '.tenv'))
  if (!home) return toItself(member)
  const directory = join(home, tenvDirectories.get(member.program) ?? '')
  return resolveIn({ versions: directory, global: join(directory, 'version') }, member, shim, host)
}

async function resolveIn(
  places: { readonly versions: string; readonly global: string },
  member: Member,
  shim: Shim,
  host: ProgramHost,
): Promise<ShimResult> {
  const version = await findVersion(places.global, member, host)
  if (version === undefined || !/^v?\d/.test(version) || !isVersionName(version)) return toItself(member)
  const directory = host.path.join(places.versions, version.replace(/^v/, ''))
  if (!(await isDirectory(directory, host))) return toItself(member)
  const { steps, reason } = toItself(member)
  return { steps: [host.path.join(directory, shim.name), ...steps], reason }
}

function toItself({ manager, program }: Member): ShimResult {
  return { steps: [{ itself: true, leadsTo: undefined }], reason: `${manager}: ${program} is not there` }
}

async function findVersion(global: string, member: Member, host: ProgramHost): Promise<string | undefined> {
  const variable = host.env[member.variable]
  if (variable) return variable
  const directories = toAncestors(host.cwd, host)
  const searched = host.userHome === undefined ? directories : [...directories, host.userHome]
  for (const file of [...searched.map(place => host.path.join(place, member.localFile)), global]) {
    const text = await readSmall(file, host)
    if (text === undefined) continue
    const lines = text.split(/\r?\n/).map(line => line.replace(/#.*/, '').trim())
    return lines.find(line => line !== '') ?? ''
  }
  return undefined
}

async function isFile(path: string, host: ProgramHost): Promise<boolean> {
  const info = await host.fs.stat(path).catch(() => undefined)
  return info?.kind === 'file'
}
