import { mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { kubernetesProbe } from '../../src/detection/kubernetes/kubernetes-probe.ts'
import type { ProbeMode } from '../../src/detection/probe.ts'
import { createBench } from '../support/bench.ts'
import { createTarget } from '../support/probe-context.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const target = createTarget({
  id: 'kubernetes',
  kind: 'kubernetes',
  program: 'kubectl',
  versionCheck: ['kubectl', 'version', '--client'],
})
const kubectl = `case "$*" in
'version --client') echo "Client Version: v1.32.4"; echo "Kustomize Version: v5.5.0";;
*) echo "The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?" >&2; exit 1;;
esac`

interface Options {
  readonly files?: Readonly<Record<string, string>>
  readonly KUBECONFIG?: string
  readonly mode?: ProbeMode
  readonly isTrusted?: boolean
  readonly script?: string
}

async function detect(options: Options) {
  const { files = {}, KUBECONFIG, mode = 'normal', isTrusted = true, script = kubectl } = options
  const home = await temporaryDirectory()
  for (const [name, text] of Object.entries(files)) {
    const path = nodePath.join(home, name)
    await mkdir(nodePath.dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  const list = KUBECONFIG === undefined ? {} : { KUBECONFIG: KUBECONFIG.replaceAll('~', home) }
  const { host, install, next } = await createBench({ env: list })
  await install('kubectl', script)
  return kubernetesProbe.detect(
    { ...target, isTrusted },
    await next({ mode, host: { ...host, userHome: home } }),
  )
}

const withContext = (name: string) => `apiVersion: v1\nkind: Config\ncurrent-context: ${name}\ncontexts: []\n`

describe('kubernetes', () => {
  test('is present when kubectl is, with its version and context, and no context is no fault', async () => {
    expect(await detect({})).toMatchObject({
      status: 'present',
      version: '1.32.4',
      evidence: 'path',
      reason: null,
      details: { version_raw: 'Client Version: v1.32.4' },
    })
    const finding = await detect({ files: { '.kube/config': withContext('dev') } })
    expect(finding.details).toEqual({ version_raw: 'Client Version: v1.32.4', context: 'dev' })
  })

  test('is absent without kubectl, whatever kubeconfig says', async () => {
    const { context, host } = await createBench()
    await mkdir(nodePath.join(host.directory, '.kube'))
    await writeFile(nodePath.join(host.directory, '.kube/config'), withContext('dev'))
    expect(await kubernetesProbe.detect(target, context)).toMatchObject({
      status: 'absent',
      reason: 'kubectl was not found on PATH',
    })
  })
})

describe('the context', () => {
  const getContext = async (options: Options) => (await detect(options)).details?.context

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['only a comment', '# nothing\n'],
    ['without a current context', 'apiVersion: v1\n'],
    ['with an empty one', 'current-context: ""\n'],
    ['no YAML', 'current-context: [dev\n'],
    ['no mapping', '- current-context: dev\n'],
    ['a context that is no text', 'current-context: {a: 1}\n'],
    ['a bomb', `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a]`).join('\n')}\n[`],
    ['deep', `current-context: ${'['.repeat(100_000)}`],
    ['huge', `current-context: dev\n#${'x'.repeat(16 * 1024 * 1024)}`],
  ])('is unset when kubeconfig is %s', async (_name, text) => {
    expect(await getContext({ files: text === undefined ? {} : { '.kube/config': text } })).toBeUndefined()
  })

  test.each([
    ['arn:aws:eks:eu-west-1:123:cluster/prod', 'arn:aws:eks:eu-west-1:123:cluster/prod'],
    ['admin@kind', 'admin@kind'],
    ['"two words"', 'two words'],
    ['"evil\\e[31m\\u202Ename\\n"', 'evilname'],
  ])('named %s is %s', async (written, context) => {
    expect(await getContext({ files: { '.kube/config': withContext(written) } })).toBe(context)
  })

  test('is that of the first file in KUBECONFIG that sets one; missing files are ignored', async () => {
    const files = {
      'none.yaml': 'apiVersion: v1\n',
      'first.yaml': withContext('first'),
      'second.yaml': withContext('second'),
      '.kube/config': withContext('default'),
    }
    const KUBECONFIG = '~/missing.yaml::~/none.yaml:~/first.yaml:~/second.yaml'
    expect(await getContext({ files, KUBECONFIG })).toBe('first')
    expect(await getContext({ files, KUBECONFIG: '~/missing.yaml' })).toBeUndefined()
    expect(await getContext({ files, KUBECONFIG: '' })).toBe('default')
  })

  test('is unset when one of several files is broken: kubectl reads none then', async () => {
    const files = { 'bad.yaml': '[', 'good.yaml': withContext('good') }
    expect(await getContext({ files, KUBECONFIG: '~/good.yaml:~/bad.yaml' })).toBeUndefined()
  })

  // 20 000 brackets make the YAML library abort the whole process.
  test('is unset when the file is nested without end', async () => {
    expect(await getContext({ files: { '.kube/config': '['.repeat(20_000) } })).toBeUndefined()
  })

  test('is read again when the file changes, and only then', async () => {
    const { host, install, next } = await createBench()
    await install('kubectl', kubectl)
    const path = nodePath.join(host.directory, '.kube/config')
    await mkdir(nodePath.dirname(path))
    const reads: string[] = []
    const fs = {
      ...host.fs,
      readBytes: (file: string, maxBytes?: number) => {
        if (file === path) reads.push(file)
        return host.fs.readBytes(file, maxBytes)
      },
    }
    const get = async () =>
      (await kubernetesProbe.detect(target, await next({ host: { ...host, fs } }))).details?.context
    await writeFile(path, withContext('before'))
    expect([await get(), await get()]).toEqual(['before', 'before'])
    expect(reads).toHaveLength(1)
    await writeFile(path, withContext('afterwards'))
    expect(await get()).toBe('afterwards')
  })
})

describe('the cluster', () => {
  const files = { '.kube/config': withContext('dev') }

  test('is queried only in a deep sync', async () => {
    expect((await detect({ files })).details).not.toHaveProperty('cluster')
  })

  test('is not queried without a context', async () => {
    expect((await detect({ mode: 'deep' })).details).not.toHaveProperty('cluster')
  })

  test('is not queried for an entry that is not trusted', async () => {
    const { status, details } = await detect({ files, mode: 'deep', isTrusted: false })
    expect({ status, context: details?.context }).toEqual({ status: 'present', context: 'dev' })
    expect(details).not.toHaveProperty('cluster')
  })

  test('that does not answer is unreachable at its address', async () => {
    expect((await detect({ files, mode: 'deep' })).details?.cluster).toEqual({
      reachable: false,
      version: null,
      reason: 'unreachable at 127.0.0.1:6443',
    })
  })

  test('that answers says its version', async () => {
    const script = `test "$2" = --client && echo "Client Version: v1.32.4" && exit
test "$*" = "version --output=json --request-timeout=4s" || exit 9
test -f "$KUBECONFIG" || exit 9
echo '[login] {"level": "info"}'; echo '{"clientVersion":{},"serverVersion":{"gitVersion":"v1.31.0"}}'; exit 1`
    expect((await detect({ files, mode: 'deep', script })).details?.cluster).toEqual({
      reachable: true,
      version: 'v1.31.0',
      reason: null,
    })
  })
})
