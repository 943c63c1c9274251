/** One attempt of a plugin's own code to get out. `code` is the body of an async function. */
export interface PluginRow {
  name: string
  code: string
  /** The code or the message of the error that stops it. */
  reason: string
}

export interface PluginTargets {
  secret: string
  pid: number
  tcp: number
}

const denied = (name: string, code: string): PluginRow => ({ name, code, reason: 'ERR_ACCESS_DENIED' })
/** Not even there. */
const absent = (name: string, code: string): PluginRow => ({ name, code, reason: 'ERR_MODULE_NOT_FOUND' })
const BUILTINS = [
  'fs',
  'fs/promises',
  'net',
  'http',
  'https',
  'http2',
  'tls',
  'dgram',
  'dns',
  'child_process',
  'worker_threads',
  'cluster',
  'module',
]
const POWERS = [
  'process',
  'inspector',
  'inspector/promises',
  'os',
  'vm',
  'v8',
  'repl',
  'wasi',
  'sqlite',
  'diagnostics_channel',
  'trace_events',
  'readline',
]

export const pluginRows = ({ secret, pid, tcp }: PluginTargets): PluginRow[] => [
  ...[...BUILTINS, ...POWERS].map((name) => denied(`import ${name}`, `await import('node:${name}')`)),
  denied('import fs without its prefix', `await import('fs')`),
  denied('ask the process for fs', `process.getBuiltinModule('fs').readFileSync('/etc/passwd')`),
  denied('bind to the native fs', `process.binding('fs')`),
  denied('bind to native code by the hidden name', `process._linkedBinding('fs')`),
  denied('load a native addon', `process.dlopen({ exports: {} }, '/usr/lib/x.node')`),
  absent('import a file beside it', `await import(${JSON.stringify(`file://${secret}`)})`),
  absent('import the list of users', `await import('file:///etc/passwd')`),
  absent('import the memory of the first process', `await import('file:///proc/1/environ')`),
  denied('import the runtime’s parent', `await import('file:///life-os/bin/node')`),
  denied('kill a process outside', `process.kill(${pid}, 'SIGKILL')`),
  denied('leave its folder', `process.chdir('/')`),
  denied('write a report', `process.report.writeReport('/tmp/report.json')`),
  denied('start the inspector in itself', `process._debugProcess(process.pid); (await import('node:inspector')).open(0)`),
  denied('connect by the constructor of its output', `new process.stdout.constructor().connect(${tcp}, '127.0.0.1')`),
  { name: 'fetch', code: `await fetch('http://127.0.0.1:${tcp}/')`, reason: 'fetch is not defined' },
  { name: 'open a web socket', code: `new WebSocket('ws://127.0.0.1:${tcp}/')`, reason: 'WebSocket is not defined' },
  { name: 'require', code: `require('fs')`, reason: 'require is not defined' },
  {
    name: 'make a function outside of its guard',
    code: `(() => {}).constructor('return process')().mainModule.require('fs')`,
    reason: `Cannot read properties of undefined (reading 'require')`,
  },
  { name: 'become another user', code: `process.setuid(0)`, reason: 'EINVAL' },
  { name: 'join another group', code: `process.setgid(0)`, reason: 'EINVAL' },
  { name: 'find the server’s environment', code: `throw Error(Object.keys(process.env).join() || 'nothing')`, reason: 'nothing' },
  {
    name: 'find how it was started',
    code: `throw Error([...process.argv.slice(1), ...process.execArgv].join() || 'nothing')`,
    reason: 'nothing',
  },
  {
    name: 'use more of the host than its call has',
    code: `await host.fs.readText(${JSON.stringify(secret)})`,
    reason: 'unexpected',
  },
]

/** What ends the plugin's process, and says so in `message`. */
export interface PluginBomb {
  name: string
  code: string
  message: RegExp
  groups?: boolean
}

export const PLUGIN_BOMBS: PluginBomb[] = [
  {
    name: 'heap',
    code: `const all = []; for (;;) all.push(Array.from({ length: 1000 }, () => ({ all })))`,
    message: /exit code 13[34]|SIG/,
  },
  { name: 'typed arrays', code: `const all = []; for (;;) all.push(new Uint8Array(16 << 20).fill(1))`, message: /ended/, groups: true },
  {
    name: 'WebAssembly',
    code: `const all = []; for (;;) { const memory = new WebAssembly.Memory({ initial: 256 }); new Uint8Array(memory.buffer).fill(1); all.push(memory) }`,
    message: /ended/,
    groups: true,
  },
  {
    name: 'text',
    code: `let text = 'x'.repeat(1 << 20); const all = []; for (let n = 0;; n++) all.push(Buffer.from(text + n))`,
    message: /ended/,
    groups: true,
  },
  {
    name: 'output',
    code: `for (;;) await new Promise((done) => process.stdout.write('x'.repeat(1 << 16), done))`,
    message: /printed more than/,
  },
  { name: 'log lines', code: `for (;;) console.log('x'.repeat(100))`, message: /notes|read|ended/ },
]
