import net from 'node:net'
import type { Duplex } from 'node:stream'
import type { Target } from '../net/address.ts'

const CONNECT_TIMEOUT = 15_000

/** Joins a box's connection with the address that was checked. What is said inside is theirs. */
export function tunnel(client: Duplex, head: Buffer, target: Target, idle: number, failed: (error: Error) => void): net.Socket {
  const outside = net.connect({ host: target.address.address, port: Number(target.port) })
  let open = false
  outside.setTimeout(CONNECT_TIMEOUT, () => outside.destroy(new Error('nobody answered in time')))
  outside.once('connect', () => {
    open = true
    outside.setTimeout(idle)
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    if (head.length > 0) outside.write(head)
    client.pipe(outside).pipe(client)
  })
  outside.on('error', (error) => (open ? client.destroy() : failed(error)))
  outside.on('close', () => (open ? client.destroy() : undefined))
  client.on('error', () => outside.destroy())
  client.on('close', () => outside.destroy())
  return outside
}
