import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { kubernetesProbe } from '../../src/detection/kubernetes/kubernetes-probe.ts'
import { createBench } from '../support/bench.ts'
import { createTarget } from '../support/probe-context.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const head = 'apiVersion: v1\nkind: Config\nclusters: []\n'
const of = (context: string) => `${head}current-context: ${context}\n`
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
const named = (list: string, item: string) => `${of('ok')}${list}:\n- ${item}\n`

/** What `kubectl config current-context` says of a file; undefined when it has none or refuses the file. */
const files: [what: string, content: string | Uint8Array, context: string | undefined][] = [
  ['plain', of('dev'), 'dev'],
  ['without its type', 'current-context: dev\n', 'dev'],
  ['empty', '', undefined],
  ['comments', '# nothing\n', undefined],
  ['null', '~\n', undefined],
  ['a word', 'hello\n', undefined],
  ['a list', '- current-context: a\n', undefined],
  ['without a context', head, undefined],
  ['an unknown key', `${of('dev')}foo: {bar: [1, 2]}\n`, 'dev'],
  ['keys in capitals', 'Current-Context: a\n', undefined],
  ['a key without a space', 'current-context:a\n', undefined],
  ['an open list', of('[dev'), undefined],
  ['an open quote', `${of('half')}users:\n- name: "open\n`, undefined],
  ['an unknown escape', of('"\\q"'), undefined],
  ['two colons', of('a: b'), undefined],
  ['a stray line', `${of('a')}foo\n`, undefined],
  ['a stray item', `${of('a')}- foo\n`, undefined],
  ['bad indentation', `${of('a')}  kind: Config\n`, undefined],
  ['conflict markers', `<<<<<<< HEAD\n${of('ours')}=======\n${of('theirs')}>>>>>>> x\n`, undefined],
  ['conflict markers inside', `${head}<<<<<<< HEAD\ncurrent-context: a\n=======\n>>>>>>> x\n`, undefined],
  ['an indenting tab', `${of('tabs')}users:\n\t- name: x\n`, undefined],
  ['a tab on an empty line', `${of('a')}\t\n`, undefined],
  ['a tab after a dash', `${of('a')}x:\n-\ta\n`, undefined],
  ['a tab before a comment', `${of('a')}\t# c\n`, undefined],
  ['a tab before a value', 'current-context:\ttabbed\n', 'tabbed'],
  ['a tab behind a value', of('tab\t'), 'tab'],
  ['a control character', `${of('a')}x: "\u0001"\n`, undefined],
  ['bytes that are not UTF-8', Uint8Array.from([...Buffer.from(of('a')), 0x23, 0xe9, 10]), undefined],
  ['UTF-16', utf16(of('wide')), 'wide'],
  ['a byte order mark', `\ufeff${of('bom')}`, 'bom'],
  ['line ends of Windows', of('crlf').replaceAll('\n', '\r\n'), 'crlf'],
  ['a context twice', `${of('first')}current-context: second\n`, 'second'],
  ['a kind twice', `${of('a')}kind: Config\n`, 'a'],
  ['apiVersion v2', 'apiVersion: v2\ncurrent-context: a\n', undefined],
  ['apiVersion 1', 'apiVersion: 1\ncurrent-context: a\n', undefined],
  ['an empty apiVersion', 'apiVersion: ""\ncurrent-context: a\n', 'a'],
  ['kind Pod', 'apiVersion: v1\nkind: Pod\ncurrent-context: a\n', undefined],
  ['kind in another case', 'apiVersion: v1\nKIND: config\ncurrent-context: a\n', undefined],
  ...[
    'yes',
    'n',
    'On',
    'true',
    '123',
    '0x1F',
    '017',
    '1_000',
    '1e3',
    '.5',
    '.inf',
    '1.',
    '[a]',
    '{a: b}',
  ].map((value): (typeof files)[number] => [`the context ${value}`, of(value), undefined]),
  ...['null', 'NULL', '~', '', '""', '*a', '@x', '!!int x', '"\\ud83d\\ude00"'].map(
    (value): (typeof files)[number] => [`the context ${value}`, of(value), undefined],
  ),
  ...['tRue', '1:30', '2001-12-14', '1.2.3', '0b2', '-', '--', 'arn:aws:eks:eu:1:cluster/x', 'a#b'].flatMap(
    (value): typeof files => (value === '-' ? [] : [[`the context ${value}`, of(value), value]]),
  ),
  ['a quoted word', of('"yes"'), 'yes'],
  ['a tagged number', of('!!str 123'), '123'],
  ['an escape', of('"quo\\u00e9 ted"'), 'quoé ted'],
  ['quotes in quotes', of("'it''s'"), "it's"],
  ['spaces at the ends', of('" sp "'), ' sp '],
  ['a folded text', of('>-\n  two\n  lines'), 'two lines'],
  ['an anchor', `x: &a dev\n${of('*a')}`, 'dev'],
  ['an alias of nothing', `${of('a')}x: *none\n`, undefined],
  ['an alias in itself', `a: &a [*a]\n${of('a')}`, undefined],
  ['a merge key', `x: &a {current-context: merged}\n<<: *a\n`, 'merged'],
  ['a merge key that is none', `<<: 3\n${of('a')}`, undefined],
  ['a key that is a list', `? [a]\n: x\n${of('a')}`, undefined],
  ['a complex key', '? current-context\n: complex\n', 'complex'],
  ['two documents', `${of('one')}---\n${of('two')}`, 'one'],
  ['a broken second document', `${of('one')}---\n[\n`, 'one'],
  ['an empty first document', `---\n---\n${of('two')}`, undefined],
  ['YAML 1.1', `%YAML 1.1\n---\n${of('a')}`, 'a'],
  ['YAML 1.2', `%YAML 1.2\n---\n${of('a')}`, undefined],
  ['JSON', '{\n\t"apiVersion": "v1",\n\t"current-context": "json",\n}', 'json'],
  ['JSON twice', '{"current-context": "a"}\n{"current-context": "b"}', 'a'],
  ['JSON with a comment', '{"current-context": "a" // x\n}', undefined],
  ['JSON that is cut off', '{"current-context": "a"\n', undefined],
  ['JSON of a number', '{"current-context": 1}', undefined],
  ['clusters as a mapping', `current-context: a\nclusters: {}\n`, undefined],
  ['a cluster twice', named('contexts', '{name: c, context: {}}\n- {name: c, context: {}}'), undefined],
  ['a number for a token', named('users', '{name: a, user: {token: 123}}'), undefined],
  ['a word for a flag', named('users', '{name: a, user: {exec: {provideClusterInfo: x}}}'), undefined],
  ['yes for a flag', 'current-context: ok\npreferences: {colors: yes}\n', 'ok'],
  ['data that is not base64', named('users', '{name: a, user: {client-key-data: "?"}}'), undefined],
  ['nested 100 levels', `${of('deep')}x: ${'['.repeat(100)}${']'.repeat(100)}\n`, 'deep'],
  [
    'several MiB',
    `${of('big')}extensions:\n${`- extension: {d: ${'0'.repeat(99_000)}x}\n  name: NAME\n`.repeat(40).replace(/NAME/g, (_, at) => `e${at}`)}`,
    'big',
  ],
]

const lists: [list: string, context: string | undefined][] = [
  ['missing:a', 'a'],
  ['a:missing', 'a'],
  ['none:a:b', 'a'],
  [':a:', 'a'],
  ['a:b:a', 'a'],
  ['a:broken', undefined],
  ['broken:a', undefined],
  ['directory:a', undefined],
  ['a/below:b', undefined],
  ['/dev/null:b', 'b'],
  ['missing', undefined],
]

async function layOut(): Promise<{
  directory: string
  cases: readonly (readonly [string, string | undefined])[]
}> {
  const directory = await temporaryDirectory()
  await mkdir(nodePath.join(directory, 'directory'))
  const members = { a: of('a'), b: of('b'), none: head, broken: '[' }
  for (const [name, text] of Object.entries(members)) await writeFile(nodePath.join(directory, name), text)
  for (const [index, [, content]] of files.entries())
    await writeFile(nodePath.join(directory, `file-${index}`), content)
  const own = files.map(([, , context], index) => [`file-${index}`, context] as const)
  return { directory, cases: [...own, ...lists] }
}

const toLabel = (list: string) => files[Number(/^file-(\d+)$/.exec(list)?.[1])]?.[0] ?? list

test('the current context is that of kubectl', async () => {
  const { directory, cases } = await layOut()
  const { host, install, next } = await createBench()
  await install('kubectl', '')
  const found: [string, unknown][] = []
  for (const [list] of cases) {
    const env = { ...host.env, KUBECONFIG: list }
    const context = await next({ host: { ...host, env, cwd: directory } })
    const target = createTarget({ kind: 'kubernetes', program: 'kubectl' })
    found.push([toLabel(list), (await kubernetesProbe.detect(target, context)).details?.context])
  }
  expect(found).toEqual(cases.map(([list, context]) => [toLabel(list), context]))
})

// A start of kubectl takes its time: one tells of all files which it refuses, then only some are asked for by themselves.
test('kubectl itself says so, where it is installed', { timeout: 120_000 }, async () => {
  const { directory, cases } = await layOut()
  const ask = (KUBECONFIG: string) =>
    promisify(execFile)('kubectl', ['config', 'current-context'], {
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: directory, KUBECONFIG },
    }).then(
      ({ stdout }) => ({ context: stdout.replace(/\n$/, ''), stderr: '' }),
      error => ({
        context: undefined,
        stderr: String(error.stderr ?? ''),
        isMissing: error.code === 'ENOENT',
      }),
    )
  const own = files.map((_, index) => `file-${index}`)
  const { stderr, ...rest } = await ask(own.join(':'))
  if ('isMissing' in rest && rest.isMissing) return
  const refused = own.filter(file => stderr.includes(`"${file}"`))
  const wrongly = refused.filter(file =>
    cases.some(([list, context]) => list === file && context !== undefined),
  )
  expect(wrongly.map(toLabel)).toEqual([])
  const accepted = cases.filter(([list, context]) => context !== undefined && list.startsWith('file-'))
  const tried = [...lists, ...accepted.filter((_, index) => index % 4 === 0)]
  const said = await Promise.all(tried.map(async ([list]) => [toLabel(list), (await ask(list)).context]))
  expect(said).toEqual(tried.map(([list, context]) => [toLabel(list), context]))
  // What is neither refused nor has a context sets none.
  const unset = own.filter((file, index) => !refused.includes(file) && files[index]?.[2] === undefined)
  expect(unset.map(toLabel)).toEqual([
    'empty',
    'comments',
    'null',
    'without a context',
    'keys in capitals',
    'the context null',
    'the context NULL',
    'the context ~',
    'the context ',
    'the context ""',
    'an empty first document',
  ])
})
