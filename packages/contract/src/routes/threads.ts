import { z } from 'zod'
import { PageQuery, pageOf } from '../common/page.ts'
import { Id } from '../common/values.ts'
import { Mode } from '../events/run-event.ts'
import { Compaction, MessageHit, SendMessage, Thread, ThreadMessage } from '../threads/thread.ts'
import { IdParam, Ok, base } from './base.ts'

const Sent = z.object({ thread: Thread, message: ThreadMessage, answer: ThreadMessage })
const MessageParam = IdParam.extend({ message: Id })

export const threads = {
  list: base
    .route({ method: 'GET', path: '/threads', summary: 'Threads, last used first' })
    .input(PageQuery.extend({ search: z.string().optional() }))
    .output(pageOf(Thread)),
  create: base
    .route({ method: 'POST', path: '/threads', summary: 'Begin a thread' })
    .input(
      z.object({
        title: z.string().max(200).optional(),
        agent: z.string().optional(),
        model: z.string().optional(),
        mode: Mode.optional(),
      }),
    )
    .output(Thread),
  get: base.route({ method: 'GET', path: '/threads/{id}', summary: 'One thread' }).input(IdParam).output(Thread),
  change: base
    .route({ method: 'PATCH', path: '/threads/{id}', summary: 'Rename, or choose agent, model, mode or branch' })
    .input(
      IdParam.extend({
        title: z.string().min(1).max(200).optional(),
        agent: z.string().optional(),
        model: z.string().nullable().optional(),
        mode: Mode.optional(),
        head: Id.optional(),
      }),
    )
    .output(Thread),
  remove: base.route({ method: 'DELETE', path: '/threads/{id}', summary: 'Delete a thread; its runs stay' }).input(IdParam).output(Ok),
  /** The shown branch, oldest first; `before` pages towards the beginning. */
  messages: base
    .route({ method: 'GET', path: '/threads/{id}/messages', summary: 'Messages of the branch that is shown' })
    .input(IdParam.extend({ before: Id.optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }))
    .output(z.object({ items: z.array(ThreadMessage), more: z.boolean() })),
  message: base
    .route({ method: 'GET', path: '/threads/{id}/messages/{message}', summary: 'One message as it stands now' })
    .input(MessageParam)
    .output(ThreadMessage),
  send: base
    .route({ method: 'POST', path: '/threads/{id}/messages', summary: 'Say something; the answer is a run that goes on by itself' })
    .input(IdParam.extend(SendMessage.shape))
    .output(Sent),
  edit: base
    .route({
      method: 'POST',
      path: '/threads/{id}/messages/{message}/edit',
      summary: 'Say it differently: a branch beside the old message',
    })
    .input(MessageParam.extend({ text: z.string().max(200_000), attachments: SendMessage.shape.attachments.optional() }))
    .output(Sent),
  retry: base
    .route({ method: 'POST', path: '/threads/{id}/messages/{message}/retry', summary: 'Answer again, also with another model' })
    .input(MessageParam.extend({ model: z.string().optional(), agent: z.string().optional() }))
    .output(Sent),
  stop: base
    .route({ method: 'POST', path: '/threads/{id}/stop', summary: 'Stop the answer that is being made' })
    .input(IdParam)
    .output(Thread),
  /** Goes on where a stopped, failed or cut answer ended. */
  proceed: base.route({ method: 'POST', path: '/threads/{id}/proceed', summary: 'Go on with the last answer' }).input(IdParam).output(Sent),
  search: base
    .route({ method: 'GET', path: '/threads/search', summary: 'Find messages by words' })
    .input(PageQuery.extend({ q: z.string().min(1).max(500) }))
    .output(pageOf(MessageHit)),
  compaction: base
    .route({ method: 'GET', path: '/threads/{id}/compaction', summary: 'What stands for the older messages' })
    .input(IdParam)
    .output(z.object({ compaction: Compaction.nullable() })),
  compact: base
    .route({ method: 'POST', path: '/threads/{id}/compact', summary: 'Shorten the older messages now' })
    .input(IdParam)
    .output(Compaction),
  uncompact: base
    .route({ method: 'DELETE', path: '/threads/{id}/compaction', summary: 'Tell models the older messages word by word again' })
    .input(IdParam)
    .output(Ok),
  export: base
    .route({ method: 'GET', path: '/threads/{id}/export', summary: 'The thread as one document' })
    .input(IdParam.extend({ format: z.enum(['markdown', 'json']).default('markdown') }))
    .output(z.object({ name: z.string(), mime: z.string(), text: z.string() })),
}
