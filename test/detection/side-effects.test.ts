import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { probes } from '../../src/detection/detect.ts'
import { createBench } from '../support/bench.ts'
import { createTarget } from '../support/probe-context.ts'
import { writeScript } from '../support/processes/script.ts'
import { listenOnLoopback } from '../support/servers/listen-on-loopback.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const versionTarget = createTarget({ program: 'tool', versionCheck: ['tool', '--version'] })
const ofCommand = (...args: string[]) => createTarget({ kind: 'command', command: ['tool', ...args] })

interface Setup {
  readonly env?: (home: string) => Record<string, string>
  readonly files?: Readonly<Record<string, string>>
}

async function createMachine(body: string, { env = () => ({}), files = {} }: Setup = {}) {
  const home = await temporaryDirectory()
  for (const [name, text] of Object.entries(files)) {
    await mkdir(nodePath.dirname(nodePath.join(home, name)), { recursive: true })
    await (text.startsWith('#!') ? writeScript : writeFile)(nodePath.join(home, name), text)
  }
  const bench = await createBench({ env: { HOME: home, ...env(home) } })
  Object.assign(bench.host, { userHome: home })
  const context = await bench.next()
  await bench.install('tool', body)
  const countRuns = async () => (await readFile(`${bench.bin}/tool.log`, 'utf8')).split('\n').length - 1
  return { home, bench, context, countRuns }
}

async function countRequests() {
  const paths: string[] = []
  const server = createServer((request, response) => {
    paths.push(String(request.url))
    response.end('{"version":"9.9.9"}')
  })
  const port = await listenOnLoopback(server)
  return { address: `127.0.0.1:${port}`, paths }
}

const leave = (path: string) => `mkdir -p "$(dirname "${path}")" && echo left >"${path}"; echo "tool 1.2.3"`

describe('a version command leaves nothing', () => {
  test.each([
    ['in the home', '$HOME/.tool/logs/1.log'],
    ['in the configuration', '$' + '{XDG_CONFIG_HOME:-$HOME/.config}/tool/config'],
    ['in the cache', '$' + '{XDG_CACHE_HOME:-$HOME/.cache}/tool/cache'],
    ['in the data', '$' + '{XDG_DATA_HOME:-$HOME/.local/share}/tool/data'],
    ['in the state', '$' + '{XDG_STATE_HOME:-$HOME/.local/state}/tool/log'],
    ['in the runtime directory', '$XDG_RUNTIME_DIR/tool.lock'],
    ['among temporary files', '$TMPDIR/tool.123'],
    ['in TMP', '$TMP/tool.123'],
    ['in the working directory', './tool.log'],
  ])('%s', async (_, path) => {
    const { home, context } = await createMachine(leave(path), {
      env: at => ({
        XDG_CONFIG_HOME: `${at}/c`,
        XDG_CACHE_HOME: `${at}/k`,
        XDG_DATA_HOME: `${at}/d`,
        XDG_STATE_HOME: `${at}/s`,
        XDG_RUNTIME_DIR: `${at}/r`,
        TMPDIR: `${at}/t`,
        TMP: `${at}/t`,
      }),
    })
    expect(await probes.path.detect(versionTarget, context)).toMatchObject({ version: '1.2.3' })
    expect(await readdir(home)).toEqual([])
  })

  test.each([
    ...['AIRFLOW_HOME', 'AZURE_CONFIG_DIR', 'CLOUDSDK_CONFIG', 'CODEX_HOME', 'COPILOT_CACHE_HOME'],
    ...[
      'DOCKER_CONFIG',
      'DOTNET_CLI_HOME',
      'GEMINI_CLI_HOME',
      'GH_CONFIG_DIR',
      'GIT_TRACE',
      'GLAB_CONFIG_DIR',
    ],
    ...['GRADLE_USER_HOME', 'HELM_CACHE_HOME', 'HELM_CONFIG_HOME', 'HELM_DATA_HOME', 'HF_HOME', 'KERAS_HOME'],
    ...['KUBECACHEDIR', 'MPLCONFIGDIR', 'NODE_COMPILE_CACHE', 'NPM_CONFIG_CACHE', 'NVIM_LOG_FILE'],
    ...['PROMPTFOO_CONFIG_DIR', 'STARSHIP_CACHE', 'TF_LOG_PATH', 'TORCH_HOME', 'TRITON_CACHE_DIR'],
    ...[
      'VLLM_CACHE_ROOT',
      'VLLM_CONFIG_ROOT',
      'WRANGLER_LOG_PATH',
      'npm_config_cache',
      'npm_config_logs_dir',
    ],
  ])('where %s says', async name => {
    const { home, context } = await createMachine(
      `case "$${name}" in "$OWN"/*) echo left >"$${name}";; esac; echo 1.2.3`,
      { env: at => ({ OWN: at, [name]: `${at}/place` }) },
    )
    expect(await probes.path.detect(versionTarget, context)).toMatchObject({ version: '1.2.3' })
    expect(await readdir(home)).toEqual([])
  })

  test('when it only says whether something is there', async () => {
    const { home, context } = await createMachine(leave('$HOME/.tool'))
    expect(await probes.command.detect(ofCommand('--version'), context)).toMatchObject({ status: 'present' })
    expect(await readdir(home)).toEqual([])
  })

  test('and what it prints of its paths is true afterwards', async () => {
    const { home, context } = await createMachine('echo "tool 1.2 from $HOME/.local/lib"')
    const { details } = await probes.path.detect(versionTarget, context)
    expect(details?.version_raw).toBe(`tool 1.2 from ${home}/.local/lib`)
  })

  test('in what Java takes for the home and temporary files', async () => {
    const { home, context } = await createMachine(
      'for option in $JAVA_TOOL_OPTIONS; do case $option in *=*) echo left >"$' +
        '{option#*=}/left" || exit 1;; esac; done; echo "Picked up JAVA_TOOL_OPTIONS: -Da=9.8.7 $JAVA_TOOL_OPTIONS" >&2; echo \'openjdk version "21.0.1"\' >&2',
    )
    expect(await probes.path.detect(versionTarget, context)).toMatchObject({ version: '21.0.1' })
    expect(await readdir(home)).toEqual([])
  })
})

describe('a version command goes nowhere', () => {
  test('through the proxy that most programs take from the environment', async () => {
    const { address, paths } = await countRequests()
    const body = `curl -s -m 5 "http://${address}/latest" >/dev/null; echo 1.2.3`
    const { context } = await createMachine(body, { env: () => ({ NO_PROXY: '*', no_proxy: '127.0.0.1' }) })
    expect(await probes.path.detect(versionTarget, context)).toMatchObject({ version: '1.2.3' })
    expect(paths).toEqual([])
  })

  test('to the server of OLLAMA_HOST, whose version is another one', async () => {
    const { address, paths } = await countRequests()
    const body = `if curl -sf -m 5 --noproxy '*' "http://$OLLAMA_HOST/api/version" >/dev/null
then echo "ollama version is 9.9.9"; else echo "Warning: could not connect to a running Ollama instance"; fi
echo "Warning: client version is 0.5.4"`
    const { context } = await createMachine(body, { env: () => ({ OLLAMA_HOST: address }) })
    expect(await probes.path.detect(versionTarget, context)).toMatchObject({ version: '0.5.4' })
    expect(paths).toEqual([])
  })

  test('but a command about accounts does', async () => {
    const { address, paths } = await countRequests()
    const { home, context } = await createMachine(
      `curl -sf -m 5 "http://${address}/whoami" >/dev/null && test -e "$HOME/.tool/token"`,
      { files: { '.tool/token': 'x' } },
    )
    expect(await probes.command.detect(ofCommand('auth', 'status'), context)).toMatchObject({
      status: 'present',
    })
    expect(paths).toEqual(['/whoami'])
    expect(await readdir(home)).toEqual(['.tool'])
  })
})

const answering = '#!/bin/sh\necho "tool 1.2.3"'

describe('a program that needs the home', () => {
  test.each([
    ['.rustup/toolchains/stable/bin/tool', 1],
    ['.local/share/mise/installs/tool/1/bin/tool', 1],
    ['.nvm/versions/tool', 1],
    // Not known for what installs programs: the second try finds it.
    ['.my-own-tools/tool', 2],
  ])('because %s is what it starts has its version after %i runs', async (path, runs) => {
    const { context, countRuns } = await createMachine(`exec "$HOME/${path}"`, {
      files: { [path]: answering },
      env: at => ({ XDG_DATA_HOME: `${at}/.local/share` }),
    })
    expect(await probes.path.detect(versionTarget, context)).toMatchObject({
      status: 'present',
      version: '1.2.3',
    })
    expect(await countRuns()).toBe(runs)
  })

  test('to say which version runs has it', async () => {
    const { context } = await createMachine('echo "tool $(cat "$HOME/.tool-versions")"', {
      files: { '.tool-versions': '3.2.1' },
    })
    expect(await probes.path.detect(versionTarget, context)).toMatchObject({ version: '3.2.1' })
  })

  test('because `pip install --user` put its packages there finds them', async () => {
    const body = `exec python3 -c 'import site; print("tool 1.2.3 in", site.getuserbase())'`
    const { home, context } = await createMachine(body)
    const { version, details } = await probes.path.detect(versionTarget, context)
    expect(version).toBe('1.2.3')
    expect(details?.version_raw).toBe(`tool 1.2.3 in ${home}/.local`)
  })

  test('to be there is there', async () => {
    const { context } = await createMachine('test -e "$HOME/.tool/config"', { files: { '.tool/config': '' } })
    expect(await probes.command.detect(ofCommand('--version'), context)).toMatchObject({ status: 'present' })
  })

  test('and does not respond there either is not run a third time', async () => {
    const { context, countRuns } = await createMachine('echo "no such thing" >&2; exit 3')
    expect(await probes.path.detect(versionTarget, context)).toMatchObject({ version: null })
    expect(await countRuns()).toBe(2)
  })
})

test('Ansible, which refuses every locale that is not UTF-8, is there', async () => {
  const refusing = `case "$LC_ALL" in *.UTF-8|*.utf8) ;; *) echo "ERROR: Ansible requires the locale encoding to be UTF-8" >&2; exit 1;; esac
echo "ansible [core 2.19.11]"`
  const { context } = await createMachine(refusing, { env: () => ({ LC_ALL: 'C' }) })
  expect(await probes.command.detect(ofCommand('--version'), context)).toMatchObject({ status: 'present' })
  expect(await probes.path.detect(versionTarget, context)).toMatchObject({ version: '2.19.11' })
})
