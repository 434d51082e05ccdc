import { Option } from 'commander'
import type { RegisterCommand } from '../command-context.ts'
import { logFormatNames } from '../open-log.ts'
import { parseCount, parsePort } from '../options.ts'
import { serveHome, usualHost, usualPort } from '../serve-home.ts'

export const registerServe: RegisterCommand = (program, execute) => {
  program
    .command('serve')
    .description('serve the registries over HTTP, and keep them in sync meanwhile')
    .option('--host <address>', `address to listen on (default ${usualHost}: this machine alone)`)
    .option('--port <n>', `port to listen on (default ${usualPort}; 0 takes a free one)`, parsePort)
    .option('--socket <path>', 'listen on a socket that this user alone may connect to, instead of a port')
    .option('--cert <file>', 'certificate for TLS, in PEM form; goes with --key')
    .option('--key <file>', 'private key for TLS, in PEM form')
    .option(
      '--rate-limit <n>',
      'requests that an address may send in a minute (default 6000, and any number from this machine)',
      parseCount,
    )
    .option('--deep', 'ask the Kubernetes cluster of the current context as well, for the dashboard')
    .option('--no-sync', 'serve what is there, and ask nobody')
    .addOption(
      new Option(
        '--log-format <format>',
        'how it says what happens (pretty at a terminal, else json)',
      ).choices(logFormatNames),
    )
    .addHelpText('after', examples)
    .action(execute((context, flags) => serveHome(context, flags)))
}

const examples = `
Whoever asks may see what access_control in hyper_registry.json allows: nexus-registry token create makes tokens.

Examples:
  nexus-registry serve                            http://127.0.0.1:${usualPort}, until Ctrl-C
  nexus-registry serve --port 0 --no-sync         any free port; the registries as they are
  nexus-registry serve --socket /run/nexus.sock   curl --unix-socket /run/nexus.sock http://localhost/health
  nexus-registry serve --host 0.0.0.0 --cert cert.pem --key key.pem
  curl -s http://127.0.0.1:${usualPort}/registries/tool_registry.json | jq 'keys'`
