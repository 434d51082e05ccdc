import { run } from './cli/run.ts'
import { createHost } from './host/create-host.ts'
import { guardOutput } from './host/guard-output.ts'
import { listenForInterrupt } from './host/listen-for-interrupt.ts'

guardOutput()
const { signal, deferSignals, stopListening, takeSignals } = listenForInterrupt()
const host = createHost({ interrupted: signal, deferSignals, letSignalsEnd: stopListening, takeSignals })
run(process.argv.slice(2), host).then(exitCode => {
  process.exitCode = exitCode
})
