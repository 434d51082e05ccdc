/** What each room of src/ may import from the others. A room may always import from itself. */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  schema: [],
  core: ['schema'],
  probes: ['core', 'schema'],
  store: ['core', 'schema'],
  features: ['core', 'schema', 'store', 'probes'],
  render: ['core', 'schema'],
  host: ['core'],
  cli: ['core', 'schema', 'store', 'features', 'render', 'host', 'probes'],
  web: [],
  'boot.ts': ['host'],
  'main.ts': ['cli', 'host'],
  'library.ts': ['core', 'schema', 'store', 'features', 'probes', 'host'],
}

/** Rooms that may use a package. `node:` stands for all of Node's own modules. */
export const packages: Readonly<Record<string, readonly string[]>> = {
  'node:': ['host'],
  execa: ['host'],
  cosmiconfig: ['host'],
  'ipaddr.js': ['host'],
  commander: ['cli'],
  chalk: ['render'],
  'cli-table3': ['render'],
  '@viz-js/viz': ['render'],
  zod: ['schema', 'store', 'probes'],
  leven: ['core'],
  semver: ['core'],
  yaml: ['core', 'probes', 'render'],
  re2js: ['core'],
  'smol-toml': ['probes'],
  'p-limit': ['features'],
  'p-retry': ['features'],
}
