import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'

/** Makes every answer that is kept below a cache directory older by that many milliseconds, for Node and for shells. */
export async function ageAnswers(cacheDirectory: string, ms: number): Promise<void> {
  const answers = nodePath.join(cacheDirectory, 'answers')
  for (const name of await readdir(answers)) {
    await edit(nodePath.join(answers, name, 'answer.json'), text =>
      text.replace(/"checked_at": "([^"]*)"/, (_, time) => `"checked_at": "${toIso(Date.parse(time) - ms)}"`),
    )
    const moments: number[] = []
    await edit(nodePath.join(answers, name, 'answer.sh'), text =>
      text.replace(/^_nexus_registry_aged '(\d+)' '(\d+)'/m, (_, checked, expires) => {
        moments.push(Number(checked) - ms, Number(expires) - ms)
        return `_nexus_registry_aged '${moments.join("' '")}'`
      }),
    )
    for (const moment of moments) await placeMark(nodePath.join(cacheDirectory, 'times', `${moment}`), moment)
  }
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, 'utf8')))
}

async function placeMark(path: string, moment: number): Promise<void> {
  await writeFile(path, '', { mode: 0o600 })
  await utimes(path, moment / 1000, moment / 1000)
}

function toIso(time: number): string {
  return new Date(time).toISOString()
}
