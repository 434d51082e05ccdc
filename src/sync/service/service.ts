const label = 'nexus-registry.sync'

/** An agent of launchd: a property list as launchd.plist(5) describes it. */
export const launchd: ServiceManager = {
  name: 'launchd',
  render: service => {
    const texts = [...service.argv, ...Object.values(service.variables), service.userHome ?? '']
    return texts.some(isInexpressible) ? undefined : renderAgent(service)
  },
}

function renderAgent({ argv, variables, userHome }: Service): string {
  const log = userHome === undefined ? undefined : `${userHome}/Library/Logs/nexus-registry.log`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<!-- nexus-registry: keeps your registry home in sync. Install it as your own agent, no root needed:',
    `  mkdir -p ~/Library/LaunchAgents && nexus-registry hook launchd > ~/Library/LaunchAgents/${label}.plist`,
    `  launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/${label}.plist`,
    'Status:       nexus-registry status',
    `Reload:       launchctl kill HUP gui/$(id -u)/${label}`,
    `End it:       launchctl bootout gui/$(id -u)/${label}`,
    'Print it again when PATH or the path of the program has changed. -->',
    '<plist version="1.0">',
    '<dict>',
    ...entry('Label', string(label)),
    ...entry('ProgramArguments', ['<array>', ...argv.map(arg => `  ${string(arg)}`), '</array>']),
    ...entry('EnvironmentVariables', [
      '<dict>',
      ...Object.entries(variables).flatMap(([name, value]) => [
        `  <key>${escapeXml(name)}</key>`,
        `  ${string(value)}`,
      ]),
      '</dict>',
    ]),
    ...entry('RunAtLoad', '<true/>'),
    ...entry('KeepAlive', ['<dict>', '  <key>SuccessfulExit</key>', '  <false/>', '</dict>']),
    ...entry('ThrottleInterval', '<integer>30</integer>'),
    ...entry('ExitTimeOut', '<integer>30</integer>'),
    ...entry('ProcessType', '<string>Background</string>'),
    ...entry('LowPriorityIO', '<true/>'),
    // 0077: only this user may read what it writes.
    ...entry('Umask', '<integer>63</integer>'),
    ...(log === undefined ? [] : entry('StandardErrorPath', string(log))),
    '</dict>',
    '</plist>',
  ].join('\n')
}

function entry(key: string, value: string | readonly string[]): string[] {
  return [`  <key>${key}</key>`, ...(typeof value === 'string' ? [value] : value).map(line => `  ${line}`)]
}

function string(text: string): string {
  return `<string>${escapeXml(text)}</string>`
}

// A carriage return that is written as it is comes back as a newline.
function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
}

// XML 1.0 has no way to write the other control characters.
function isInexpressible(text: string): boolean {
  return /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text)
}

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
    '# Status:         nexus-registry status; journalctl --user -u nexus-registry.service',
    '# Reload:         systemctl --user reload nexus-registry.service',
    '# Print it again when PATH or the path of the program has changed.',
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
    '# The daemon finishes a write; probes that it started are killed with it.',
    'KillMode=mixed',
    'TimeoutStopSec=30',
    '# Detections depend on these variables: they are those of the shell that printed this unit.',
    ...Object.entries(variables).map(([name, value]) => `Environment=${quote(`${name}=${value}`)}`),
    '# Probes start tools, some with setuid (snap), some that compile as they run: in a sandbox they would find other',
    '# things than in your shells. So there are only settings that no tool notices.',
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

/** Service managers that `hook` knows. */
export const serviceManagers: readonly ServiceManager[] = [systemd, launchd]

/** The daemon as a service. */
export interface Service {
  /** Program (absolute path) and its arguments. */
  readonly argv: readonly [string, ...string[]]
  /** Variables that detections depend on, with their current values. */
  readonly variables: Readonly<Record<string, string>>
  /** Home directory of the user; undefined when there is none. */
  readonly userHome: string | undefined
}

/** A service manager, and how it describes a service. */
interface ServiceManager {
  readonly name: string
  /** Text of the file. Undefined when the format cannot express a path. */
  readonly render: (service: Service) => string | undefined
}
