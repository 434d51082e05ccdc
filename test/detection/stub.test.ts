import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { pathProbe } from '../../src/detection/path.ts'
import type { ProbeMode } from '../../src/detection/probe.ts'
import { createBench } from '../support/bench.ts'
import { createTarget } from '../support/probe-context.ts'

// Docker Desktop in WSL without its integration: docker/for-win#13088.
const docker = `binary=\`basename $0\`
echo ""
echo "The command '$binary' could not be found in this WSL 2 distro."
echo "We recommend to activate the WSL integration in Docker Desktop settings."
echo "https://docs.docker.com/go/wsl2/"
exit 1`
// The package of Ubuntu that stands for a snap.
const chromium = `if ! [ -x /none/snap/bin/chromium ]; then
    echo "" >&2
    echo "Command '$0' requires the chromium snap to be installed." >&2
    echo "snap install chromium" >&2
    exit 1
fi
exec /none/snap/bin/chromium "$@"`
const notFound = `ls / >/dev/null
echo "Command '$(basename "$0")' not found, but can be installed with:" >&2; echo "apt install tool" >&2; exit 127`
const store = `cat /dev/null
echo "Python was not found; run without arguments to install from the Microsoft Store" >&2; exit 49`

async function detect(program: string, body: string, mode?: ProbeMode) {
  const { context, bin } = await createBench({}, mode ? { mode } : {})
  const { writeScript } = await import('../support/processes/script.ts')
  await writeScript(`${bin}/${program}`, body)
  return pathProbe.detect(createTarget({ program, versionCheck: [program, '--version'] }), context)
}

describe('a placeholder is broken, with its first line', () => {
  const rows: [what: string, program: string, body: string, said: string | RegExp][] = [
    [
      'Docker Desktop in WSL',
      'docker',
      docker,
      "The command 'docker' could not be found in this WSL 2 distro.",
    ],
    ['a transitional package', 'chromium-browser', chromium, /requires the chromium snap to be installed\.$/],
    ['command-not-found', 'tool', notFound, "Command 'tool' not found, but can be installed with:"],
    ['the Store', 'python3', store, /^Python was not found; run without/],
    [
      'a here-document',
      'tool',
      "cat <<'EOF' >&2\n\nrm -rf: it moved to tool-ng\nEOF\nexit 1",
      'rm -rf: it moved to tool-ng',
    ],
    ['redirected words', 'tool', '>&2 echo "moved; see | README"\nexit 2', 'moved; see | README'],
    [
      'a case of arguments',
      'tool',
      'case "$1" in -h|--help) echo hi;; *) echo "gone for good" >&2; exit 1;; esac',
      'gone for good',
    ],
    ['a function', 'tool', 'gone() { printf "%s\\n" "gone for good"; exit 1; }\ngone', 'gone for good'],
  ]
  test.each(rows)('%s', async (_what, program, body, said) => {
    const finding = await detect(program, body)
    expect(finding).toMatchObject({
      status: 'broken',
      version: null,
      reason: typeof said === 'string' ? said : expect.stringMatching(said),
    })
    expect(finding.details ?? {}).not.toHaveProperty('provider')
  })
})

describe('without proof a program stays present, and the reason says what failed', () => {
  const rows: [what: string, body: string][] = [
    ['a launcher of what fails', 'exec sh -c "echo ERROR: Ansible requires UTF-8 >&2; exit 1"'],
    [
      'a launcher without its runtime',
      '[ -n "$NOT_SET" ] || { echo "java not found" >&2; exit 1; }\nexec "$NOT_SET/java" "$@"',
    ],
    ['a launcher whose target is gone', 'exec /none/lib/tool "$@"'],
    ['a launcher by a variable', 'real=/none/tool\necho "failing" >&2\n"$real" "$@" || exit 1'],
    ['a variable before a command', 'LC_ALL=C ls /none-such'],
    ['a command inside of a text', 'echo "it says $(ls /none-such 2>&1)"; exit 1'],
    ['a program without a version command', 'echo "usage: tool hi" >&2; exit 2'],
    ['an option that is unknown', 'echo "unknown option --version" >&2; exit 2'],
    ['silence', 'exit 1'],
    ['a version in what it says', 'echo "see manual 4.5.6" >&2; exit 3'],
    ['a large script', `echo "failing" >&2; exit 1\n# ${'x'.repeat(5000)}`],
    ['another missing thing', 'ls / >/dev/null; echo "other was not found" >&2; exit 1'],
    ['success', 'echo "The command \'tool\' could not be found"; exit 0'],
    ['a signal', 'echo "gone" >&2; kill -KILL $$'],
  ]
  test.each(rows)('%s', async (_what, body) => {
    expect(await detect('tool', body)).toMatchObject({ status: 'present', version: null })
  })

  test('a binary', async () => {
    expect(await detect('tool', 'exec false')).toMatchObject({ status: 'present' })
  })

  test('a version beside the failure', async () => {
    expect(await detect('tool', 'echo "tool 1.2.3"; exit 1')).toMatchObject({ version: '1.2.3' })
  })
})

test('a quick sync uses the cached result, any other probes again', async () => {
  const { bin, install, next } = await createBench()
  const path = await install('tool', `echo "gone for good" >&2; test -e "${bin}/real" || exit 1`)
  const target = createTarget({ program: 'tool', versionCheck: ['tool', '--version'] })
  const detectIn = async (mode: ProbeMode) => (await pathProbe.detect(target, await next({ mode }))).status
  expect([await detectIn('quick'), await detectIn('normal'), await detectIn('quick')]).toEqual([
    'present',
    'broken',
    'broken',
  ])
  await writeFile(`${bin}/real`, path)
  expect(await detectIn('normal')).toBe('present')
})
