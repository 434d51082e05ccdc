import packageJson from '../../package.json' with { type: 'json' }

/** Name and version of this program. */
export const program = { name: packageJson.name, version: packageJson.version } as const
