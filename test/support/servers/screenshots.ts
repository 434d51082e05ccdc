import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'

const directory = 'test/e2e/screenshots'

/** How many times smaller the stored images are: letters become grey, and places stay. */
const smaller = 4

/**
 * The share of a page that looks unlike its stored image, from 0 to 1. Without one, the image is stored, but never in CI:
 * look at it before you commit it. To accept a new look, remove the file and run the test.
 */
export async function compareScreenshot(page: Page, name: string): Promise<number> {
  const shot = await page.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' })
  const small = await shrink(page, shot)
  const file = path.join(directory, `${name}.png`)
  if (!existsSync(file)) {
    if (process.env.CI) throw new Error(`${file} is not there`)
    await mkdir(directory, { recursive: true })
    await writeFile(file, Buffer.from(small, 'base64'))
  }
  return differ(page, small, (await readFile(file)).toString('base64'))
}

/** A page that draws images: that of the test does not allow what this needs. */
async function openCanvas(page: Page): Promise<Page> {
  const other = await page.context().newPage()
  await other.goto('about:blank')
  return other
}

async function shrink(page: Page, image: Buffer): Promise<string> {
  const other = await openCanvas(page)
  const made: unknown = await other.evaluate(`(async () => {
    const image = new Image()
    image.src = 'data:image/png;base64,${image.toString('base64')}'
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(image.naturalWidth / ${smaller})
    canvas.height = Math.round(image.naturalHeight / ${smaller})
    const context = canvas.getContext('2d')
    context.imageSmoothingQuality = 'high'
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    return canvas.toDataURL('image/png').split(',')[1]
  })()`)
  await other.close()
  if (typeof made !== 'string') throw new Error('a browser draws images')
  return made
}

/** Difference of one colour of a pixel from which on it counts, of 255. */
const visible = 40

async function differ(page: Page, one: string, other: string): Promise<number> {
  const canvas = await openCanvas(page)
  const share: unknown = await canvas.evaluate(`(async () => {
    const read = async data => {
      const image = new Image()
      image.src = 'data:image/png;base64,' + data
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = image.naturalWidth
      canvas.height = image.naturalHeight
      const context = canvas.getContext('2d')
      context.drawImage(image, 0, 0)
      return context.getImageData(0, 0, canvas.width, canvas.height)
    }
    const [a, b] = await Promise.all([read('${one}'), read('${other}')])
    if (a.width !== b.width || a.height !== b.height) return 1
    let different = 0
    for (let at = 0; at < a.data.length; at += 4) {
      if ([0, 1, 2].some(part => Math.abs(a.data[at + part] - b.data[at + part]) > ${visible})) different += 1
    }
    return different / (a.data.length / 4)
  })()`)
  await canvas.close()
  return Number(share)
}
