/** Names under which this server may be asked for. Anything else is a rebound name of a stranger's page. */
export interface AllowedHosts {
  /** A `Host` header. */
  host(header: string | null | undefined): boolean
  /** An `Origin` header; absent is fine, since programs send none. `null` (a sandboxed page) is not. */
  origin(header: string | null | undefined): boolean
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/** @param more further hosts, with or without port: `life.example.org`, `192.168.1.5:7777`. */
export function createAllowedHosts(port: () => number, more: readonly string[] = []): AllowedHosts {
  const hosts = () =>
    new Set([...LOOPBACK.map((name) => `${name}:${port()}`), ...(port() === 80 ? LOOPBACK : []), ...more.map((name) => name.toLowerCase())])
  return {
    host: (header) => typeof header === 'string' && hosts().has(header.toLowerCase()),
    origin(header) {
      if (header === null || header === undefined) return true
      const url = URL.parse(header)
      if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false
      return (
        hosts().has(url.host.toLowerCase()) || (url.port === '' && hosts().has(`${url.hostname}:${url.protocol === 'https:' ? 443 : 80}`))
      )
    },
  }
}
