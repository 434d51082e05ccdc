import { Option } from 'commander'
import type { CommandContext, RegisterCommand } from '../command-context.ts'
import { logFormatNames } from '../open-log.ts'
import { parseCount, parsePort } from '../options.ts'
import { defaultHost, defaultPort, type ServeFlags, serveHome } from '../serve-home.ts'

export const registerServe: RegisterCommand = (program, execute) => {
  program
    .command('serve')
    .description('Serve the registries over HTTP, and keep them in sync')
    .option('--host <address>', `Address to listen on (default ${defaultHost}: this machine only)`)
    .option('--port <n>', `Port to listen on (default ${defaultPort}; 0 selects a free one)`, parsePort)
    .option('--socket <path>', 'Listen on a Unix socket for this user only, instead of a port')
    .option('--cert <file>', 'Certificate for TLS, in PEM format; requires --key')
    .option('--key <file>', 'Private key for TLS, in PEM format')
    .option(
      '--rate-limit <n>',
      'Requests per minute and address (default 6000; unlimited from this machine)',
      parseCount,
    )
    .option('--deep', 'Query the Kubernetes cluster of the current context too, for the dashboard')
    .option('--no-sync', 'Serve the registries without syncing them')
    .addOption(
      new Option('--log-format <format>', 'Log format (default: pretty on a terminal, else json)').choices(
        logFormatNames,
      ),
    )
    .addHelpText('after', examples)
    .action(
      execute((context, flags) => serveHome(context, flags, (_, link) => showLink(link, context, flags))),
    )
}

// The token is a secret for a minute. Where stderr is no terminal, or has lines of JSON, it may be a log that others read.
function showLink(link: string | undefined, { host, note }: CommandContext, { logFormat }: ServeFlags): void {
  if (link === undefined || !host.stderr.isTerminal || logFormat === 'json') return
  note(`Your page, with all registries (this link works once, for a minute):\n${link}`)
}

const examples = `
access_control in hyper_registry.json says what a client may see; nexus-registry token create makes tokens.
nexus-registry dashboard --web prints a link to the page of a running server, which shows you all registries.

Examples:
  nexus-registry serve                            http://127.0.0.1:${defaultPort}, until Ctrl-C
  nexus-registry serve --port 0 --no-sync         a free port, without syncing
  nexus-registry serve --socket /run/nexus.sock   curl --unix-socket /run/nexus.sock http://localhost/health
  nexus-registry serve --host 0.0.0.0 --cert cert.pem --key key.pem
  curl -s http://127.0.0.1:${defaultPort}/registries/tool_registry.json | jq 'keys'`
