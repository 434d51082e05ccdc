import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { symbolNames } from '../src/dashboard/web/symbol-names.ts'
import { root } from './bundling.ts'

const notice = `<!-- Symbols of Lucide (https://lucide.dev), ISC License, Copyright (c) Lucide Icons and Contributors. A part is from
Feather (https://feathericons.com), MIT License, Copyright (c) Cole Bemis. The licences: THIRD_PARTY_LICENSES. -->`

/** All symbols of the page, each of which `<use>` shows by its name: in the page itself, which takes no request. */
export async function renderSymbols(): Promise<string> {
  const symbols = await Promise.all(symbolNames.map(renderSymbol))
  return `${notice}\n<svg class="sprite" width="0" height="0" aria-hidden="true">${symbols.join('\n')}</svg>\n`
}

async function renderSymbol(name: string): Promise<string> {
  const file = path.join(root, 'node_modules', 'lucide-static', 'icons', `${name}.svg`)
  const text = await readFile(file, 'utf8')
  const parts = [...text.matchAll(/<(?!svg|\/svg|!--)[^>]+>/g)].map(([part]) => part.replace(/ \/>$/, '/>'))
  if (parts.length === 0) throw new Error(`${file} has no shapes`)
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${parts.join('')}</symbol>`
}
