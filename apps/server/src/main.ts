import module from 'node:module'
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

module.enableCompileCache?.()

const HELP = `Life-OS

  --port <number>        default 7777
  --no-open              do not open the browser
  --background           start as a process of its own
  --host <address>       listen there instead of 127.0.0.1; needs --listen and a passphrase
  --listen               yes, other machines may reach it
  --allow-host <name>    a further name it is asked for by, with its port; may be repeated

LIFEOS_HOME is the data folder (default ~/.life-os); LIFEOS_DATABASE_URL a PostgreSQL to use instead of its own database.`

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  listen: { type: 'boolean' },
  open: { type: 'boolean' },
  background: { type: 'boolean' },
  'allow-host': { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const

/** The program behind `npm start`: the exit code, or undefined while the server runs. */
export async function main(args: readonly string[]): Promise<number | undefined> {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS, allowNegative: true })
    if (values.help) {
      console.log(HELP)
      return 0
    }
    const { serve } = await import('./serve.ts')
    const port = values.port === undefined ? undefined : Number(values.port)
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536))
      throw new RangeError(`--port ${values.port}: give a number from 0 to 65535.`)
    return await serve({
      open: values.open ?? process.stdout.isTTY,
      background: values.background ?? false,
      listen: values.listen ?? false,
      ...(port !== undefined && { port }),
      ...(values.host !== undefined && { host: values.host }),
      ...(values['allow-host'] && { allowHosts: values['allow-host'] }),
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return error instanceof TypeError || error instanceof RangeError ? 2 : 1 // parseArgs throws TypeErrors
  }
}

const asked = process.argv[1]
if (asked !== undefined && realpathSync(asked) === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2))
