import { cosmiconfig, type Options } from 'cosmiconfig'

/** Turns the text of a configuration file into its value; may throw. */
type ParseConfigText = (text: string) => Promise<unknown>

/**
 * Reads one configuration file with cosmiconfig: the value that `parse` makes of its text, of `package.json` the part
 * under the program's name. Undefined when it holds none. `quietPlace` is a directory without configuration.
 */
export async function readConfigFile(
  path: string,
  { parse, quietPlace }: { parse: ParseConfigText; quietPlace: string },
): Promise<unknown> {
  const load = (_path: string, text: string) => parse(text)
  const explorer = openExplorer(quietPlace, {
    // All of cosmiconfig's own loaders are replaced: some of them would execute the file.
    loaders: {
      '.json': load,
      '.yaml': load,
      '.yml': load,
      noExt: load,
      default: load,
      '.js': refuse,
      '.cjs': refuse,
      '.mjs': refuse,
      '.ts': refuse,
    },
    searchPlaces: ['package.json'],
    cache: false,
  })
  const result = await explorer.load(path)
  return result?.config
}

// When it is created, cosmiconfig searches the working directory for configuration of its own, and executes
// `.config/config.js` there (cosmiconfig 9, getUserDefinedOptionsFromMetaConfig). It is created in a place that is ours.
function openExplorer(quietPlace: string, options: Partial<Options>) {
  const workingDirectory = currentDirectory()
  process.chdir(quietPlace)
  try {
    return cosmiconfig('nexus-registry', options)
  } finally {
    if (workingDirectory !== undefined) process.chdir(workingDirectory)
  }
}

// It may have been removed.
function currentDirectory(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

function refuse(path: string): never {
  throw new Error(`${path} is not a data format`)
}
