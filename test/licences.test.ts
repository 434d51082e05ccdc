import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bundleAll } from '../scripts/bundle-all.ts'
import { renderLicences } from '../scripts/licences.ts'
import { lastingDirectory, temporaryDirectory } from './support/test-host.ts'

const text = readFileSync('THIRD_PARTY_LICENSES', 'utf8')
/** By name and version: what stands between one rule and the next. */
const sections = new Map(
  text
    .split(/^-{80}\n\n/m)
    .slice(1)
    .map(section => [/^\S+ \S+/.exec(section)?.[0] ?? '', section]),
)

describe('what is shipped', async () => {
  const metafiles = await bundleAll(await lastingDirectory())
  const files = metafiles.flatMap(({ inputs }) => Object.keys(inputs))
  const directories = files.flatMap(file => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [])
  const names = [...new Set(directories)].map(directory => {
    const { name, version } = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'))
    return `${name} ${version}`
  })

  test('names each package that the bundles contain, and those of which files are copied', () => {
    const copied = ['jq-web', 'lucide-static'].map(name => {
      const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'))
      return `${name} ${version}`
    })
    expect([...sections.keys()].toSorted()).toEqual([...new Set([...names, ...copied])].toSorted())
    for (const each of ['fastify', 'lit', 'zod', 'commander', '@viz-js/viz', 'pino'])
      expect(
        [...sections.keys()].some(name => name.startsWith(`${each} `)),
        each,
      ).toBe(true)
  })

  test.each([...sections])('%s has the text of its licence', (_, section) => {
    expect(section).toMatch(/permission|redistribution|licen[cs]e.*(?:terms|conditions)/i)
    expect(section).toMatch(/copyright|public domain/i)
  })
})

test.each([
  ['jq-web', ['Stephen Dolan', 'David M. Gay', 'Oniguruma', 'decNumber']],
  ['@viz-js/viz', ['Graphviz', 'Eclipse Public License', 'Expat']],
])('what is inside the WebAssembly of %s is named', (name, parts) => {
  const [, section] = [...sections].find(([key]) => key.startsWith(`${name} `)) ?? []
  for (const part of parts) expect(section).toContain(part)
})

test('a package that brings no text of its licence ends the build', async () => {
  const place = `${await temporaryDirectory()}/node_modules/bare`
  mkdirSync(place, { recursive: true })
  writeFileSync(`${place}/package.json`, JSON.stringify({ name: 'bare', version: '1.0.0', license: 'ISC' }))
  const inputs = { [`${place}/index.js`]: { bytes: 1, imports: [] } }
  await expect(renderLicences([{ inputs, outputs: {} }])).rejects.toThrow(
    /bare carries no text of its licence/,
  )
})

test('it is in the package', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' }),
  )
  expect(packed.files.map(({ path }: { path: string }) => path)).toContain('THIRD_PARTY_LICENSES')
})
