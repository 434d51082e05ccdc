import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { createProgram } from '../src/cli/program.ts'
import { program as self } from '../src/core/program.ts'
import { configVariables } from '../src/features/config/config-variables.ts'
import { shells } from '../src/features/env/shells/index.ts'
import { rules } from '../src/features/validate/rules/index.ts'
import { validateHome } from '../src/features/validate/validate-home.ts'
import { diagnosticsFormats } from '../src/render/diagnostics/index.ts'
import { configSchema } from '../src/schema/config.ts'
import { probeKinds } from '../src/schema/detectable.ts'
import {
  detectionStatuses,
  evidenceKinds,
  providerStatuses,
  serviceStatuses,
} from '../src/schema/detected.ts'
import { registryFiles, registryNames } from '../src/schema/names.ts'
import { askedVariables } from '../src/store/question.ts'
import {
  codeBlocks,
  columnCode,
  inlineCode,
  readDocument,
  sectionOf,
  tableRows,
} from './support/documents.ts'
import { applyBlock, compile, copySource } from './support/recipes.ts'
import { packages, rooms } from './support/rooms.ts'
import { createTestHost } from './support/test-host.ts'

const readme = readDocument('README.md')
const architecture = readDocument('ARCHITECTURE.md')
const contributing = readDocument('CONTRIBUTING.md')
const changelog = readDocument('CHANGELOG.md')
const documents = [
  ['README.md', readme],
  ['ARCHITECTURE.md', architecture],
  ['CONTRIBUTING.md', contributing],
  ['CHANGELOG.md', changelog],
] as const

const manifest: {
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
  const screen = readme.slice(0, readme.indexOf('\n## '))
  const section = (heading: string) => sectionOf(readme, heading)

  test('begins with how to start, test and install', () => {
    const shown = codeBlocks(screen).filter(({ language }) => language === 'sh')
    expect(shown.flatMap(({ body }) => body.trimEnd().split('\n'))).toEqual([
      'npm ci && npm start',
      'npm ci && npm test',
      'npm pack',
      `npm install -g ./${self.name}-${self.version}.tgz`,
      'nexus-registry hook zsh --line >> ~/.zshrc',
    ])
  })

  test('links to sections that are there', () => {
    const headings = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading)
    const anchors = headings.map(
      heading =>
        `#${heading
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-')}`,
    )
    expect(anchors).toEqual([...new Set(anchors)])
    const links = [...readme.matchAll(/\]\((#[^)]*)\)/g)].map(([, link = '']) => link)
    expect(links.filter(link => !anchors.includes(link))).toEqual([])
  })

  test.each(ownCommands.map(command => [command.name(), optionsOf(command)] as const))(
    'explains %s and its options',
    (name, options) => {
      expect(readme).toContain(`nexus-registry ${name}`)
      expect(options.filter(option => !readme.includes(option))).toEqual([])
    },
  )

  test('names every rule once', () => {
    const named = columnCode(section('### Validate'), 1)
    expect(named.toSorted()).toEqual(rules.map(({ id }) => id).toSorted())
  })

  test('names every format, shell and kind of probe', () => {
    const lineOf = (start: string) => readme.split('\n').find(line => line.startsWith(start)) ?? ''
    expect(inlineCode(lineOf('All problems')).slice(1)).toEqual(Object.keys(diagnosticsFormats))
    expect(inlineCode(lineOf('- Forms:'))).toEqual(expect.arrayContaining(shells.map(({ name }) => name)))
    expect(inlineCode(lineOf('`probe` picks')).slice(1)).toEqual([...probeKinds])
  })

  test('names every status and kind of evidence', () => {
    const [statuses, evidence] = section('## How detection is stated').split('`evidence` says')
    const [, statusTable] = statuses?.split('```\n') ?? []
    expect(columnCode(statusTable ?? '', 0)).toEqual([...detectionStatuses])
    expect(columnCode(evidence ?? '', 0)).toEqual([...evidenceKinds])
    const [services, providers] = section('## Services and providers').split('| status of a provider')
    expect(columnCode(services ?? '', 0)).toEqual([...serviceStatuses])
    expect(columnCode(`| status${providers}`, 0)).toEqual([...providerStatuses])
  })

  test('counts what is shipped', () => {
    const rows = tableRows(section('## Registries and homes'))
    expect(rows.map(([name = '', file = '']) => [inlineCode(name)[0], inlineCode(file)[0]])).toEqual(
      registryNames.map(name => [name, registryFiles[name]]),
    )
    const counted = rows.filter(([, , count]) => count !== '')
    expect(counted.map(([, , count]) => Number(count))).toEqual(
      counted.map(([, file = '']) => countShipped(inlineCode(file)[0] ?? '')),
    )
  })

  test('explains every setting and its variable', () => {
    const { server, validate, query, graph, ...others } = configSchema.shape
    const nested = Object.entries({ server, validate, query, graph }).flatMap(([name, schema]) =>
      Object.keys(schema.unwrap().shape).map(key => `${name}.${key}`),
    )
    expect(columnCode(section('## Configuration'), 0)).toEqual([...Object.keys(others), ...nested])
    expect(columnCode(section('## Configuration'), 3)).toEqual([
      'NEXUS_REGISTRY_HOME',
      ...Object.values(configVariables),
    ])
  })

  test('explains every exit code', () => {
    expect(tableRows(section('## Exit codes')).map(([code]) => Number(code))).toEqual([0, 1, 2, 3, 4, 130])
  })
})

describe('ARCHITECTURE', () => {
  test('has the table of rooms that the layers keep', () => {
    const rows = tableRows(sectionOf(architecture, '## Rooms'))
    const table = rows.map(([room = '', , imports = '']) => [inlineCode(room)[0], inlineCode(imports)])
    expect(Object.fromEntries(table)).toEqual(rooms)
  })

  test('names every variable that an answer depends on', () => {
    const [row = []] = tableRows(sectionOf(architecture, '## Freshness'))
    expect(inlineCode(row[1] ?? '')).toEqual([...askedVariables])
  })

  test('says of every library why it is there', () => {
    const installed = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
    const named = columnCode(sectionOf(architecture, '## Libraries, and why each'), 0)
    expect(named.toSorted()).toEqual(installed.filter(name => !name.startsWith('@types/')).toSorted())
    const used = Object.keys(packages).filter(name => name !== 'node:')
    expect(used.filter(name => !named.includes(name))).toEqual([])
  })
})

describe.each(documents)('%s', (_, text) => {
  const plain = text.replace(/^```(?:ts|diff)\n[\s\S]*?^```$/gm, '')
  const code = [...codeBlocks(plain).map(({ body }) => body), ...inlineCode(plain)]

  test('calls what can be called', () => {
    const calls = code.flatMap(part => [...part.matchAll(/\bnexus-registry ([a-z]+)([^\n|;&)#]*)/g)])
    const broken = calls.filter(([, name, rest = '']) => {
      const command = visibleCommands.find(candidate => candidate.name() === name)
      const known = command ? [...globalOptions, ...optionsOf(command)] : []
      return !command || (rest.match(/--[a-z-]+/g) ?? []).some(option => !known.includes(option))
    })
    expect(broken.map(([call]) => call)).toEqual([])
  })

  test('names options, scripts and files that are there', () => {
    const options = [...globalOptions, ...visibleCommands.flatMap(optionsOf)]
    expect(code.filter(part => /^--[a-z-]+$/.test(part) && !options.includes(part))).toEqual([])
    const scripts = code.flatMap(part =>
      [...part.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name = '']) => name),
    )
    expect(scripts.filter(name => manifest.scripts[name] === undefined)).toEqual([])
    const files = code.filter(part =>
      /^(?:src|test|scripts|bench|bin|registries|schemas|\.ci)\/[\w./-]*$/.test(part),
    )
    expect(files.filter(file => !existsSync(file))).toEqual([])
    const links = [...text.matchAll(/\]\(([\w./-]+\.md)\)/g)].map(([, link = '']) => link)
    expect(links.filter(link => !existsSync(link))).toEqual([])
  })

  test('names no place of one machine', () => {
    expect(text).not.toMatch(/\/(?:root|work|tmp)\//)
  })
})

describe('the recipes of CONTRIBUTING and the example of README', () => {
  const recipes = codeBlocks(sectionOf(contributing, '## Recipes')).filter(({ body }) =>
    body.startsWith('// '),
  )

  test('compile, and the registries are valid', async () => {
    const directory = await copySource()
    const paths: string[] = []
    for (const block of recipes) paths.push(await applyBlock(block, directory))
    const [library] = codeBlocks(sectionOf(readme, '## Library'))
    await writeFile(nodePath.join(directory, 'library-example.ts'), library?.body ?? '')
    const tests = paths.filter(path => path.startsWith('test/'))
    expect(await compile(directory, [...tests, 'library-example.ts'])).toBe('')
    const report = await validateHome(nodePath.join(directory, 'registries'), await createTestHost(), {
      strict: true,
    })
    expect(report).toMatchObject({ valid: true, diagnostics: [] })
  })

  test('show a new file for each list that can be added to', () => {
    const files = recipes.filter(({ language }) => language === 'ts').map(({ body }) => body.split('\n')[0])
    expect(files.map(line => nodePath.dirname(line?.slice(3) ?? ''))).toEqual([
      'src/probes',
      'test/probes',
      'src/features/validate/rules',
      'src/render/diagnostics',
      'src/render/graph',
      'src/features/env/shells',
      'src/web/components',
      'src/render/dashboard',
      'src/cli/commands',
    ])
  })
})

function countShipped(file: string): number {
  const content: Record<string, unknown> = JSON.parse(readFileSync(nodePath.join('registries', file), 'utf8'))
  return Object.keys(content).filter(key => key !== '$schema').length
}
