import { LifeOsError } from '@life-os/contract'

/** Whether a secret's `host:port` or `*.host:port` means a place. A star stands for whole labels, never for the port. */
export function meansPlace(pattern: string, place: string): boolean {
  const [host, port] = split(pattern.toLowerCase())
  const [givenHost, givenPort] = split(place.toLowerCase())
  if (port !== givenPort) return false
  return host.startsWith('*.') ? givenHost.length > host.length - 1 && givenHost.endsWith(host.slice(1)) : host === givenHost
}

function split(text: string): [host: string, port: string] {
  const at = text.lastIndexOf(':')
  return [text.slice(0, at), text.slice(at + 1)]
}

const PLACE = /^(\*\.)?([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]):([1-9]\d{0,4})$/

/** Lower case, as places are compared. Error: `secret-invalid`. */
export function checkPlace(text: string): string {
  const place = text.trim().toLowerCase()
  const match = PLACE.exec(place)
  const suffix = match?.[2] ?? ''
  const wild = match?.[1] !== undefined
  if (!match || Number(match[3]) > 65_535 || (wild && (!suffix.includes('.') || suffix.startsWith('['))))
    throw new LifeOsError(
      'secret-invalid',
      `${JSON.stringify(text.slice(0, 100))} is no place that a secret can be sent to. Write host:port, like api.example.org:443 or *.example.org:443.`,
      { applied: 'no' },
    )
  return place
}
