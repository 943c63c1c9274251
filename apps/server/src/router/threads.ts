import type { Attachment } from '@life-os/contract'
import type { Identity } from '@life-os/kernel/auth'
import type { Speaker } from '@life-os/kernel/threads'
import type { Kernel } from '../kernel.ts'
import { checkBlobReader, checkReader } from './readers.ts'
import { guarded } from './context.ts'

/** A person's own threads; a token acts for its person. */
const by = ({ identity }: { identity: Identity }): Speaker => ({ person: identity.person.id, actor: identity.actor })

export function threadsRouter({ threads, readers }: Kernel) {
  const area = guarded.threads
  const ok = { ok: true as const }
  const checkAttached = async (attached: readonly Attachment[] | undefined, { identity }: { identity: Identity }): Promise<void> => {
    for (const one of attached ?? []) {
      if (one.kind === 'run') await checkReader(readers, one.run, identity)
      if (one.kind === 'blob') await checkBlobReader(readers, one.blob, identity)
    }
  }
  return {
    list: area.list.handler(({ input, context }) => threads.list(input, by(context).person)),
    create: area.create.handler(({ input, context }) => threads.create(input, by(context))),
    get: area.get.handler(({ input, context }) => threads.get(input.id, by(context).person)),
    change: area.change.handler(({ input: { id, ...change }, context }) => threads.change(id, change, by(context))),
    remove: area.remove.handler(async ({ input, context }) => {
      await threads.remove(input.id, by(context))
      return ok
    }),
    messages: area.messages.handler(({ input: { id, ...page }, context }) => threads.messages(id, page, by(context).person)),
    message: area.message.handler(({ input, context }) => threads.message(input.id, input.message, by(context).person)),
    send: area.send.handler(async ({ input: { id, ...message }, context }) => {
      await checkAttached(message.attachments, context)
      return threads.send(id, message, by(context))
    }),
    edit: area.edit.handler(async ({ input: { id, message, ...words }, context }) => {
      await checkAttached(words.attachments, context)
      return threads.edit(id, message, words, by(context))
    }),
    retry: area.retry.handler(({ input: { id, message, ...how }, context }) => threads.retry(id, message, how, by(context))),
    stop: area.stop.handler(({ input, context }) => threads.stop(input.id, by(context))),
    proceed: area.proceed.handler(({ input, context }) => threads.proceed(input.id, by(context))),
    search: area.search.handler(({ input, context }) => threads.search(input, by(context).person)),
    compaction: area.compaction.handler(async ({ input, context }) => ({
      compaction: await threads.compaction(input.id, by(context).person),
    })),
    compact: area.compact.handler(({ input, context }) => threads.compact(input.id, by(context))),
    uncompact: area.uncompact.handler(async ({ input, context }) => {
      await threads.uncompact(input.id, by(context))
      return ok
    }),
    export: area.export.handler(({ input, context }) => threads.export(input.id, input.format, by(context).person)),
  }
}
