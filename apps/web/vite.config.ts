import { fileURLToPath } from 'node:url'
import { contract } from '@life-os/contract'
import { minifyContractRouter } from '@orpc/contract'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'

const CONTRACT = 'virtual:contract'

/** Gives the browser the contract's methods and paths only: its Zod schemas stay on the server, its types are erased. */
function routesOnly(): Plugin {
  return {
    name: 'life-os:routes-only',
    resolveId: (id) => (id === CONTRACT ? `\0${CONTRACT}` : undefined),
    load: (id) => (id === `\0${CONTRACT}` ? `export default ${JSON.stringify(minifyContractRouter(contract))}` : undefined),
  }
}

const server = process.env['LIFEOS_SERVER'] ?? 'http://127.0.0.1:7777'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), tailwind(), routesOnly()],
  server: { host: '127.0.0.1', proxy: { '/api': { target: server } } },
  build: {
    outDir: fileURLToPath(new URL('../../dist/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // Fonts stay files of their own so that the style sheet is small and they are cached apart.
    assetsInlineLimit: 0,
  },
})
