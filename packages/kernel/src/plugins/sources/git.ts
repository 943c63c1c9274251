import { sourceFault } from './limits.ts'

/**
 * An address that git may be given: https, file, or http on this machine, without a name or password, and the name of a
 * branch or tag. Errors: `plugin-source-invalid`.
 */
export function checkAddress(text: string, ref: string | undefined): void {
  if (ref !== undefined && !/^[A-Za-z0-9][\w./+-]{0,200}$/.test(ref))
    throw sourceFault(`${JSON.stringify(ref)} is no name of a branch or tag.`)
  const url = URL.parse(text)
  if (!url || text.length > 2000 || /[\s\0-\x1f]/.test(text)) throw sourceFault(`${JSON.stringify(text.slice(0, 200))} is no git address.`)
  if (url.username !== '' || url.password !== '') throw sourceFault('A git address may not carry a name or password.')
  const here = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol === 'https:' || url.protocol === 'file:' || (url.protocol === 'http:' && here)) return
  throw sourceFault(`Plugins are fetched over https (or from this machine by file:), not over ${url.protocol}`)
}
