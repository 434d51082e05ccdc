/** Bounds on what comes from outside. */
export const limits = {
  /** Largest registry file, in bytes. */
  fileBytes: 16 * 1024 * 1024,
  /** Largest document that is taken from an upstream, in bytes when it is unpacked. */
  upstreamBytes: 8 * 1024 * 1024,
  /** Largest catalogue of models that is imported, in bytes. */
  importBytes: 32 * 1024 * 1024,
  /** Deadline for its response, in milliseconds. */
  importTimeoutMs: 30_000,
  /** Deepest nesting of a JSON document. */
  jsonDepth: 64,
  /** Most values of a JSON document: it takes many times its own size in memory. */
  jsonValues: 1_000_000,
  /** Most keys of one JSON object, and most items of one list. */
  jsonItems: 100_000,
  /** Longest key of a JSON object, in characters. */
  jsonKeyLength: 1024,
  /** Most diagnostics of one kind that are reported for one file. */
  findingsPerFile: 1000,
  /** Most bytes kept of what a process prints. */
  outputBytes: 64 * 1024,
  /** Longest text taken over from a tool, in characters. */
  textLength: 256,
  /** Most characters that a pattern from a registry is run on. */
  patternInput: 4096,
  /** Longest jq filter, in bytes. */
  filterBytes: 64 * 1024,
  /** Most bytes of the arguments that a filter is given, `--arg` and the like. */
  filterArgumentBytes: 16 * 1024,
  /** Most bytes that a filter may print. */
  filterOutputBytes: 64 * 1024 * 1024,
  /** Most bytes of memory that a filter may take. */
  filterMemoryBytes: 1024 * 1024 * 1024,
  /** Deadline of a probe's command, in milliseconds. */
  probeTimeoutMs: 5000,
  /** Deadline of a health check of a service, in milliseconds. */
  healthTimeoutMs: 1000,
  /** Most bytes read of such a response. */
  healthBytes: 64 * 1024,
  /** Deadline for posting an alert, in milliseconds. */
  webhookTimeoutMs: 5000,
  /** Deadline of a command that takes an alert, in milliseconds. */
  alertCommandTimeoutMs: 10_000,
  /** Time for all services together, in milliseconds: no health check starts after it. */
  healthTotalMs: 10_000,
  /** Deadline of a reachability check of a provider, in milliseconds. */
  providerTimeoutMs: 5000,
  /** Time for all providers together. */
  providerTotalMs: 20_000,
  /** Time for all requests to the address of a local runtime, in milliseconds. */
  runtimeTotalMs: 250,
  /** Most bytes read of such a response. */
  runtimeBytes: 4 * 1024 * 1024,
  /** Services or providers that are checked at the same time. */
  peersAtOnce: 8,
  /** Most latencies kept of a service. */
  latencies: 100,
  /** Largest body of a request to the server, in bytes. */
  requestBytes: 1024 * 1024,
  /** Largest head of such a request. */
  requestHeadBytes: 16 * 1024,
  /** Time for the head of such a request, in milliseconds. */
  requestHeadMs: 5000,
  /** Time for all of it. */
  requestMs: 6500,
  /** Time after which the server closes an idle connection: longer than any response takes. */
  connectionIdleMs: 30_000,
  /** Largest record of writes, in bytes: then a new one is begun, and one old one is kept. */
  auditBytes: 4 * 1024 * 1024,
  /** Size from which the journal of a home begins anew, in bytes: one old file is kept. */
  journalBytes: 4 * 1024 * 1024,
  /** Most changes that one record of the journal lists. */
  journalChanges: 500,
  /** Most edits of a home that can be undone, and the size of all their data in bytes. */
  undoCount: 50,
  undoBytes: 64 * 1024 * 1024,
  /** Most connections to the server at once. */
  connections: 4096,
  /** Requests that another machine may send in a minute. */
  requestsPerMinute: 6000,
  /** Longest jq filter that the server takes, in characters. */
  servedFilterLength: 4096,
  /** Time for such a filter, in milliseconds. */
  servedFilterMs: 2000,
  /** Most memory that it may take, in bytes. */
  servedFilterMemoryBytes: 256 * 1024 * 1024,
  /** Largest response, in bytes. */
  servedFilterOutputBytes: 8 * 1024 * 1024,
  /** From this size on the server reads and checks a registry in another thread, in bytes. */
  bulkBytes: 1024 * 1024,
  /** Time for drawing a graph, in milliseconds. */
  servedPictureMs: 20_000,
  /** Most event streams at once. */
  eventStreams: 2000,
  /** Events that are kept for readers who come back. */
  keptEvents: 1000,
  /** Most characters of these together. */
  keptEventCharacters: 512 * 1024,
  /** Most ids that one list of an event names. */
  eventIds: 100,
  /** Most bytes that wait in memory for one reader of events: a slower one is let go. */
  waitingEventBytes: 1024 * 1024,
  /** Deadline for reading one PATH directory, in milliseconds. */
  directoryTimeoutMs: 1000,
} as const
