import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Metafile } from 'esbuild'
import { root } from './bundling.ts'

/** A package of which something is in what is shipped. */
interface BundledPackage {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly homepage: string | undefined
  /** Licence and notice files, whole. */
  readonly texts: readonly string[]
}

/** Packages that no bundle names, because a file of them is copied. */
const copied = ['jq-web', 'lucide-static']

/** What packages contain that is not theirs, and of which they carry no licence: what it is, and where its licence is. */
const inside: Readonly<Record<string, string>> = {
  'jq-web': `Its jq.wasm is jq, whose licence is above, and with it:
- Oniguruma, Copyright (c) 2002-2021 K.Kosako, BSD-2-Clause: https://github.com/kkos/oniguruma/blob/master/COPYING
- decNumber, Copyright (c) IBM Corporation, ICU licence: https://github.com/jqlang/jq/blob/master/COPYING
- musl and the runtime of Emscripten, MIT: https://git.musl-libc.org/cgit/musl/tree/COPYRIGHT,
  https://github.com/emscripten-core/emscripten/blob/main/LICENSE`,
  '@viz-js/viz': `Its WebAssembly contains:
- Graphviz, Copyright (c) AT&T Intellectual Property and contributors, Eclipse Public License 2.0 (https://www.eclipse.org/legal/epl-2.0/).
  Its source: https://gitlab.com/graphviz/graphviz
- Expat, Copyright (c) 1998-2000 Thai Open Source Software Center Ltd and Clark Cooper,
  Copyright (c) 2001-2026 Expat maintainers, MIT: https://github.com/libexpat/libexpat/blob/master/COPYING
- musl and the runtime of Emscripten, MIT: https://git.musl-libc.org/cgit/musl/tree/COPYRIGHT,
  https://github.com/emscripten-core/emscripten/blob/main/LICENSE`,
}

/**
 * The text of `THIRD_PARTY_LICENSES`: every package of which something is in a bundle or copied beside it, with its
 * licence. Throws for a package whose licence is not to be had.
 */
export async function renderLicences(metafiles: readonly Metafile[]): Promise<string> {
  const directories = new Set(metafiles.flatMap(({ inputs }) => Object.keys(inputs).flatMap(toPackage)))
  for (const name of copied) directories.add(path.join('node_modules', name))
  const packages = await Promise.all([...directories].map(readPackage))
  const sorted = packages.toSorted((a, b) => compare(a.name, b.name) || compare(a.version, b.version))
  return `${[introduction, ...sorted.map(renderPackage)].join(`\n${'-'.repeat(80)}\n\n`)}`
}

const introduction = `What nexus-registry is built of. Each of these packages is in its bundles, in whole or in part, under the licence
that follows its name.
`

/** The directory of the package that a file belongs to, from the root; nothing for a file of our own. */
function toPackage(file: string): string[] {
  const [found] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.replace(/^[\w-]+:/, '')) ?? []
  return found === undefined ? [] : [found]
}

async function readPackage(directory: string): Promise<BundledPackage> {
  const place = path.resolve(root, directory)
  const manifest: unknown = JSON.parse(await readFile(path.join(place, 'package.json'), 'utf8'))
  const [name, version] = [takeText(manifest, 'name'), takeText(manifest, 'version')]
  const license = takeText(manifest, 'license')
  if (name === undefined || version === undefined || license === undefined)
    throw new Error(`${directory} does not say its name, version and licence`)
  const files = (await readdir(place, { withFileTypes: true }))
    .filter(file => file.isFile() && /^(?:licen[cs]e|copying|notice)/i.test(file.name))
    .map(file => file.name)
    .toSorted()
  const texts = await Promise.all(files.map(file => readFile(path.join(place, file), 'utf8')))
  const homepage = takeText(manifest, 'homepage') ?? takeRepository(manifest)
  const author = takeAuthor(manifest) ?? `the authors of ${name}`
  if (texts.length === 0 && license !== 'MIT')
    throw new Error(`${directory} carries no text of its licence (${license})`)
  return { name, version, license, homepage, texts: texts.length > 0 ? texts : [renderMit(author)] }
}

function renderPackage({ name, version, license, homepage, texts }: BundledPackage): string {
  const head = [`${name} ${version} (${license})`, ...(homepage === undefined ? [] : [homepage])]
  const notes = inside[name] === undefined ? [] : [inside[name]]
  return `${head.join('\n')}\n\n${[...texts, ...notes].map(text => text.replaceAll('\r', '').trim()).join('\n\n')}\n`
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right)
}

function take(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function takeText(value: unknown, key: string): string | undefined {
  const found = take(value, key)
  return typeof found === 'string' && found !== '' ? found : undefined
}

function takeRepository(manifest: unknown): string | undefined {
  const url = takeText(manifest, 'repository') ?? takeText(take(manifest, 'repository'), 'url')
  return url?.replace(/^git\+/, '').replace(/\.git$/, '')
}

function takeAuthor(manifest: unknown): string | undefined {
  return takeText(manifest, 'author') ?? takeText(take(manifest, 'author'), 'name')
}

// https://spdx.org/licenses/MIT.html, for packages that name it and bring no copy.
function renderMit(author: string): string {
  return `MIT License

Copyright (c) ${author}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`
}
