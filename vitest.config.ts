// Every test of the repository, as projects that can run alone: npx vitest run --project kernel, or with a path.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const second = 1000

/** Starts one private PostgreSQL for a whole run; a checkout without the services still runs the other tests. */
const services = ['tools/services/vitest-global.ts'].map(here).filter((file) => existsSync(file))
/** Hands the kernel's host to the contract suite of the plugins. */
const testHost = ['tools/check-plugins/provide-test-host.ts'].map(here)
const always = ['tools/house/refuse-network.mjs'].map(here)
const never = ['**/node_modules/**', '**/dist/**', '**/fixtures/**']
const endToEnd = '**/*.e2e.test.ts'
/** A program that no registry has ready made is tested where one is named. */
const unnamed = process.env['LIFEOS_LLAMA_SERVER'] === undefined ? ['**/llama-server.test.ts'] : []

interface Kind {
  include: string[]
  timeout: number
  postgres?: boolean
}

function project(name: string, { include, timeout, postgres = false }: Kind) {
  return {
    test: {
      name,
      include,
      exclude: [...never, ...unnamed, ...(name === 'e2e' ? [] : [endToEnd])],
      environment: 'node' as const,
      pool: 'forks' as const,
      setupFiles: name === 'plugins' ? [...always, ...testHost] : always,
      globalSetup: postgres ? services : [],
      testTimeout: timeout * second,
      hookTimeout: Math.max(timeout, 30) * second,
    },
  }
}

export default defineConfig({
  test: {
    // Two cores is what the smallest supported machine has; a third worker would only slow the timed tests of the others.
    maxWorkers: 2,
    passWithNoTests: false,
    projects: [
      project('contract', { include: ['packages/{contract,plugin-sdk}/src/**/*.test.ts'], timeout: 10 }),
      project('kernel', { include: ['packages/kernel/**/*.test.ts'], timeout: 30, postgres: true }),
      project('plugins', { include: ['{plugins,examples/plugins}/**/*.test.ts'], timeout: 30 }),
      project('server', { include: ['apps/server/**/*.test.ts'], timeout: 30, postgres: true }),
      project('cli', { include: ['apps/cli/**/*.test.ts'], timeout: 60, postgres: true }),
      project('web', { include: ['apps/web/**/*.test.{ts,tsx}'], timeout: 20 }),
      project('house', { include: ['tools/**/*.test.{ts,mjs}'], timeout: 60 }),
      project('e2e', { include: [endToEnd], timeout: 180, postgres: true }),
    ],
  },
})
