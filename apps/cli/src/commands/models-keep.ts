import { setTimeout as pause } from 'node:timers/promises'
import type { PullState } from '@life-os/contract'
import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import { bytes } from '../output/units.ts'
import type { Command } from '../session.ts'

const LOOK_EVERY = 300 // ms

/** Fetches a model and shows how far it is. Ctrl-C stops the pull; pulling again goes on. */
export const pullModel: Command<{ ref: string }> = async (session, { ref }) => {
  const { io } = session
  const { client } = await session.backend()
  let state: PullState | undefined = await client.models.pull({ ref })
  using _listening = session.onInterrupt(() => void client.models.cancelPull({ ref }).catch(() => undefined)) // it may have ended just now
  while (state?.state === 'pulling') {
    io.status(progressOf(state))
    await pause(LOOK_EVERY)
    state = (await client.models.pulls()).find((pull) => pull.ref === ref)
  }
  if (io.json) io.out(JSON.stringify(state ?? null))
  else io.out(`${ref}: ${state?.message ?? 'the pull is no longer known'}`)
  return state?.state === 'done' ? EXIT.done : EXIT.failed
}

function progressOf({ ref, done, of, message }: PullState): string {
  if (of === null || of === 0) return `${ref}: ${message}`
  return `${ref}: ${Math.floor((done / of) * 100)} % of ${bytes(of)} (${message})`
}

export const deleteModel: Command<{ ref: string }> = async (session, { ref }) => {
  const { client } = await session.backend()
  await client.models.remove({ ref })
  if (session.io.json) session.io.out(JSON.stringify({ deleted: ref }))
  else session.io.out(`${ref} is deleted from this machine. Fetch it again: lifeos models pull ${ref}`)
  return EXIT.done
}

/** What is worth having here. */
export const adviseModels: Command = async (session) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const { memory, disk, models } = await client.models.advice()
  if (io.json) io.out(JSON.stringify({ memory, disk, models }))
  else {
    io.out(
      `${bytes(memory)} of memory; models use ${bytes(disk.used)}${disk.free === null ? '' : `, ${bytes(disk.free)} are free on the disk`}.`,
    )
    const rows = models.map((model) => [
      model.installed ? paint('green', '✓') : model.fits ? ' ' : paint('amber', '·'),
      model.name,
      bytes(model.size),
      model.fits ? model.why : paint('amber', `needs about ${bytes(model.memory)} of memory`),
    ])
    for (const line of table(rows)) io.out(line)
    io.out('Fetch one: lifeos models pull ollama/<name>')
  }
  return EXIT.done
}
