import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { createProgram } from '../src/cli/run.ts'
import { cacheKeyVariables } from '../src/env/cache/cache-key.ts'
import { shells } from '../src/env/shells/index.ts'
import { program as self } from '../src/lib/program.ts'
import { configSchema } from '../src/registry/schema/config.ts'
import { probeKinds } from '../src/registry/schema/detectable.ts'
import {
  detectionStatuses,
  evidenceKinds,
  providerStatuses,
  serviceStatuses,
} from '../src/registry/schema/detected.ts'
import { registryFiles, registryNames } from '../src/registry/schema/names.ts'
import { diagnosticsFormats } from '../src/validate/formats/index.ts'
import { validateHome } from '../src/validate/validate.ts'
import {
  codeBlocks,
  columnCode,
  inlineCode,
  listAnchors,
  listDocuments,
  listGuides,
  listLinks,
  readDocument,
  sectionOf,
  tableRows,
} from './support/documents.ts'
import { modules, packages } from './support/modules.ts'
import { applyBlock, compile, copySource } from './support/recipes.ts'
import { createTestHost } from './support/test-host.ts'

const documents = listDocuments()
const guides = listGuides()
const readme = readDocument('README.md')

const manifest: {
  files: string[]
  scripts: Record<string, string>
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
} = JSON.parse(readFileSync('package.json', 'utf8'))

const stdout = { write: () => undefined, isTerminal: false, columns: undefined }
const program = createProgram({ stdout }, () => () => () => Promise.resolve())
const visibleCommands = program.createHelp().visibleCommands(program)
// All but `help`, which Commander adds.
const ownCommands = visibleCommands.filter(({ parent }) => parent === program)
const globalOptions = [...optionsOf(program), '--help']

function optionsOf(command: typeof program): string[] {
  return command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => long ?? [])
}

describe('README', () => {
  test('begins with how to start and install, and says how to test', () => {
    const linesOf = (heading: string) =>
      codeBlocks(sectionOf(readme, heading)).flatMap(({ body }) => body.trimEnd().split('\n'))
    expect(linesOf('## Install')).toEqual([
      'npm ci && npm start',
      'npm pack',
      `npm install -g ./${self.name}-${self.version}.tgz`,
      'nexus-registry hook zsh --line >> ~/.zshrc',
    ])
    expect(linesOf('## Development')).toEqual(['npm ci && npm test'])
  })

  test('links to every guide', () => {
    const linked = listLinks(readme)
    expect(guides.filter(name => name !== 'README.md' && !linked.includes(name))).toEqual([])
  })

  test('links to nothing that the package leaves out', () => {
    const shipped = (target: string) =>
      manifest.files.some(file => target === file || target.startsWith(`${file}/`))
    expect(listLinks(readme).filter(target => !shipped(target))).toEqual([])
  })
})

test.each([
  ['README.md', 200],
  ['ARCHITECTURE.md', 120],
  ['CONTRIBUTING.md', 100],
])('%s has at most %i lines', (name, most) => {
  expect(readDocument(name).split('\n').length - 1).toBeLessThanOrEqual(most)
})

describe('the guides', () => {
  const text = guides.map(readDocument).join('\n')
  const lineOf = (name: string, start: string) =>
    readDocument(name)
      .split('\n')
      .find(line => line.startsWith(start)) ?? ''

  test.each(ownCommands.map(command => command.name()))('use %s', name => {
    expect(text).toContain(`nexus-registry ${name}`)
  })

  test('name every format, shell and kind of probe', () => {
    expect(inlineCode(lineOf('docs/validate.md', 'All problems')).slice(1)).toEqual(
      Object.keys(diagnosticsFormats),
    )
    expect(inlineCode(lineOf('docs/shell.md', '- Forms:'))).toEqual(
      expect.arrayContaining(shells.map(({ name }) => name)),
    )
    expect(inlineCode(lineOf('docs/sync.md', '`probe` selects')).slice(1)).toEqual([...probeKinds])
  })

  test('name every status and kind of evidence', () => {
    const sync = readDocument('docs/sync.md')
    const [statuses, evidence] = sectionOf(sync, '## How detection works').split('`evidence` says')
    const [, statusTable] = statuses?.split('```\n') ?? []
    expect(columnCode(statusTable ?? '', 0)).toEqual([...detectionStatuses])
    expect(columnCode(evidence ?? '', 0)).toEqual([...evidenceKinds])
    const [services, providers] = sectionOf(sync, '## Services and providers').split('| status of a provider')
    expect(columnCode(services ?? '', 0)).toEqual([...serviceStatuses])
    expect(columnCode(`| status${providers}`, 0)).toEqual([...providerStatuses])
  })

  test('count what is shipped', () => {
    const rows = tableRows(sectionOf(readDocument('docs/sync.md'), '## Registry homes'))
    expect(rows.map(([name = '', file = '']) => [inlineCode(name)[0], inlineCode(file)[0]])).toEqual(
      registryNames.map(name => [name, registryFiles[name]]),
    )
    const counted = rows.filter(([, , count]) => count !== '')
    expect(counted.map(([, , count]) => Number(count))).toEqual(
      counted.map(([, file = '']) => countShipped(inlineCode(file)[0] ?? '')),
    )
  })

  test('explain every setting', () => {
    const { server, validate, query, graph, ...others } = configSchema.shape
    const nested = Object.entries({ server, validate, query, graph }).flatMap(([name, schema]) =>
      Object.keys(schema.unwrap().shape).map(key => `${name}.${key}`),
    )
    const keys = tableRows(sectionOf(readDocument('docs/configuration.md'), '## Keys'))
    expect(keys.map(([key = '']) => inlineCode(key)[0])).toEqual([...Object.keys(others), ...nested])
  })

  test('explain every exit code', () => {
    const codes = tableRows(sectionOf(readDocument('docs/ci.md'), '## Exit codes'))
    expect(codes.map(([code]) => Number(code))).toEqual([0, 1, 2, 3, 4, 130])
  })

  const data = guides.flatMap(name =>
    codeBlocks(readDocument(name))
      .filter(({ language }) => language === 'yaml' || language === 'json')
      .map(({ body }, index) => [`${name}, block ${index + 1}`, parseYaml(body)] as const),
  )

  test.each(data)('%s is data', (_, value) => {
    expect(value).toBeTypeOf('object')
  })

  const settings = data.filter(([, value]) =>
    Object.keys(value).every(key => Object.hasOwn(configSchema.shape, key)),
  )

  test('show configurations that are valid', () => {
    expect(settings.length).toBeGreaterThanOrEqual(3)
    for (const [name, value] of settings)
      expect(configSchema.safeParse(value), name).toMatchObject({ success: true })
  })
})

describe('the internals', () => {
  test('have the table of modules that the layers keep', () => {
    const rows = tableRows(sectionOf(readDocument('ARCHITECTURE.md'), '## Modules'))
    const folders = rows.flatMap(([folder = '']) => inlineCode(folder)).filter(name => name.endsWith('/'))
    expect(folders).toEqual(modules.map(name => `${name}/`))
  })

  test('name every variable that cached exports depend on', () => {
    const [row = []] = tableRows(readDocument('docs/internals/freshness.md'))
    expect(inlineCode(row[1] ?? '')).toEqual([...cacheKeyVariables])
  })

  test('say of every library what it is for', () => {
    const installed = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
    const named = columnCode(readDocument('docs/internals/libraries.md'), 0)
    expect(named.toSorted()).toEqual(installed.filter(name => !name.startsWith('@types/')).toSorted())
    const used = Object.keys(packages).filter(name => name !== 'node:')
    expect(used.filter(name => !named.includes(name))).toEqual([])
  })

  test('list every decision, in the order of its number', () => {
    const files = readdirSync('docs/decisions')
      .filter(file => file !== 'README.md')
      .toSorted()
    expect(listLinks(readDocument('docs/decisions/README.md'))).toEqual(files)
    expect(files.map(file => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1))
    for (const file of files) {
      const headings = readDocument(`docs/decisions/${file}`).match(/^#+ .*$/gm) ?? []
      expect(headings.slice(1), file).toEqual(['## Context', '## Decision', '## Consequences'])
      expect(headings[0], file).toMatch(new RegExp(`^# ${Number(file.slice(0, 4))}\\. `))
    }
  })

  test('sort the terms of the glossary', () => {
    const terms = tableRows(readDocument('docs/glossary.md')).map(([term = '']) => term.replaceAll('*', ''))
    expect(terms).toEqual([...new Set(terms)].toSorted((one, other) => one.localeCompare(other, 'en')))
  })
})

describe.each(documents)('%s', name => {
  const text = readDocument(name)
  const plain = text.replace(/^```(?:ts|diff|text)\n[\s\S]*?^```$/gm, '')
  const code = [...codeBlocks(plain).map(({ body }) => body), ...inlineCode(plain)]

  test('calls what can be called', () => {
    const calls = code.flatMap(part => [...part.matchAll(/\bnexus-registry ([a-z]+)([^\n|;&)#]*)/g)])
    const broken = calls.filter(([, command, rest = '']) => {
      const found = visibleCommands.find(candidate => candidate.name() === command)
      const inner = found?.commands.find(candidate => candidate.name() === /^ ([a-z]+)/.exec(rest)?.[1])
      const known = found ? [...globalOptions, ...optionsOf(found), ...(inner ? optionsOf(inner) : [])] : []
      return !found || (rest.match(/--[a-z-]+/g) ?? []).some(option => !known.includes(option))
    })
    expect(broken.map(([call]) => call)).toEqual([])
  })

  test('names options, scripts and files that exist', () => {
    const inner = visibleCommands.flatMap(({ commands }) => commands)
    const options = [...globalOptions, ...[...visibleCommands, ...inner].flatMap(optionsOf)]
    const own = name === 'docs/performance.md' || name === 'CONTRIBUTING.md' ? ['--write', '--only'] : []
    expect(code.filter(part => /^--[a-z-]+$/.test(part) && ![...options, ...own].includes(part))).toEqual([])
    const scripts = code.flatMap(part =>
      [...part.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, script = '']) => script),
    )
    expect(scripts.filter(script => manifest.scripts[script] === undefined)).toEqual([])
    const files = code.filter(part =>
      /^(?:src|test|scripts|bench|bin|shell|docs|registries|schemas|\.ci)\/[\w./-]*$/.test(part),
    )
    expect(files.filter(file => !existsSync(file))).toEqual([])
  })

  test('links to files and headings that exist', () => {
    const broken = listLinks(text).filter(target => {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? name : nodePath.join(nodePath.dirname(name), path)
      if (!existsSync(file)) return true
      return anchor !== undefined && !listAnchors(readDocument(file)).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  test('names no place of one machine', () => {
    expect(text).not.toMatch(/\/(?:root|work|tmp)\//)
  })
})

describe('the examples of code', () => {
  const recipes = codeBlocks(readDocument('docs/extending.md')).filter(({ body }) => body.startsWith('// '))

  test('compile, and the registries are valid', async () => {
    const directory = await copySource()
    const paths: string[] = []
    for (const block of recipes) paths.push(await applyBlock(block, directory))
    const [library] = codeBlocks(readDocument('docs/library.md'))
    await writeFile(nodePath.join(directory, 'library-example.ts'), library?.body ?? '')
    const tests = paths.filter(path => path.startsWith('test/'))
    expect(await compile(directory, [...tests, 'library-example.ts'])).toBe('')
    const report = await validateHome(nodePath.join(directory, 'registries'), await createTestHost(), {
      strict: true,
    })
    // The data grows old after 90 days, which is no fault of an example.
    expect(report.diagnostics.filter(({ rule }) => rule !== 'data-age')).toEqual([])
    expect(report.valid).toBe(true)
  }, 180_000)

  test('show a new file for each list that can be added to', () => {
    const files = recipes.filter(({ language }) => language === 'ts').map(({ body }) => body.split('\n')[0])
    expect(files.map(line => nodePath.dirname(line?.slice(3) ?? ''))).toEqual([
      'src/detection',
      'test/detection',
      'src/validate/rules',
      'src/validate/formats',
      'src/graph/formats',
      'src/server/routes',
      'src/env/shells',
      'src/dashboard/web/parts',
      'src/dashboard/terminal',
      'src/cli/commands',
    ])
  })
})

function countShipped(file: string): number {
  const content: Record<string, unknown> = JSON.parse(readFileSync(nodePath.join('registries', file), 'utf8'))
  return Object.keys(content).filter(key => key !== '$schema').length
}
