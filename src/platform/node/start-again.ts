/** Starts this program once more, in a session of its own and without output. Rejects when it cannot be started. */
export async function startAgain(args: readonly string[]): Promise<void> {
  const { spawn } = await import('node:child_process')
  const [, main = ''] = process.argv
  const child = spawn(process.execPath, [...process.execArgv, main, ...args], {
    detached: true,
    stdio: 'ignore',
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve).once('error', reject)
  })
  child.unref()
}
