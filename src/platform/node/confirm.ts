import { createInterface } from 'node:readline'

/** See `Host.confirm`. The question goes to stderr, so that stdout holds data alone. */
export async function confirm(question: string): Promise<boolean | undefined> {
  const { stdin, stdout, stderr } = process
  if (!stdin.isTTY || !stdout.isTTY) return undefined
  const lines = createInterface({ input: stdin, output: stderr })
  return new Promise(resolve => {
    const settle = (isYes: boolean) => {
      resolve(isYes)
      lines.close()
    }
    lines.on('close', () => resolve(false))
    lines.on('SIGINT', () => {
      stderr.write('\n')
      settle(false)
    })
    lines.question(`${question} [y/N] `, line => settle(/^y(?:es)?$/i.test(line.trim())))
  })
}
