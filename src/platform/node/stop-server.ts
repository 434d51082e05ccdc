import type { FastifyInstance } from 'fastify'

/** Frees the address at once, and lets requests under way finish until the deadline. */
export async function stopServer(app: FastifyInstance, deadlineMs: number): Promise<void> {
  const deadline = setTimeout(() => app.server.closeAllConnections(), deadlineMs)
  try {
    await app.close()
  } finally {
    clearTimeout(deadline)
  }
}
