import { describe, expect, it } from 'vitest'
import { type Detectable, planTarget } from '../../src/detection/detectables.ts'

const options = { isTrusted: true, timeoutMs: undefined }

function planTool(entry: object) {
  const tool = { detection: 'which git', env_var: 'NEXUS_HAS_GIT', ...entry }
  const detectable: Detectable = { registry: 'tools', id: 'git', entry: tool }
  return planTarget(detectable, options)
}

describe('planTarget', () => {
  const planned: [what: string, entry: object, target: object][] = [
    ['which NAME is a path look-up', {}, { kind: 'path', program: 'git' }],
    ['command -v NAME is one too', { detection: 'command -v git' }, { kind: 'path', program: 'git' }],
    [
      'an import is queried with Python',
      { detection: "python -c 'import torch'" },
      { kind: 'python', module: { name: 'torch', distributions: [] } },
    ],
    [
      'anything else is a command',
      { detection: 'docker info --format "{{.ID}}"' },
      { kind: 'command', command: ['docker', 'info', '--format', '{{.ID}}'] },
    ],
    [
      'a named probe wins, and keeps the program',
      { probe: 'kubernetes' },
      { kind: 'kubernetes', program: 'git' },
    ],
    [
      'a version check is an argument vector',
      { version_check: 'git --version' },
      { versionCheck: ['git', '--version'] },
    ],
    ['the entry’s deadline wins', { timeout_ms: 70 }, { timeoutMs: 70 }],
    ['without one it is five seconds', {}, { timeoutMs: 5000 }],
  ]
  it.each(planned)('%s', (_, entry, target) => {
    expect(planTool(entry).target).toMatchObject(target)
  })

  it('takes the module and the distributions of a framework from its entry', () => {
    const entry = {
      import_name: 'sklearn',
      distribution: ['scikit-learn'],
      detection: "python -c 'import sklearn'",
      env_var: 'NEXUS_HAS_SKLEARN',
    }
    const { target } = planTarget({ registry: 'ml_frameworks', id: 'scikit_learn', entry }, options)
    expect(target?.module).toEqual({ name: 'sklearn', distributions: ['scikit-learn'] })
  })

  it.each(['detection', 'version_check'])('refuses shell syntax in %s, and says so', field => {
    const plan = planTool({ [field]: 'git --version | head' })
    expect(plan.target).toBeUndefined()
    expect(plan).toMatchObject({
      finding: { status: 'unknown', reason: expect.stringContaining(`Its ${field}`) },
    })
  })
})
