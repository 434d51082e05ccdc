import { run } from './cli/run.ts'
import { createHost } from './host/create-host.ts'
import { guardOutput } from './host/guard-output.ts'
import { listenForInterrupt } from './host/listen-for-interrupt.ts'

guardOutput()
const { signal, stopListening } = listenForInterrupt()
run(process.argv.slice(2), createHost({ interrupted: signal, letSignalsEnd: stopListening })).then(
  exitCode => {
    process.exitCode = exitCode
  },
)
