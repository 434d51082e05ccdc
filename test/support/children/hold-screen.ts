import { openScreen } from '../../../src/platform/node/terminal.ts'

// Takes the terminal, and ends without giving it back by itself.

const ends: Readonly<Record<string, () => void>> = {
  throw: () => {
    throw new Error('on purpose')
  },
  reject: () => {
    Promise.reject(new Error('on purpose'))
  },
  exit: () => process.exit(3),
}

const ignore = () => undefined
const screen = openScreen({ onInput: ignore, onBlank: ignore, onHangup: ignore }, () => ignore)
if (screen === undefined) throw new Error('there is no terminal')
screen.write('held')
setTimeout(() => ends[process.argv[2] ?? '']?.(), 100)
