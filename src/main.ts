import { run } from './cli/run.ts'
import { createHost } from './platform/node/create-host.ts'
import { listenForInterrupt } from './platform/node/listen-for-interrupt.ts'
import { guardOutput } from './platform/node/terminal.ts'

guardOutput()
const { signal, deferSignals, stopListening, takeSignals } = listenForInterrupt()
const host = createHost({ interrupted: signal, deferSignals, letSignalsEnd: stopListening, takeSignals })
run(process.argv.slice(2), host).then(exitCode => {
  process.exitCode = exitCode
})
