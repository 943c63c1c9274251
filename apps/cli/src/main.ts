import { homedir } from 'node:os'
import { resolve, join } from 'node:path'
import { CommanderError } from 'commander'
import { LifeOsError } from '@life-os/contract'
import type { Backend } from './backend/backend.ts'
import { paintFor, printable } from './output/colour.ts'
import { EXIT, exitOfError } from './output/exit.ts'
import type { Exit } from './output/exit.ts'
import { terminalIo } from './output/io.ts'
import { createProgram } from './program.ts'
import type { Session } from './session.ts'

/** Runs one command; the exit code, or undefined while a server runs in this process. */
export async function main(args: readonly string[]): Promise<Exit | undefined> {
  let exit: Exit | undefined = EXIT.done
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed)) // the reader had enough, as with “| head”
  let backend: Promise<Backend> | undefined
  const program = createProgram({
    session: () => session(),
    finish: (code) => {
      exit = code
    },
  })
  program.exitOverride()
  for (const command of everyCommand(program)) command.exitOverride()
  const io = () => terminalIo(program.opts()['json'] === true)
  const session = (): Session => {
    const home = chosenHome(program.opts()['home'])
    const here = io()
    return {
      io: here,
      home,
      paint: paintFor(here.colour),
      onInterrupt,
      backend: () => (backend ??= import('./backend/connect.ts').then(({ connect }) => connect({ home, ...databaseOption() }))),
    }
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage // it has said what is wrong
    tell(error, io().json)
    return exitOfError(error)
  } finally {
    await (await backend?.catch(() => undefined))?.[Symbol.asyncDispose]()
  }
}

function everyCommand(program: ReturnType<typeof createProgram>): ReturnType<typeof createProgram>[] {
  return program.commands.flatMap((command) => [command, ...everyCommand(command)])
}

const databaseOption = () => {
  const url = process.env['LIFEOS_DATABASE_URL']?.trim()
  return url ? { url } : {}
}

/** `--home` also reaches what is started from here. */
function chosenHome(option: unknown): string {
  if (typeof option === 'string') process.env['LIFEOS_HOME'] = resolve(option)
  const given = process.env['LIFEOS_HOME']?.trim()
  return given ? resolve(given) : join(homedir(), '.life-os')
}

function tell(error: unknown, json: boolean): void {
  const message = error instanceof Error ? error.message : String(error)
  if (!json) return void process.stderr.write(`${message.split('\n').map(printable).join('\n')}\n`)
  const shape = error instanceof LifeOsError ? error.toShape() : { code: 'unexpected', class: 'unexpected', message }
  process.stdout.write(`${JSON.stringify({ error: shape })}\n`)
}

function onInterrupt(handler: () => void): Disposable {
  let asked = false
  const interrupted = () => {
    if (asked) process.exit(130)
    asked = true
    handler()
  }
  process.on('SIGINT', interrupted)
  process.on('SIGTERM', interrupted)
  return {
    [Symbol.dispose]() {
      process.off('SIGINT', interrupted)
      process.off('SIGTERM', interrupted)
    },
  }
}
