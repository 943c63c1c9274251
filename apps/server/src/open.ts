import { spawn } from 'node:child_process'

/** Opens an address in the person's browser; does nothing where there is none. */
export function openBrowser(url: string): void {
  const [program, args] =
    process.platform === 'darwin'
      ? (['open', [url]] as const)
      : process.platform === 'win32'
        ? (['cmd', ['/c', 'start', '', url]] as const)
        : (['xdg-open', [url]] as const)
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  child.on('error', () => {}) // no browser: the printed address is enough
  child.unref()
}
