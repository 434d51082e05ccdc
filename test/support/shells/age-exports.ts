import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'

/** Makes every kept answer older by so many milliseconds, or younger: for this program and for shells alike. */
export async function ageAnswers(cacheDirectory: string, ms: number): Promise<void> {
  const answers = nodePath.join(cacheDirectory, 'answers')
  for (const name of await readdir(answers)) {
    await edit(nodePath.join(answers, name, 'answer.json'), text =>
      text.replace(/"checked_at": "([^"]*)"/, (_, time) => `"checked_at": "${toOlder(time, ms)}"`),
    )
    await ageScript(nodePath.join(answers, name, 'answer.sh'), { cacheDirectory, ms })
    await edit(nodePath.join(answers, name, 'answer.zsh'), text =>
      text.replace(/\b(checked|expires)=(\d+)/g, (_, key, moment) => `${key}=${Number(moment) - ms}`),
    )
  }
}

function toOlder(time: string, ms: number): string {
  return new Date(Date.parse(time) - ms).toISOString()
}

async function ageScript(
  file: string,
  { cacheDirectory, ms }: { readonly cacheDirectory: string; readonly ms: number },
): Promise<void> {
  const moments: string[] = []
  await edit(file, text =>
    text.replace(/^_nexus_registry_(?:verified|aged) .*$/gm, line =>
      line.replace(/\d+/g, moment => {
        moments.push(String(Number(moment) - ms))
        return moments.at(-1) ?? ''
      }),
    ),
  )
  for (const moment of moments) {
    const mark = nodePath.join(cacheDirectory, 'times', moment)
    await writeFile(mark, '')
    await utimes(mark, Number(moment) / 1000, Number(moment) / 1000)
  }
}

// An answer that no shell may give has no script.
async function edit(file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text !== undefined) await writeFile(file, change(text))
}
