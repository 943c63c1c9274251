import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPlugins } from './plugins.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Step {
  name: string
  run(): Promise<string>
}

const steps: Step[] = [
  {
    name: 'plugins',
    async run() {
      const { built, kept } = await buildPlugins({ root, out: path.join(root, 'dist') })
      return built.length === 0 ? `${kept.length} unchanged` : `built ${built.join(', ')}`
    },
  },
  {
    name: 'server',
    async run() {
      const { buildServer } = await import('./server.ts')
      return (await buildServer(root)) ? 'built' : 'unchanged'
    },
  },
  {
    name: 'web',
    async run() {
      const { buildWeb } = await import('./web.ts') // Vite is loaded only when this step runs
      return (await buildWeb(root)) ? 'built' : 'unchanged'
    },
  },
]

const wanted = process.argv.slice(2)
for (const step of steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue
  const started = performance.now()
  try {
    const outcome = await step.run()
    console.log(`${step.name}: ${outcome} (${Math.round(performance.now() - started)} ms)`)
  } catch (thrown) {
    console.error(`${step.name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    process.exitCode = 1
    break
  }
}
