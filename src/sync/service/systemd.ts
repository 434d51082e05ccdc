import type { Service, ServiceManager } from './service-2.ts'

/** A user unit of systemd; the grammar is that of systemd.syntax(7) and systemd.service(5). */
export const systemd: ServiceManager = {
  name: 'systemd',
  render: service => {
    const texts = [...service.argv, ...Object.values(service.variables)]
    return texts.some(text => text.includes('\0')) ? undefined : renderUnit(service)
  },
}

function renderUnit({ argv: [program, ...args], variables }: Service): string {
  return [
    '# nexus-registry: keeps your registry home in sync. Install it as your own service, no root needed:',
    '#   mkdir -p ~/.config/systemd/user && nexus-registry hook systemd > ~/.config/systemd/user/nexus-registry.service',
    '#   systemctl --user daemon-reload && systemctl --user enable --now nexus-registry.service',
    '# How it does:    nexus-registry status; journalctl --user -u nexus-registry.service',
    '# Reload:         systemctl --user reload nexus-registry.service',
    '# Print it anew when PATH or the place of the program has changed.',
    '',
    '[Unit]',
    'Description=Keep the registries of nexus-registry in sync',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${renderCommand(program, args)}`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    'Restart=on-failure',
    'RestartSec=30',
    '# A write in hand is finished; what was started to look at tools is ended with it.',
    'KillMode=mixed',
    'TimeoutStopSec=30',
    '# What was found belongs to these: they are what the shell had that printed this.',
    ...Object.entries(variables).map(([name, value]) => `Environment=${quote(`${name}=${value}`)}`),
    '# It looks at tools by starting them, some of them by setuid (snap), some compiling as they run: a sandbox would',
    '# make it find other things than your shells do. So only what no tool notices.',
    'UMask=0077',
    'LimitCORE=0',
    'Nice=10',
    'OOMPolicy=continue',
    '',
    '[Install]',
    'WantedBy=default.target',
  ].join('\n')
}

// systemd refuses a program with quotes or backslashes in its path, and knows no "$$" there. The launcher is a script of
// sh: as an argument its path may be anything.
function renderCommand(program: string, args: readonly string[]): string {
  const isPlain = /^[^"'\\$\x01-\x1f\x7f]+$/.test(program)
  const words = isPlain ? args : [program, ...args]
  return [isPlain ? quote(program) : '/bin/sh', ...words.map(quoteArgument)].join(' ')
}

function quoteArgument(text: string): string {
  return quote(text).replaceAll('$', '$$$$')
}

// Quoted, with escapes as in C; "%" begins a specifier wherever it stands.
function quote(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replace(/[\x01-\x1f\x7f]/g, toEscape)
  return `"${escaped}"`
}

function toEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
