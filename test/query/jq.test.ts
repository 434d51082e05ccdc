import { execFileSync, spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHost } from '../../src/platform/node/create-host.ts'
import type { JqOptions } from '../../src/query/jq-call.ts'
import { runFilter } from '../../src/query/run-filter.ts'
import { findShell } from '../support/shells/shells.ts'
import { rounds } from '../support/stress.ts'

const jq = findShell('jq')
const host = createHost({ interrupted: new AbortController().signal })

const document = {
  b: { name: 'docker', version: '28.2.2', tags: ['x', 'y'], size: 10 },
  a: { name: 'podman', version: null, tags: [], size: 2.5 },
  c: { name: 'ünï "q" \t', version: '1.0', tags: ['y', 'z'], size: -1e10 },
}
const text = JSON.stringify(document)

/** Filters that jq 1.6 knows, each with its flags. */
const filters: readonly (readonly [string, ...string[]])[] = [
  ['.'],
  ['.b'],
  ['.b.name', '-r'],
  ['.c.name'],
  ['keys', '-c'],
  ['keys_unsorted', '-c'],
  ['to_entries | map(.key)', '-c'],
  ['map(.size) | add'],
  ['map(select(.size > 2)) | length'],
  ['[.[] | .tags[]] | unique', '-c'],
  ['map_values(.size)', '-S'],
  ['with_entries(select(.value.version != null)) | keys', '-c'],
  ['.. | numbers'],
  ['[paths(type == "string")]', '-c'],
  ['group_by(.size > 0)?', '-c'],
  ['[.[]] | sort_by(.size) | map(.name)', '-c'],
  ['[.[]] | min_by(.size), max_by(.size) | .name'],
  ['[.[] | .tags | length] | any, all', '-c'],
  ['reduce .[] as $x (0; . + $x.size)'],
  ['[foreach .[].size as $n (0; . + $n)]', '-c'],
  ['. as {b: {name: $n, tags: [$first]}} | [$n, $first]', '-c'],
  ['.[] as [$a] ?// {name: $a} | $a', '-c'],
  ['"\\(.b.name) is \\(.b.version)"', '-r'],
  ['@json "x=\\(.b.tags)"', '-r'],
  ['[.[] | .name] | @csv', '-r'],
  ['[.[] | .name] | @tsv', '-r'],
  ['.b.name | @base64, @uri, @html, @sh', '-r'],
  ['.b.name | @base64 | @base64d'],
  ['.b.version | split(".") | map(tonumber)', '-c'],
  ['.b.version | test("^28"), capture("(?<major>\\\\d+)")', '-c'],
  ['[.[].name | ascii_upcase]', '-c'],
  ['.b.name | sub("d"; "D"), gsub("[aeiou]"; "_")'],
  ['[.b.version | scan("\\\\d+")]', '-c'],
  ['.b.name | explode | implode'],
  ['.b | has("name"), has("nope")'],
  ['[.[] | .name | startswith("d"), endswith("n")]', '-c'],
  ['.b.tags | index("y"), inside(["x", "y", "z"])'],
  ['del(.b.tags) | .b', '-c'],
  ['.b.size = 3 | .b.size += 1 | .b.size'],
  ['.a.version //= "none" | .a.version'],
  ['try error("no") catch .'],
  ['.b | try .name.x catch "caught"'],
  ['[limit(3; range(10))]', '-c'],
  ['first(range(5)), last(range(5)), nth(2; range(5))'],
  ['[range(0; 10; 3)]', '-c'],
  ['[.[] | if .size > 5 then "big" elif .size > 0 then "small" else "none" end]', '-c'],
  ['def f($x): $x * 2; [.[].size | f(.)]', '-c'],
  ['def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; 10 | fac'],
  ['label $out | foreach .[] as $x (0; . + 1; if . > 1 then ., break $out else . end)'],
  ['[splits("a")]?', '-c'],
  ['tojson | fromjson | .b.size'],
  ['[1, [2, [3]]] | flatten', '-c'],
  ['[3, 1, 2] | sort, reverse, (map(. * 2) | add)', '-c'],
  ['{a: 1} + {b: 2} | to_entries', '-c'],
  ['{(.b.name): .b.size, "x y": 1}', '-c'],
  ['[.b, .a] | map({name, size})', '-c'],
  ['path(..)', '-c'],
  ['getpath(["b", "name"])'],
  ['[.[] | .size | floor, sqrt?]', '-c'],
  ['1, null, true, "a", [], {} | type'],
  ['[1, 2] - [2], 7 % 3, 10 / 4, "ab" * 2', '-c'],
  ['"2015-03-05T23:51:47Z" | fromdate'],
  ['1425599621 | todate, (gmtime | mktime), strftime("%A %d %B %Y, %j")'],
  ['"10:15 5 Mar 2015" | strptime("%H:%M %d %b %Y") | .[0:5]', '-c'],
  ['input_line_number'],
  ['@text "\\(1)"', '-r'],
  ['$x', '--arg', 'x', 'y z'],
  ['$x.y', '--argjson', 'x', '{"y":[1]}', '-c'],
  ['.', '-s', '-c'],
  ['.', '-n'],
  ['[inputs | keys]', '-n', '-c'],
  ['.b', '--tab'],
  ['.b', '--indent', '1'],
  ['.nope', '-e'],
  ['empty', '-e'],
  ['false, 1', '-e'],
  ['.b', '-S', '-c'],
  ['.[].name', '-j'],
  ['.c.name', '-a'],
]

const names: Readonly<Record<string, string>> = {
  '-r': '--raw-output',
  '-c': '--compact-output',
  '-s': '--slurp',
  '-n': '--null-input',
  '-S': '--sort-keys',
  '-e': '--exit-status',
  '-j': '--join-output',
  '-a': '--ascii-output',
}

async function ask(filter: string, flags: readonly string[] = [], input = text) {
  const options: JqOptions = {
    flags: flags.map(flag => names[flag] ?? flag),
    texts: [],
    values: [],
    files: [],
    rawFiles: [],
  }
  return runFilter(filter, new TextEncoder().encode(input), { options, host })
}

describe.skipIf(jq === undefined)('as the jq of this machine', () => {
  test.each(filters)('%s %s %s %s', async (filter, ...flags) => {
    const real = spawnSync(jq ?? 'jq', [...flags, filter], { input: text, encoding: 'utf8' })
    const { output, exitCode } = await ask(filter, flags)
    expect({ output, exitCode }).toEqual({ output: real.stdout, exitCode: real.status })
  })

  // Newer versions of jq keep the digits of a number as they are written: only texts are the same in all of them.
  test('any text, wherever it stands', async () => {
    const texts = fc.jsonValue({ depthSize: 'small', noUnicodeString: false }).map(toTexts)
    await fc.assert(
      fc.asyncProperty(texts, async value => {
        const input = JSON.stringify(value)
        const real = execFileSync(jq ?? 'jq', ['-cS', '[.., tojson]'], { input, encoding: 'utf8' })
        expect((await ask('[.., tojson]', ['-c', '-S'], input)).output).toBe(real)
      }),
      { numRuns: 15 },
    )
  })
})

function toTexts(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, inner) => (typeof inner === 'number' ? String(inner) : inner)))
}

test.each([
  ['a zero byte is printed', '"a\\u0000b"', ['-r'], 'a\0b\n'],
  ['a number keeps its digits', '.', [], '100000000000000000000\n', '100000000000000000000'],
  ['keys keep their order', 'keys_unsorted', ['-c'], '["b","a","10","2"]\n', '{"b":1,"a":2,"10":3,"2":4}'],
  ['there is no environment', '[env, $ENV]', ['-c'], '[{},{}]\n'],
])('%s', async (_, filter, flags, output, input = 'null') => {
  expect(await ask(filter, flags, input)).toMatchObject({ output, exitCode: 0, failure: undefined })
})

test.each([
  ['.a.[}', '  .a.[}\n      ^'],
  ['map(.a', '  map(.a\n        ^'],
  ['.a | nope | .b', '  .a | nope | .b\n       ^'],
  ['[.[] | {a: 1]', '  [.[] | {a: 1]\n              ^'],
  ['.a # all of it\n| nope', '  2 │ | nope\n        ^'],
  ['"a \\("b" + "c)") d" | $x', '  "a \\("b" + "c)") d" | $x\n                        ^'],
  [`${'.a | '.repeat(30)}nope | .b`, `  …${'.a | '.repeat(6)}nope | .b\n   ${' '.repeat(30)}^`],
])('%s is shown with its place', async (filter, shown) => {
  await expect(ask(filter)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/^the filter does not parse: /),
  })
  const message: unknown = await ask(filter).catch((error: Error) => error.message)
  expect(String(message).split('\n').slice(1).join('\n')).toBe(shown)
})

test.each([
  ['docker', 'Fields begin with a dot: .docker'],
  ['modles', 'Did you mean "models"?'],
  ['.b | lenght', 'Did you mean "length"?'],
  ['splits', 'It is written splits(…) or splits(…; …)'],
  ['keys(.b)', 'It is written keys'],
  ['nope(.b)', 'Functions are those of https://jqlang.org/manual'],
  ['include "a"; 1', 'No modules are read here: write what is needed into the filter'],
])('%s has a hint', async (filter, hint) => {
  await expect(ask(filter)).rejects.toMatchObject({ hint })
})

test.each(['import "a" as a; 1', 'include "/etc/passwd"; 1', 'import "/etc/hostname" as $d; $d'])(
  'no file is read by %s',
  async filter => {
    await expect(ask(filter)).rejects.toMatchObject({ code: 'usage' })
  },
)

test.each([
  ['an error', '1, error("no")', '1\n', 'no'],
  ['an error that is no text', 'error({a: 1})', '', '{"a":1}'],
  ['a wrong type', '.a', '', 'Cannot index number with string "a"'],
  ['recursion without end', 'def f: 1 + f; f', '', 'jq was ended: it needs more than 1024 MiB of memory'],
  [
    'a value too deep',
    'reduce range(100000) as $i (1; [.]) | tojson',
    '',
    'jq was ended: it is nested too deeply',
  ],
  ['a text too deep', '"[" * 100000 | fromjson', '', expect.stringContaining('Exceeds depth limit')],
  [
    'too much output',
    '("x" * 30000000) | ., ., .',
    expect.any(String),
    'jq was ended: it printed more than 64 MiB',
  ],
])(
  '%s is a failure, and the next filter is not harmed',
  async (_, filter, output, failure) => {
    expect(await ask(filter, [], '1')).toMatchObject({ output, failure })
    expect(await ask('.', [], '1')).toMatchObject({ output: '1\n', failure: undefined })
  },
  60_000,
)

// As jq 1.7 and later have it; the last one's status is a byte.
test.each([
  ['halt_error', '{"a":1}\n', 5],
  ['"no" | halt_error', 'no', 5],
  ['"no\n" | halt_error(1)', 'no\n', 1],
  ['"jq: error (at x): no" | halt_error(4)', 'jq: error (at x): no', 4],
  ['"jq: 1 compile error" | halt_error(1)', 'jq: 1 compile error', 1],
  ['"" | halt_error', '', 5],
  ['null | halt_error(3)', '', 3],
  ['"no" | halt_error(0)', 'no', 0],
  ['"no" | halt_error(300)', 'no', 44],
  ['halt', '', 0],
])('%s ends with the message and the status of jq', async (filter, messages, exitCode) => {
  const answer = { output: '1\n', messages, exitCode, failure: undefined }
  expect(
    await ask(`1, (${filter})`, [], '{"a":1}').then(({ output, ...rest }) => ({
      ...rest,
      output: output.slice(0, 2),
    })),
  ).toEqual(answer)
})

test('what is too long is refused', async () => {
  await expect(ask(`1${' '.repeat(64 * 1024)}`)).rejects.toMatchObject({
    message: 'the filter has 65537 bytes, the limit is 65536',
  })
})

test('a long filter is run', async () => {
  expect(await ask(`[${'1,'.repeat(20_000)}1] | length`)).toMatchObject({ output: '20001\n' })
})

test('any filter is answered or refused, and never throws anything else', async () => {
  const piece = fc.constantFrom(
    '.',
    '.a',
    '[',
    ']',
    '{',
    '}',
    '(',
    ')',
    '|',
    ',',
    '"',
    '\\',
    '\\(',
    '1',
    'x',
    '$',
    '#',
    '\n',
    '@',
    ' ',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async pieces => {
      await ask(pieces.join('')).catch(error => expect(error).toMatchObject({ code: 'usage' }))
    }),
    { numRuns: rounds(60) },
  )
}, 60_000)
