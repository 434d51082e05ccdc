// Zod is not needed to know these, and takes a tenth of the start of a command.

/** Who may read, of the specification's section 6. */
export const readRoles = ['public', 'auth', 'admin'] as const

/** Roles that may write, of the specification's section 6; `admin` may do everything. */
export const writeRoles = [
  'dashboard-service',
  'adapter',
  'tool-detection',
  'update-service',
  'plugin-loader',
  'service-registry',
  'adapter-deploy',
  'orchestrator',
] as const

/** All roles that a token may have. */
export const roles = [...writeRoles, 'admin'] as const
