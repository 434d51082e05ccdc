/** What a service manager has to know of the daemon. */
export interface Service {
  /** Program (absolute path) and its arguments. */
  readonly argv: readonly [string, ...string[]]
  /** Variables that decide what is found, as they are now. */
  readonly variables: Readonly<Record<string, string>>
  /** Home directory of the user; undefined when there is none. */
  readonly userHome: string | undefined
}

/** A service manager: where its file belongs, and the text of it. */
export interface ServiceManager {
  readonly name: string
  /** Text of the file. Undefined when the format cannot express a path. */
  readonly render: (service: Service) => string | undefined
}
