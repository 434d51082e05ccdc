import { spawn } from 'node:child_process'
import { errorMessage } from '../../lib/errors.ts'
import type { EditorExit } from '../host.ts'

/** See `Host.openInEditor`. The command may have arguments: a shell reads it, as Git does. */
export async function openInEditor(command: string, file: string): Promise<EditorExit> {
  const ignore = () => undefined
  process.on('SIGINT', ignore).on('SIGQUIT', ignore)
  try {
    return await new Promise(resolve => {
      // What an editor prints is no data of this program.
      const output = process.stdout.isTTY ? 1 : 2
      const child =
        process.platform === 'win32'
          ? spawn(`${command} "${file}"`, { shell: true, stdio: ['inherit', output, 'inherit'] })
          : // The shell waits for an editor that handles Ctrl-C itself.
            spawn('/bin/sh', ['-c', `trap : INT QUIT\n${command} "$@"`, command, file], {
              stdio: ['inherit', output, 'inherit'],
            })
      child.on('error', error => resolve({ code: null, reason: errorMessage(error) }))
      child.on('exit', (code, signal) => resolve({ code, reason: signal }))
    })
  } finally {
    process.off('SIGINT', ignore).off('SIGQUIT', ignore)
  }
}
