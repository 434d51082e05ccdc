/** The directory that holds the nine registry files, and who named it. */
export interface RegistryHome {
  /** Absolute path. */
  readonly directory: string
  readonly origin: 'flag' | 'environment' | 'config' | 'default' | 'shipped'
  /** Why the shipped registries are read instead of the default home, a sentence without its full stop. */
  readonly whyShipped?: string
}
