import { describe, expect, test } from 'vitest'
import { indexEntryNames } from '../../src/registry/entry-names.ts'

const index = indexEntryNames({
  tools: {
    quarantined: ['broken'],
    content: {
      kubernetes: { display_name: 'Kubernetes', detection: 'which kubectl', aliases: ['k8s'] },
      azure: { display_name: 'Azure CLI', detection: 'command -v az' },
      ansible: { detection: 'ansible --version' },
      gpu: { detection: 'nvidia-smi', probe: 'gpu' },
      twin: { detection: 'which one', aliases: ['shared'] },
      other: { detection: 'which one', aliases: ['shared'], display_name: 'TWIN' },
      vllm: { detection: 'which vllm' },
    },
  },
  ml_frameworks: {
    quarantined: [],
    content: {
      scikit_learn: {
        detection: "python -c 'import sklearn'",
        import_name: 'sklearn',
        distribution: ['scikit-learn'],
      },
      vllm: { detection: "python -c 'import vllm'", import_name: 'vllm' },
      az: { detection: "python -c 'import az'", import_name: 'az' },
    },
  },
  models: {
    quarantined: [],
    content: { 'openai/gpt-oss-120b': { aliases: ['k8s', 'gpt-oss'] }, 'gpt@1': {}, constructor: {} },
  },
})

const meaning = (name: string): string => {
  const match = index.find(name)
  if (match.kind === 'entry') return match.entry.ref
  return match.kind === 'ambiguous' ? match.refs.join(' or ') : '-'
}

describe('a name of an entry', () => {
  test.each([
    ['a ref', 'tools/kubernetes', 'tools/kubernetes'],
    ['a ref of an id with a slash', 'models/openai/gpt-oss-120b', 'models/openai/gpt-oss-120b'],
    ['an id', 'azure', 'tools/azure'],
    ['an id with a slash', 'openai/gpt-oss-120b', 'models/openai/gpt-oss-120b'],
    ['an id with an @', 'gpt@1', 'models/gpt@1'],
    ['the id of a broken entry', 'broken', 'tools/broken'],
    ['an alias, of the first registry that has it', 'k8s', 'tools/kubernetes'],
    ['an alias of another registry', 'gpt-oss', 'models/openai/gpt-oss-120b'],
    ['the executable of a search', 'kubectl', 'tools/kubernetes'],
    ['the executable of a command', 'ansible', 'tools/ansible'],
    ['an import name', 'sklearn', 'ml_frameworks/scikit_learn'],
    ['a package', 'scikit-learn', 'ml_frameworks/scikit_learn'],
    ['a display name in any case', 'aZURE cli', 'tools/azure'],
    ['an id before an executable', 'az', 'ml_frameworks/az'],
    ['an id of a tool before that of a framework', 'vllm', 'tools/vllm'],
    ['a ref that says which', 'ml_frameworks/vllm', 'ml_frameworks/vllm'],
    ['an id before a display name', 'twin', 'tools/twin'],
    ['nothing: the executable of a device is no name of it', 'nvidia-smi', '-'],
    ['nothing: a ref of another registry', 'models/kubernetes', '-'],
    ['nothing: an id in another case', 'AZURE', '-'],
    ['nothing: a name that every object has', 'toString', '-'],
    ['what an object has by its own', 'constructor', 'models/constructor'],
    ['several, by an alias', 'shared', 'tools/twin or tools/other'],
    ['several, by an executable', 'one', 'tools/twin or tools/other'],
    ['nothing: an empty one', '', '-'],
  ])('means %s: %j', (_, name, meant) => {
    expect(meaning(name)).toBe(meant)
  })
})
