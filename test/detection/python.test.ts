import { mkdir, rm, symlink, unlink, utimes } from 'node:fs/promises'
import nodePath from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding, ProbeContext, ProbeTarget } from '../../src/detection/probe.ts'
import { pythonProbe } from '../../src/detection/python/python-probe.ts'
import { createMemoryCache, createProbeContext, createTarget } from '../support/probe-context.ts'
import { createVenv, createVenvTemplate, type Venv, writeFiles } from '../support/processes/python-venv.ts'
import { writeScript } from '../support/processes/script.ts'
import { createTestHost, temporaryDirectory } from '../support/test-host.ts'

let template: Awaited<ReturnType<typeof createVenvTemplate>>
beforeAll(async () => {
  template = await createVenvTemplate()
})
afterAll(() => template.remove())

interface Setup {
  env?: Record<string, string | undefined>
  cwd?: string
  context?: Partial<ProbeContext>
  now?: () => number
}

/** A context that counts how many processes are started. */
async function createCountingContext({ env = {}, cwd, context = {}, now }: Setup) {
  // One home for all: it decides where the user's own site-packages are.
  const host = await createTestHost({
    env: { HOME: '/nowhere', ...env },
    ...(cwd && { cwd }),
    ...(now && { clock: { now } }),
  })
  const inner = await createProbeContext(host)
  const started: string[] = []
  const counting: ProbeContext = {
    ...inner,
    ...context,
    run: (argv, options) => {
      started.push(argv.at(-1) ?? '')
      return inner.run(argv, options)
    },
  }
  return { context: counting, started }
}

function toModule(target: Partial<ProbeTarget> & { name: string; distributions?: string[] }): ProbeTarget {
  const { name, distributions = [], ...rest } = target
  return createTarget({ kind: 'python', module: { name, distributions }, timeoutMs: 20_000, ...rest })
}

async function detect(target: ProbeTarget, setup: Setup): Promise<Finding> {
  const { context } = await createCountingContext(setup)
  return pythonProbe.detect(target, context)
}

function inVenv(venv: Venv): Setup {
  return { env: { VIRTUAL_ENV: venv.directory } }
}

const torch = {
  distribution: 'torch',
  version: '2.4.1+cu121',
  files: { 'torch/__init__.py': '__version__ = "2.4.1+cu121"\n' },
  topLevel: 'functorch\ntorch\n',
}

describe('a module that is there', () => {
  test('is present, verified by an import, with the interpreter, distribution and both versions', async () => {
    const venv = await createVenv(template.directory)
    await venv.install(torch)
    expect(await detect(toModule({ name: 'torch' }), inVenv(venv))).toEqual({
      status: 'present',
      path: nodePath.join(venv.sitePackages, 'torch'),
      version: '2.4.1',
      evidence: 'import',
      reason: null,
      details: {
        interpreter: venv.python,
        python_version: expect.stringMatching(/^3\.\d+\.\d+$/),
        distribution: 'torch',
        version_raw: '2.4.1+cu121',
        // Depends on the machine of the test.
        accelerator: expect.objectContaining({ built_for: 'cuda 12.1' }),
      },
    })
  })

  test('is named by its distribution where that has another name', async () => {
    const venv = await createVenv(template.directory)
    const files = { 'sklearn/__init__.py': '' }
    await venv.install({ distribution: 'scikit-learn', version: '1.5.2', files })
    const finding = await detect(toModule({ name: 'sklearn' }), inVenv(venv))
    expect(finding).toMatchObject({ version: '1.5.2', details: { distribution: 'scikit-learn' } })
  })

  test('that several distributions provide is named by the first that the entry lists', async () => {
    const venv = await createVenv(template.directory)
    const files = { 'onnxruntime/__init__.py': '' }
    await venv.install({ distribution: 'onnxruntime', version: '1.19.0', files })
    await venv.install({ distribution: 'onnxruntime-gpu', version: '1.19.2', files })
    const target = toModule({ name: 'onnxruntime', distributions: ['onnxruntime-gpu', 'onnxruntime'] })
    expect(await detect(target, inVenv(venv))).toMatchObject({
      version: '1.19.2',
      details: { distribution: 'onnxruntime-gpu', distributions: ['onnxruntime-gpu', 'onnxruntime'] },
    })
  })

  const second = (info: string, version: string, file = 'METADATA') => ({
    [`${info}/${file}`]: `Name: torch\nVersion: ${version}\n`,
    [`${info}/top_level.txt`]: 'torch\n',
  })
  const other = second('torch-2.4.0.dist-info', '2.4.0')
  const rows: [
    what: string,
    files: Record<string, string>,
    own: string,
    version: string | null,
    reason: string | null,
  ][] = [
    ['dist-info', other, '__version__ = "2.5.1"', '2.5.1', null],
    ['a local version', other, '__version__ = "2.5.1+cpu"', '2.5.1', null],
    ['zeros at the end', second('torch-2.6.dist-info', '2.6'), '__version__ = "2.6.0"', '2.6', null],
    ['egg-info', second('torch-2.4.0.egg-info', '2.4.0', 'PKG-INFO'), '__version__ = "2.4.0"', '2.4.0', null],
    ['an empty dist-info', { 'torch-2.4.0.dist-info/RECORD': '' }, '', '2.5.1', null],
    ['what pip left behind', second('~orch-2.4.0.dist-info', '2.4.0'), '', '2.5.1', null],
    [
      'no word of its own',
      other,
      '',
      '2.4.0',
      'several versions of torch are installed (2.4.0, 2.5.1), and torch itself reports none',
    ],
    [
      'another word',
      other,
      '__version__ = "3.0"',
      '2.4.0',
      'several versions of torch are installed (2.4.0, 2.5.1), and torch itself reports 3.0',
    ],
  ]
  test.each(rows)(
    'beside a second one has the version that it says: %s',
    async (_what, files, own, version, reason) => {
      const venv = await createVenv(template.directory)
      await venv.install({
        distribution: 'torch',
        version: '2.5.1',
        files: { 'torch/__init__.py': `${own}\n` },
      })
      await venv.write(files)
      expect(await detect(toModule({ name: 'torch' }), inVenv(venv))).toMatchObject({
        status: 'present',
        version,
        reason,
      })
    },
  )

  test('beside a second one has no version that a quick sync could know', async () => {
    const venv = await createVenv(template.directory)
    await venv.install({ distribution: 'torch', version: '2.5.1', files: { 'torch/__init__.py': '' } })
    await venv.write(other)
    expect(
      await detect(toModule({ name: 'torch' }), { ...inVenv(venv), context: { mode: 'quick' } }),
    ).toMatchObject({
      status: 'present',
      version: null,
      reason: 'several versions of torch are installed (2.4.0, 2.5.1), so its version is not known',
    })
  })

  test('is not named by a distribution that only has the right name', async () => {
    const venv = await createVenv(template.directory)
    await venv.install({ distribution: 'tensorflow', version: '0.0.1', files: { 'other.py': '' } })
    await venv.install({
      distribution: 'tensorflow-cpu',
      version: '2.17.0',
      files: { 'tensorflow/__init__.py': '' },
    })
    const finding = await detect(
      toModule({ name: 'tensorflow', distributions: ['tensorflow'] }),
      inVenv(venv),
    )
    expect(finding).toMatchObject({ version: '2.17.0', details: { distribution: 'tensorflow-cpu' } })
  })

  test('is not given the version of a distribution that it shadows', async () => {
    const venv = await createVenv(template.directory)
    await venv.install(torch)
    const shadow = await temporaryDirectory()
    await writeFiles(shadow, { 'torch/__init__.py': '__version__ = "9.9"\n' })
    const env = { VIRTUAL_ENV: venv.directory, PYTHONPATH: shadow }
    const finding = await detect(toModule({ name: 'torch' }), { env })
    expect(finding).toMatchObject({
      path: nodePath.join(shadow, 'torch'),
      version: '9.9',
      evidence: 'import',
    })
    expect(finding.details).not.toHaveProperty('distribution')
  })

  test('that has no metadata reports its version at the import', async () => {
    const venv = await createVenv(template.directory)
    await venv.write({ 'jax/__init__.py': '__version__ = "0.4.35"\n' })
    expect(await detect(toModule({ name: 'jax' }), inVenv(venv))).toMatchObject({
      version: '0.4.35',
      reason: null,
    })
  })

  test('that reports no version anywhere says so', async () => {
    const venv = await createVenv(template.directory)
    await venv.write({ 'jax.py': '' })
    expect(await detect(toModule({ name: 'jax' }), inVenv(venv))).toMatchObject({
      status: 'present',
      path: nodePath.join(venv.sitePackages, 'jax.py'),
      version: null,
      reason: 'jax reports no version',
    })
  })

  test('is found through an editable install of a path', async () => {
    const venv = await createVenv(template.directory)
    const source = await temporaryDirectory()
    await writeFiles(source, { 'src/vllm/__init__.py': '' })
    await venv.write({ '__editable__.vllm-0.6.3.pth': `${source}/src\n` })
    await venv.install({
      distribution: 'vllm',
      version: '0.6.3',
      files: {},
      extra: { 'direct_url.json': '{"dir_info": {"editable": true}, "url": "file:///src"}' },
    })
    expect(await detect(toModule({ name: 'vllm' }), inVenv(venv))).toMatchObject({
      status: 'present',
      path: nodePath.join(source, 'src/vllm'),
      version: '0.6.3',
    })
  })

  test('below a package is found without importing that package', async () => {
    const venv = await createVenv(template.directory)
    await venv.install({
      distribution: 'google-cloud-aiplatform',
      version: '1.70.0',
      files: { 'google/cloud/aiplatform/__init__.py': 'raise SystemExit("imported")\n' },
    })
    const setup: Setup = { ...inVenv(venv), context: { mode: 'quick' } }
    expect(await detect(toModule({ name: 'google.cloud.aiplatform' }), setup)).toMatchObject({
      status: 'present',
      path: nodePath.join(venv.sitePackages, 'google/cloud/aiplatform'),
      version: '1.70.0',
    })
  })

  test('is found by a Python 2, which is queried in its own way', async () => {
    const venv = await createVenv(template.directory)
    await venv.install({ ...torch, files: { 'torch/__init__.py': '' } })
    await venv.write({ 'six.py': '' })
    // What the script uses of Python 2: its number, and the module `imp`, which Python 3.12 took away.
    await venv.write({
      'two.pth': 'import sys; sys.version_info = (2, 7, 18, "final", 0)\n',
      'imp.py': [
        'import os, sys',
        'PKG_DIRECTORY, PY_SOURCE = 5, 1',
        'def find_module(name, path=None):',
        '    for directory in path or sys.path:',
        '        base = os.path.join(directory, name)',
        '        if os.path.isfile(os.path.join(base, "__init__.py")): return None, base, ("", "", PKG_DIRECTORY)',
        '        if os.path.isfile(base + ".py"): return open(base + ".py"), base + ".py", (".py", "r", PY_SOURCE)',
        '    raise ImportError(name)',
      ].join('\n'),
    })
    const setup: Setup = { ...inVenv(venv), context: { mode: 'quick' } }
    expect(await detect(toModule({ name: 'torch' }), setup)).toMatchObject({
      status: 'present',
      path: nodePath.join(venv.sitePackages, 'torch'),
      version: '2.4.1',
      details: { python_version: '2.7.18' },
    })
    const single = await detect(toModule({ name: 'six' }), setup)
    expect(single.path).toBe(nodePath.join(venv.sitePackages, 'six.py'))
    expect(await detect(toModule({ name: 'jax' }), setup)).toMatchObject({ status: 'absent' })
  })

  test('is separated from what is printed around the result', async () => {
    const venv = await createVenv(template.directory)
    await venv.install({ ...torch, files: { 'torch/__init__.py': 'print("<banner>" * 20000)\n' } })
    await venv.write({ 'noise.pth': 'import sys; sys.stdout.write("Welcome to the cluster {}\\n")\n' })
    expect(await detect(toModule({ name: 'torch' }), inVenv(venv))).toMatchObject({
      status: 'present',
      version: '2.4.1',
    })
  })
})

describe('a module that is not there', () => {
  test('is absent, and the reason names the interpreter', async () => {
    const venv = await createVenv(template.directory)
    const finding = await detect(toModule({ name: 'torch' }), inVenv(venv))
    expect(finding).toMatchObject({ status: 'absent', path: null, version: null, evidence: null })
    expect(finding.reason).toMatch(/^torch is not installed for \/.+\/venv\/bin\/python \(3\.\d+\.\d+\)$/)
    expect(finding.details).toMatchObject({ interpreter: venv.python })
  })

  test('does not come from the working directory', async () => {
    const venv = await createVenv(template.directory)
    const cwd = await temporaryDirectory()
    await writeFiles(cwd, { 'torch.py': '', 'transformers/__init__.py': '' })
    const setup = { ...inVenv(venv), cwd }
    expect(await detect(toModule({ name: 'torch' }), setup)).toMatchObject({ status: 'absent' })
    expect(await detect(toModule({ name: 'transformers' }), setup)).toMatchObject({ status: 'absent' })
  })

  test('is not a directory that an uninstall left behind', async () => {
    const venv = await createVenv(template.directory)
    await venv.write({ 'torch/lib/cache.bin': '' })
    const finding = await detect(toModule({ name: 'torch' }), inVenv(venv))
    expect(finding.status).toBe('absent')
    expect(finding.reason).toContain('is a directory without a package in it')
  })
})

describe('a module that does not work', () => {
  const message = 'libcudart.so.12: cannot open shared object file: No such file or directory'

  test.each([
    ['a missing library', `raise ImportError(${JSON.stringify(message)})`, `ImportError: ${message}`],
    [
      'a missing dependency',
      'import nothing_like_it',
      "ModuleNotFoundError: No module named 'nothing_like_it'",
    ],
    ['a fault of syntax', 'def:', 'SyntaxError: invalid syntax'],
    [
      'an error of several lines',
      'raise ImportError("\\n\\nPlease read this\\nand that")',
      'ImportError: Please read this',
    ],
    ['an exit in the middle', 'import sys; sys.exit(0)', 'SystemExit: 0'],
    ['colours in the message', 'raise ValueError("\\x1b[31mred\\x1b[0m\\x07")', 'ValueError: red'],
    ['a crash', 'import os; os.kill(os.getpid(), 11)', 'importing torch was ended by SIGSEGV'],
    [
      'an end without a word',
      'import os; os._exit(3)',
      'importing torch ended the interpreter with exit code 3',
    ],
    [
      'an end with a word',
      'import os; os.write(2, b"fatal: no AVX\\n"); os._exit(3)',
      'importing torch ended the interpreter with exit code 3: fatal: no AVX',
    ],
  ])('%s makes it broken, with the reason', async (_name, code, reason) => {
    const venv = await createVenv(template.directory)
    await venv.install({ ...torch, files: { 'torch/__init__.py': `${code}\n` } })
    const finding = await detect(toModule({ name: 'torch' }), inVenv(venv))
    expect(finding).toMatchObject({ status: 'broken', reason, evidence: 'import', version: '2.4.1' })
  })

  test('a slow import is unknown at its own deadline, and the others are not affected', async () => {
    const venv = await createVenv(template.directory)
    await venv.install({ ...torch, files: { 'torch/__init__.py': 'import time; time.sleep(600)\n' } })
    await venv.write({ 'numpy.py': '__version__ = "2.1.0"\n' })
    const { context } = await createCountingContext(inVenv(venv))
    const [slow, quick] = await Promise.all([
      pythonProbe.detect(toModule({ name: 'torch', timeoutMs: 1000 }), context),
      pythonProbe.detect(toModule({ name: 'numpy' }), context),
    ])
    expect(slow).toMatchObject({ status: 'unknown', version: '2.4.1' })
    expect(slow.reason).toBe('importing torch did not finish within 1 s; timeout_ms gives it longer')
    expect(quick).toMatchObject({ status: 'present', version: '2.1.0' })
  })
})

describe('what is executed', () => {
  test('nothing is imported in quick mode: the metadata is the evidence', async () => {
    const venv = await createVenv(template.directory)
    await venv.install({ ...torch, files: { 'torch/__init__.py': 'raise ImportError\n' } })
    const finding = await detect(toModule({ name: 'torch' }), { ...inVenv(venv), context: { mode: 'quick' } })
    expect(finding).toMatchObject({ status: 'present', evidence: 'metadata', version: '2.4.1', reason: null })
  })

  test('nothing is imported for an entry that is not trusted, and the reason says so', async () => {
    const venv = await createVenv(template.directory)
    await venv.install({ ...torch, files: { 'torch/__init__.py': 'raise ImportError\n' } })
    const finding = await detect(toModule({ name: 'torch', isTrusted: false }), inVenv(venv))
    expect(finding).toMatchObject({ status: 'present', evidence: 'metadata', version: '2.4.1' })
    expect(finding.reason).toBe('importing torch was not tried: the registry home is not trusted')
  })

  test('one interpreter start answers for all modules of a detection, then each is imported once', async () => {
    const venv = await createVenv(template.directory)
    await venv.write({ 'one.py': '', 'two.py': '' })
    const pythonModules = ['one', 'two', 'three'].map(name => ({ name, distributions: [] }))
    const { context, started } = await createCountingContext({ ...inVenv(venv), context: { pythonModules } })
    await Promise.all(pythonModules.map(({ name }) => pythonProbe.detect(toModule({ name }), context)))
    expect(started.sort()).toEqual([JSON.stringify(pythonModules), 'one', 'two'])
  })
})

describe('what is remembered', () => {
  /** Detects torch twice with one cache; says how many processes the second time started. */
  async function startsOfSecond(venv: Venv, between: () => Promise<unknown>, setup: Setup = {}) {
    const cache = createMemoryCache()
    const shared = { ...inVenv(venv), ...setup, context: { cache, ...setup.context } }
    await detect(toModule({ name: 'torch' }), shared)
    await between()
    const { context, started } = await createCountingContext(shared)
    const finding = await pythonProbe.detect(toModule({ name: 'torch' }), context)
    return { starts: started.length, finding }
  }

  async function createTorchVenv(code = ''): Promise<Venv> {
    const venv = await createVenv(template.directory)
    await venv.install({ ...torch, files: { 'torch/__init__.py': code } })
    return venv
  }

  test('an unchanged installation starts no process', async () => {
    const { starts, finding } = await startsOfSecond(await createTorchVenv(), async () => {})
    expect(starts).toBe(0)
    expect(finding).toMatchObject({ status: 'present', evidence: 'import', version: '2.4.1' })
  })

  test('a broken module is remembered as well', async () => {
    const { starts, finding } = await startsOfSecond(
      await createTorchVenv('raise ImportError("no")'),
      async () => {},
    )
    expect(starts).toBe(0)
    expect(finding).toMatchObject({ status: 'broken', reason: 'ImportError: no' })
  })

  test('a package that is new starts the interpreter again, but does not import again', async () => {
    const venv = await createTorchVenv()
    const { starts } = await startsOfSecond(venv, () => venv.write({ 'numpy.py': '' }))
    expect(starts).toBe(1)
  })

  test('a package that is new has a broken module imported again', async () => {
    const venv = await createTorchVenv('import numpy')
    const { starts, finding } = await startsOfSecond(venv, () => venv.write({ 'numpy.py': '' }))
    expect(starts).toBe(2)
    expect(finding.status).toBe('present')
  })

  test('a broken module is imported again after an hour: what it lacks may be installed elsewhere', async () => {
    let now = 0
    const venv = await createTorchVenv('raise ImportError("no")')
    const later = async () => {
      now = 61 * 60 * 1000
    }
    // An import that fails in an empty home is tried once more in the user's.
    expect((await startsOfSecond(venv, later, { now: () => now })).starts).toBe(2)
  })

  test('a clock that was set back makes a failure stale', async () => {
    let now = 1_000_000
    const venv = await createTorchVenv('raise ImportError("no")')
    const earlier = async () => {
      now = 0
    }
    expect((await startsOfSecond(venv, earlier, { now: () => now })).starts).toBe(2)
  })

  test('a module that was touched is inspected and imported again', async () => {
    const venv = await createTorchVenv()
    const touch = () => utimes(nodePath.join(venv.sitePackages, 'torch/__init__.py'), 1, 1)
    expect((await startsOfSecond(venv, touch)).starts).toBe(2)
  })

  test('a .pth file that was edited in place starts the interpreter again', async () => {
    const venv = await createTorchVenv()
    await venv.write({ 'paths.pth': '# nothing\n' })
    const edit = async () => {
      await venv.write({ 'paths.pth': '# something\n' })
      await utimes(nodePath.join(venv.sitePackages, 'paths.pth'), 1, 1)
    }
    expect((await startsOfSecond(venv, edit)).starts).toBe(1)
  })

  test('a directory of PYTHONPATH that appears later starts the interpreter again', async () => {
    const venv = await createTorchVenv()
    const later = nodePath.join(await temporaryDirectory(), 'later')
    const setup = { env: { VIRTUAL_ENV: venv.directory, PYTHONPATH: later } }
    expect((await startsOfSecond(venv, () => mkdir(later), setup)).starts).toBe(1)
  })

  test('an import that ran out of time is tried again', async () => {
    const venv = await createTorchVenv('import time; time.sleep(600)')
    const { context, started } = await createCountingContext(inVenv(venv))
    const target = toModule({ name: 'torch', timeoutMs: 500 })
    await pythonProbe.detect(target, context)
    await pythonProbe.detect(target, context)
    expect(started.filter(last => last === 'torch')).toHaveLength(2)
  })

  test('an import that was verified is known to a quick detection too', async () => {
    const venv = await createTorchVenv()
    const cache = createMemoryCache()
    await detect(toModule({ name: 'torch' }), { ...inVenv(venv), context: { cache } })
    const quick: Setup = { ...inVenv(venv), context: { cache, mode: 'quick' } }
    expect(await detect(toModule({ name: 'torch' }), quick)).toMatchObject({ evidence: 'import' })
  })
})

describe('which Python is queried', () => {
  async function createNamedVenv(name: string): Promise<Venv> {
    const venv = await createVenv(template.directory)
    await venv.install({ ...torch, version: name, files: { 'torch/__init__.py': '' } })
    return venv
  }

  test('an explicit one wins over VIRTUAL_ENV, that over CONDA_PREFIX, that over PATH', async () => {
    const [explicit, active, conda, onPath] = await Promise.all(
      ['1.0', '2.0', '3.0', '4.0'].map(createNamedVenv),
    )
    if (!explicit || !active || !conda || !onPath) throw new Error('four environments are needed')
    const PATH = onPath.bin
    const env = { VIRTUAL_ENV: active.directory, CONDA_PREFIX: conda.directory, PATH }
    const context = { python: explicit.python, mode: 'quick' } as const
    const versions = [
      await detect(toModule({ name: 'torch' }), { env, context }),
      await detect(toModule({ name: 'torch' }), { env, context: { mode: 'quick' } }),
      await detect(toModule({ name: 'torch' }), {
        env: { ...env, VIRTUAL_ENV: '' },
        context: { mode: 'quick' },
      }),
      await detect(toModule({ name: 'torch' }), { env: { PATH }, context: { mode: 'quick' } }),
    ].map(({ version }) => version)
    expect(versions).toEqual(['1.0', '2.0', '3.0', '4.0'])
  })

  test('a VIRTUAL_ENV whose interpreter is gone is passed over', async () => {
    const [gone, onPath] = await Promise.all(['1.0', '2.0'].map(createNamedVenv))
    if (!gone || !onPath) throw new Error('two environments are needed')
    await unlink(gone.python)
    await symlink('/nowhere/python3', gone.python)
    const env = { VIRTUAL_ENV: gone.directory, PATH: onPath.bin }
    expect(await detect(toModule({ name: 'torch' }), { env })).toMatchObject({
      version: '2.0',
      details: { interpreter: onPath.python },
    })
  })

  test('python3 is queried where there is no python', async () => {
    const venv = await createNamedVenv('3.0')
    await rm(venv.python)
    await symlink('/nowhere/python', venv.python)
    const finding = await detect(toModule({ name: 'torch' }), { env: { PATH: venv.bin } })
    expect(finding.details).toMatchObject({ interpreter: nodePath.join(venv.bin, 'python3') })
  })

  test('python3 is queried where the shim python has nothing behind it', async () => {
    const venv = await createNamedVenv('3.0')
    const { context } = await createCountingContext({ env: { PATH: venv.bin } })
    const { programs } = context
    const broken = { kind: 'broken', path: '/shims/python', manager: 'pyenv', reason: 'no version' } as const
    const finding = await pythonProbe.detect(toModule({ name: 'torch' }), {
      ...context,
      programs: {
        find: async name =>
          name === 'python' ? { result: broken, others: [], passedOver: [] } : programs.find(name),
      },
    })
    expect(finding).toMatchObject({ status: 'present', version: '3.0' })
  })

  test('without any, every framework is absent, with the reason', async () => {
    expect(await detect(toModule({ name: 'torch' }), { env: { PATH: '/nowhere' } })).toEqual({
      status: 'absent',
      path: null,
      version: null,
      evidence: null,
      reason: 'no Python interpreter was found on PATH',
    })
  })

  test.each([
    ['a path without a file', '/nowhere/python', '/nowhere/python is not a program that can be started'],
    ['a name that is not on PATH', 'python9', 'python9 was not found on PATH'],
  ])('an explicit one that is %s makes every framework unknown', async (_name, python, reason) => {
    const setup = { env: { PATH: '/nowhere' }, context: { python } }
    expect(await detect(toModule({ name: 'torch' }), setup)).toMatchObject({ status: 'unknown', reason })
  })

  test.each([
    ['is no Python at all', 'echo "usage: python"\n', 'did not respond as a Python interpreter'],
    [
      'fails at its start',
      'echo "Could not find platform libraries" >&2\nexit 1\n',
      ': Could not find platform libraries',
    ],
    ['crashes', 'kill -SEGV $$\n', 'was ended by SIGSEGV'],
  ])('one that %s makes every framework unknown', async (_name, script, reason) => {
    const directory = await temporaryDirectory()
    const python = await writeScript(nodePath.join(directory, 'python'), script)
    const finding = await detect(toModule({ name: 'torch' }), { env: { PATH: directory } })
    expect(finding.status).toBe('unknown')
    expect(finding.reason).toContain(python)
    expect(finding.reason).toContain(reason)
  })

  test('PYTHONPATH counts, as it does for the user', async () => {
    const venv = await createVenv(template.directory)
    const extra = await temporaryDirectory()
    await writeFiles(extra, { 'torch/__init__.py': '__version__ = "2.0"\n' })
    const env = { VIRTUAL_ENV: venv.directory, PYTHONPATH: extra }
    expect(await detect(toModule({ name: 'torch' }), { env })).toMatchObject({
      status: 'present',
      version: '2.0',
    })
  })

  test('an entry without a module is unknown', async () => {
    expect(await detect(createTarget({ kind: 'python' }), {})).toMatchObject({ status: 'unknown' })
  })
})
