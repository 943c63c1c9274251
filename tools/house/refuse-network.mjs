// Loaded into every test process, and by NODE_OPTIONS into the Node programs that tests start: only this machine can be reached.
// A test that needs a server starts one on 127.0.0.1. Plain JavaScript, because a program under test may load it first.
import dns from 'node:dns'
import net from 'node:net'
import { syncBuiltinESMExports } from 'node:module'
import { fileURLToPath } from 'node:url'

const installed = Symbol.for('life-os.tests.refuse-network')

/** @param {string} host @returns {boolean} */
export function isThisMachine(host) {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (bare === 'localhost' || bare.endsWith('.localhost')) return true
  if (net.isIPv4(bare)) return bare.startsWith('127.') || bare === '0.0.0.0'
  return bare === '::1' || bare === '::' || bare.startsWith('::ffff:127.')
}

/** @param {string} host */
function refusal(host) {
  const error = new Error(`A test tried to reach ${host}: tests may only use this machine (start a server on 127.0.0.1 instead).`)
  return Object.assign(error, { code: 'ENETUNREACH', syscall: 'connect', address: host })
}

function install() {
  globalThis[installed] = true
  refuseConnections()
  refuseNames()
  syncBuiltinESMExports()
  const flag = `--import=${fileURLToPath(import.meta.url)}`
  const options = process.env['NODE_OPTIONS'] ?? ''
  if (!options.includes(flag)) process.env['NODE_OPTIONS'] = `${options} ${flag}`.trim()
}

function refuseConnections() {
  const connect = net.Socket.prototype.connect
  net.Socket.prototype.connect = function (...args) {
    const host = hostOf(args)
    if (host === undefined || isThisMachine(host)) return connect.apply(this, args)
    process.nextTick(() => this.destroy(refusal(host)))
    return this
  }
}

/** The host of net.Socket.connect's several forms; undefined for a Unix socket. @param {unknown[]} args */
function hostOf(args) {
  // net.connect and tls.connect pass their normalised arguments as one array.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args
  if (typeof first === 'object' && first !== null) return 'path' in first && first.path ? undefined : String(first.host ?? 'localhost')
  if (typeof first === 'string' && !/^\d+$/.test(first)) return undefined
  return typeof second === 'string' ? second : 'localhost'
}

function refuseNames() {
  const { lookup } = dns
  const { lookup: lookupPromise } = dns.promises
  dns.lookup = Object.assign(
    (/** @type {string} */ name, /** @type {unknown} */ options, /** @type {Function} */ callback) => {
      const done = typeof options === 'function' ? options : callback
      if (net.isIP(name) || isThisMachine(name)) return lookup(name, options, callback)
      process.nextTick(() => done(notFound(name)))
    },
    // util.promisify(dns.lookup) answers { address, family }, through this symbol.
    Object.fromEntries(Object.getOwnPropertySymbols(lookup).map((symbol) => [symbol, lookup[symbol]])),
  )
  dns.promises.lookup = async (name, options) => {
    if (net.isIP(name) || isThisMachine(name)) return lookupPromise(name, options)
    throw notFound(name)
  }
}

/** @param {string} name */
function notFound(name) {
  const error = new Error(`getaddrinfo ENOTFOUND ${name}: tests may only use names of this machine`)
  return Object.assign(error, { code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo', hostname: name })
}

if (globalThis[installed] !== true) install()
