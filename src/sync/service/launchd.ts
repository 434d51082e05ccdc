import type { Service, ServiceManager } from './service-2.ts'

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
    'How it does:  nexus-registry status',
    `Reload:       launchctl kill HUP gui/$(id -u)/${label}`,
    `End it:       launchctl bootout gui/$(id -u)/${label}`,
    'Print it anew when PATH or the place of the program has changed. -->',
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
    // 0077: what it writes is for this user alone.
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
