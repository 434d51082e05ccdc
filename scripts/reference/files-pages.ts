import { configVariables } from '../../src/config/config.ts'
import { configSchema, projectKeys } from '../../src/registry/schema/config.ts'
import { type RegistryName, registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import {
  isJsonSchema,
  type JsonSchema,
  registrySchemas,
  toJsonSchema,
} from '../../src/registry/schema/registries.ts'
import { renderTable, toCode, toGeneratedPage, toSentence } from './markdown.ts'
import { listFields, renderFields } from './schema-fields.ts'

/** Reference of the nine registry files. */
export function renderRegistriesPage(): string {
  return toGeneratedPage('Registry files', [
    'Every field of the nine files of a registry home. Editors show the same when a file names its schema in `$schema`.',
    'Keys that begin with `x-` are ignored, except those that this page lists.',
    registryNames.map(name => `[${registryFiles[name]}](#${toAnchor(registryFiles[name])})`).join(' · '),
    ...registryNames.flatMap(renderRegistry),
  ])
}

function toAnchor(heading: string): string {
  return heading.replaceAll('.', '')
}

function renderRegistry(name: RegistryName): string[] {
  const { description, additionalProperties, ...schema } = toJsonSchema(registrySchemas[name])
  const isMap = isJsonSchema(additionalProperties) && Object.keys(additionalProperties).length > 0
  return [
    `## ${registryFiles[name]}`,
    `${toSentence(typeof description === 'string' ? description : name)}.`,
    isMap ? renderEntries(additionalProperties) : renderFields(schema),
  ]
}

function renderEntries(entry: JsonSchema): string {
  return `An object of entries by id. Each entry has:\n\n${renderFields(entry)}`
}

/** Reference of the configuration file. */
export function renderConfigurationPage(): string {
  const variables: Readonly<Record<string, string>> = { home: 'NEXUS_REGISTRY_HOME', ...configVariables }
  const fields = listFields(toJsonSchema(configSchema), '')
  return toGeneratedPage('Configuration file', [
    'Every key of `config.yaml`, `config.yml` or `config.json`, and of the file of a project. [Configuration](../configuration.md) says where these files are and which one wins.',
    renderTable(
      ['key', 'type', 'in a project file', 'variable', 'meaning'],
      fields.map(({ path, type, description }) => [
        toCode(path),
        type,
        projectKeys.includes(path.split('.')[0] ?? '') ? 'yes' : 'no',
        variables[path] === undefined ? '' : toCode(variables[path]),
        toSentence(description),
      ]),
    ),
  ])
}
