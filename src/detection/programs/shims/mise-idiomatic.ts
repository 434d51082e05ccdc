/** Files of other tools that mise reads where that is enabled, by the tool (registry/*.toml of mise). */
export const idiomaticFiles: readonly { readonly tool: string; readonly name: string }[] = [
  { tool: 'atmos', name: '.atmos-version' },
  { tool: 'bun', name: '.bun-version' },
  { tool: 'bun', name: 'package.json' },
  { tool: 'crystal', name: '.crystal-version' },
  { tool: 'deno', name: '.deno-version' },
  { tool: 'deno', name: 'package.json' },
  { tool: 'dotnet', name: 'global.json' },
  { tool: 'elixir', name: '.exenv-version' },
  { tool: 'go', name: '.go-version' },
  { tool: 'go', name: 'go.mod' },
  { tool: 'java', name: '.java-version' },
  { tool: 'java', name: '.sdkmanrc' },
  { tool: 'node', name: '.nvmrc' },
  { tool: 'node', name: '.node-version' },
  { tool: 'node', name: 'package.json' },
  { tool: 'npm', name: 'package.json' },
  { tool: 'opentofu', name: '.opentofu-version' },
  { tool: 'packer', name: '.packer-version' },
  { tool: 'perl', name: '.perl-version' },
  { tool: 'pnpm', name: 'package.json' },
  { tool: 'python', name: '.python-version' },
  { tool: 'python', name: '.python-versions' },
  { tool: 'ruby', name: '.ruby-version' },
  { tool: 'ruby', name: 'Gemfile' },
  { tool: 'rust', name: 'rust-toolchain.toml' },
  { tool: 'swift', name: '.swift-version' },
  { tool: 'terraform', name: '.terraform-version' },
  { tool: 'terragrunt', name: '.terragrunt-version' },
  { tool: 'terramate', name: '.terramate-version' },
  { tool: 'yarn', name: '.yvmrc' },
  { tool: 'yarn', name: 'package.json' },
  { tool: 'zig', name: '.zig-version' },
]

/** Files with more in them than versions: only mise tells what it takes from them. */
const others: ReadonlySet<string> = new Set([
  'global.json',
  'go.mod',
  '.sdkmanrc',
  'Gemfile',
  'rust-toolchain.toml',
])

/** Versions in such a file, as mise reads them; undefined when only mise can tell. */
export function parseIdiomaticFile(tool: string, name: string, text: string): string[] | undefined {
  if (name === 'package.json') return namesTool(tool, text) ? undefined : []
  if (others.has(name)) return undefined
  const lines = text
    .split(/\r?\n/)
    .map(line => line.replace(/(^|\s)#.*$/, '').trim())
    .filter(Boolean)
  if (name === '.nvmrc' || name === '.node-version') {
    return lines.map(line => line.replace(/^v/, '').replace('lts/*', 'lts'))
  }
  const words = lines.flatMap(line => line.split(/\s+/))
  if (name === '.ruby-version') return words.map(word => word.replace(/^(?:ruby-)?v?/, ''))
  return name === '.go-version' ? words.map(word => word.replace(/^v/, '')) : words
}

// mise takes `packageManager` and `devEngines`, not `engines` (idiomatic_version/package_json.rs).
function namesTool(tool: string, text: string): boolean {
  return /"devEngines"/.test(text) || (/"packageManager"/.test(text) && tool !== 'node')
}
