/** Where the host's proxy is inside. */
export const PROXY_SOCKET = '/life-os/proxy'
/** What the forwarder needs beside the program's own limits: a small Node. */
export const FORWARDER = { memory: 96 * 1024 ** 2, pids: 16 }

/**
 * Run by Node inside a box: answers on the box's own loopback and carries each connection to the host's proxy. It says that
 * it is ready on its standard output, which is the gate; so the program starts when its network does.
 */
export const FORWARDER_SCRIPT = `
const net = require('node:net')
const [socket, port] = process.argv.slice(1)
const server = net.createServer({ allowHalfOpen: true }, (inner) => {
  const outer = net.connect({ path: socket, allowHalfOpen: true })
  for (const [one, other] of [[inner, outer], [outer, inner]]) {
    one.on('error', () => other.destroy())
    one.pipe(other)
  }
})
server.on('error', (error) => { console.log(String(error)); process.exit(1) })
server.listen(Number(port), '127.0.0.1', () => console.log('ready'))
`

/** The gate (gate-script.ts) with a forwarder: Node, its script, the socket and the port come before the program. */
export const GATE_WITH_FORWARDER = `
unset PWD OLDPWD
NODE_OPTIONS= "$1" --max-old-space-size=48 --no-warnings -e "$2" "$3" "$4" </dev/null >&4 2>&4 4<&- 5<&- 6<&- 7<&- 8<&- 9<&- &
shift 4
read -r word <&4; [ "$word" = go ] || exit 113
exec "$@" 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-`
