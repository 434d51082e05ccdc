// Runs the program in a world that holds still: no time passes, neither by the calendar nor on the monotonic clock, and
// what the kernel and the system tell of devices and installations is read below a directory. Long timers are deadlines,
// and take long enough for a computer that is busy; short ones run as ever.
//
//   node fixed-world.cjs CALLS      runs the calls of a JSON file one after the other, and writes CALLS.done
//   node fixed-world.cjs -- ARGS    runs the program once; the world is in GOLDEN_NOW and GOLDEN_ROOT
//
// To start Node for each call would take most of the time. Each of several calls finds its own arguments, environment,
// working directory, streams and modules. It has ended when nothing is left to wait for, as a process has.

const fs = require('node:fs')
const os = require('node:os')
const nodePath = require('node:path')
const { Readable, Writable } = require('node:stream')

const dist = nodePath.join(__dirname, '../../../dist')
const main = nodePath.join(dist, 'main.cjs')

const world = { now: 0, root: '', write: undefined }

holdTime()
nameMachine()
redirectSystem()
captureWrites()

const [mode, ...args] = process.argv.slice(2)
if (mode === '--') {
  Object.assign(world, { now: Number(process.env.GOLDEN_NOW), root: process.env.GOLDEN_ROOT })
  runProgram(args)
} else runCalls(mode)

function holdTime() {
  globalThis.Date = new Proxy(Date, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [world.now] : given, newTarget),
    get: (target, key) => (key === 'now' ? () => world.now : Reflect.get(target, key)),
  })
  performance.now = () => 1000
  const start = globalThis.setTimeout
  globalThis.setTimeout = Object.assign(
    (callback, ms, ...rest) => start(callback, ms >= 400 ? ms * 100 : ms, ...rest),
    start,
  )
}

/** Its name, and eight processors, whatever this computer has. */
function nameMachine() {
  const cpus = os.cpus()
  os.hostname = () => 'forge'
  os.cpus = () => Array.from({ length: 8 }, (_, index) => cpus[index % cpus.length])
}

function redirectSystem() {
  const redirected =
    /^(?:\/sys|\/dev|\/run|\/snap|\/opt|\/var\/lib|\/proc\/driver|\/usr\/lib\/wsl|\/usr\/local\/share|\/etc\/(?:mise|rustup|os-release)|\/\.dockerenv)(?:\/|$)/
  const kept = /^\/dev\/(?:null|stdin|stdout|stderr|tty|fd|urandom)(?:\/|$)/
  const toFixed = path =>
    typeof path === 'string' && redirected.test(path) && !kept.test(path) ? `${world.root}${path}` : path
  for (const name of ['access', 'lstat', 'open', 'readFile', 'readdir', 'readlink', 'realpath', 'stat']) {
    for (const [owner, key] of [
      [fs, `${name}Sync`],
      [fs.promises, name],
    ]) {
      const real = owner[key]
      owner[key] = Object.assign((path, ...rest) => real.call(owner, toFixed(path), ...rest), real)
    }
  }
}

function captureWrites() {
  const real = fs.writeSync
  fs.writeSync = (descriptor, data, ...rest) => {
    if (descriptor !== 1 || world.write === undefined) return real(descriptor, data, ...rest)
    world.write(data)
    return data.length
  }
}

function runProgram(words) {
  process.argv = [process.execPath, main, ...words]
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(dist)) delete require.cache[file]
  }
  require(main)
}

function runCalls(file) {
  const waiting = JSON.parse(fs.readFileSync(file, 'utf8'))
  const done = []
  let end
  process.on('beforeExit', () => {
    if (end !== undefined) done.push(end())
    const next = waiting.shift()
    end = next && begin(next)
    if (next === undefined) fs.writeFileSync(`${file}.done`, JSON.stringify(done))
  })
}

function begin({ args: words, env, cwd, input, now, root }) {
  const [stdout, stderr] = [collect(), collect()]
  Object.assign(world, { now, root, write: stdout.take })
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, env)
  process.chdir(cwd)
  process.exitCode = undefined
  replaceStream('stdin', Readable.from(input === undefined ? [] : [Buffer.from(input)]))
  replaceStream('stdout', stdout.stream)
  replaceStream('stderr', stderr.stream)
  // A call that waits for nothing has to come to its end like the others.
  setImmediate(() => runProgram(words))
  return () => {
    const code = process.exitCode ?? 0
    process.emit('exit', code)
    process.removeAllListeners('exit')
    process.exitCode = 0
    return { code, stdout: stdout.text(), stderr: stderr.text() }
  }
}

function replaceStream(name, stream) {
  Object.defineProperty(process, name, { value: stream, configurable: true, writable: true })
}

function collect() {
  const chunks = []
  const take = data => void chunks.push(Buffer.from(data))
  const stream = new Writable({
    decodeStrings: true,
    write: (chunk, _encoding, callback) => {
      take(chunk)
      callback()
    },
  })
  return { stream, take, text: () => Buffer.concat(chunks).toString() }
}
