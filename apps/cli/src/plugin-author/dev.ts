import { LifeOsError } from '@life-os/contract'
import type { Manifest } from '@life-os/contract'
import { createExampleWorld, readManifest } from '@life-os/plugin-sdk/testing/checks'
import type { ExampleWorld, OpenPlugin } from '@life-os/plugin-sdk/testing/checks'
import { runsCommands } from '@life-os/kernel/trial'
import type { BoxedPlugins } from '@life-os/kernel/trial'
import { notedAddress } from '@life-os/server/places'
import { connectToOwner } from '../backend/connect.ts'
import { printable } from '../output/colour.ts'
import { EXIT, exitOfError } from '../output/exit.ts'
import type { Exit } from '../output/exit.ts'
import type { Command, Session } from '../session.ts'
import { openBoxes } from './boxes.ts'
import { runChecks, tell } from './check.ts'
import { pluginFolder, writeLocal } from './places.ts'
import { tryTool } from './try-tool.ts'
import { typedInput } from './typed-input.ts'
import { watchFolder } from './watch.ts'

export interface DevOptions {
  folder: string
  try?: string
  input?: string
  once?: boolean
  yes?: boolean
}

/** Checks a plugin at every change and lets its author try its tools, here and in the browser of a running Life-OS. */
export const devPlugin: Command<DevOptions> = async (session, options) => {
  const folder = pluginFolder(options.folder)
  await writeLocal(folder)
  await using world = await createExampleWorld(folder)
  let build = await rebuild(session, folder)
  try {
    if (options.try !== undefined) {
      const exit = await attempt(session, build, world, { ...options, tool: options.try })
      if (options.once) return exit
    }
    if (options.once) return build.manifest === null ? EXIT.failed : build.ok ? EXIT.done : EXIT.failed
    await install(session, folder)
    const over = Promise.withResolvers<void>()
    using _interrupt = session.onInterrupt(over.resolve)
    let turn = Promise.resolve()
    using _watch = watchFolder(folder, () => {
      turn = turn.then(async () => {
        const before = build
        build = await rebuild(session, folder)
        await before.boxes[Symbol.asyncDispose]()
      })
    })
    session.io.note('Watching. Ctrl-C ends it.')
    if (session.io.canAsk) await Promise.race([over.promise, askAndTry(session, () => build, world)])
    else await over.promise
    await turn
    return EXIT.done
  } finally {
    await build.boxes[Symbol.asyncDispose]()
  }
}

interface Build {
  boxes: BoxedPlugins
  ok: boolean
  manifest: Manifest | null
  plugin(): Promise<OpenPlugin>
}

/** What is wrong with the whole plugin as it is now; its tools are played by `plugin check`. */
async function rebuild(session: Session, folder: string): Promise<Build> {
  const boxes = await openBoxes(session, (line) => session.io.note(session.paint('dim', printable(line))))
  const checked = await runChecks(boxes, { folder, quick: true, onChecked: (one) => one.faults?.length !== 0 && tell(session, one) })
  const { manifest } = readManifest(folder)
  const ok = checked.every(({ faults }) => faults?.length === 0)
  if (ok && !session.io.json) session.io.note(`${session.paint('green', '✓')} ${manifest?.id} ${manifest?.version}: nothing to mend`)
  let opened: Promise<OpenPlugin> | undefined
  return {
    boxes,
    ok,
    manifest,
    plugin() {
      if (!manifest) return Promise.reject(new LifeOsError('plugin-invalid', 'Its manifest cannot be read yet.'))
      return (opened ??= boxes.open(folder, manifest))
    },
  }
}

async function attempt(
  session: Session,
  build: Build,
  world: ExampleWorld,
  { tool: id, input = '{}', yes = false }: { tool: string; input?: string; yes?: boolean },
): Promise<Exit> {
  const plugin = await build.plugin()
  const tool = plugin.tools.find((candidate) => candidate.id === id)
  if (!tool) throw new LifeOsError('input-invalid', `There is no tool ${id}. It has: ${plugin.tools.map((one) => one.id).join(', ')}.`)
  const commands = build.manifest !== null && runsCommands(build.manifest)
  return tryTool(session, { plugin, tool, input: typedInput(input, tool), world, yes, commands })
}

/** Until a person has enough: a tool, its input, what it would do. Faults are told and asked again. */
async function askAndTry(session: Session, build: () => Build, world: ExampleWorld): Promise<void> {
  const { io } = session
  for (;;) {
    const ids = build().manifest?.tools ?? []
    const chosen = (await io.ask(`Try a tool (${ids.map((id, index) => `${index + 1} ${id}`).join(', ')}; empty ends): `)).trim()
    if (chosen === '') return
    const tool = ids[Number(chosen) - 1] ?? chosen
    const input = await io.ask('Its input, as JSON or name=value: ')
    await attempt(session, build(), world, { tool, input }).catch((thrown: unknown) => {
      io.note(
        `${exitOfError(thrown) === EXIT.failed ? 'It failed: ' : ''}${printable(thrown instanceof Error ? thrown.message : String(thrown))}`,
      )
    })
  }
}

/** Where Life-OS runs: installed from this folder, reloaded by it at every change. Nothing of it runs there before a person accepts it. */
async function install({ io, home, paint }: Session, folder: string): Promise<void> {
  const running = await connectToOwner(home)
  if (!running) return io.note('Life-OS is not running; start it to try the tools in the browser: lifeos start --background')
  await using backend = running
  try {
    const { manifest, pending } = await backend.client.plugins.install({ folder, watch: true })
    const address = `${notedAddress(home) ?? ''}/plugins?plugin=${manifest.id}`
    io.note(`${pending === null ? 'Try it in the browser' : 'Accept and try it in the browser'}: ${paint('bold', address)}`)
  } catch (thrown) {
    io.note(`It could not be installed: ${printable(thrown instanceof Error ? thrown.message : String(thrown))}`)
  }
}
