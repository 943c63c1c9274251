import { z } from 'zod'
import { LifeOsError, ModelMessage, Attachment, joinLabels } from '@life-os/contract'
import { describeReading } from '../../runs/index.ts'
import type { InnerTool } from '../../runs/index.ts'
import { fromColumn } from '../../store/index.ts'
import type { Store } from '../../store/index.ts'
import { compactionOf } from '../compaction/stored.ts'
import { threadUnknown } from '../rows/threads.ts'
import { toLookUp } from './brought.ts'
import { historyOf, type History } from './history.ts'
import { TURN_TOOL } from './plan.ts'
import { readBranch } from './read-branch.ts'
import { runWords } from './run-words.ts'

const Input = z.object({ answer: z.string() })
const Output = z.object({
  history: z.array(ModelMessage),
  attachments: z.array(Attachment),
  files: z.array(z.object({ name: z.string(), path: z.string(), most: z.int() })),
  uploads: z.array(z.object({ name: z.string(), blob: z.string(), most: z.int() })),
  pictures: z.array(z.object({ path: z.string() })),
  runs: z.array(z.object({ run: z.string(), words: z.string() })),
})

/**
 * What an answer is made from: the branch before it as models are told of it, and what the message brings along. It carries the
 * labels of all that was said, and of the runs that were attached. Another person's thread is unknown to it.
 */
export function createTurnTool({ store }: { store: Pick<Store, 'db' | 'blobs'> }): InnerTool {
  return {
    description: describeReading({
      id: TURN_TOOL,
      title: 'What was said before',
      description: 'Reads the conversation up to a message.',
      input: Input,
      output: Output,
    }),
    needs: async () => [],
    labels: async (input) => [...(await turnOf(store, Input.parse(input).answer)).labels],
    async run(call) {
      const { person, messages, attachments, runs } = await turnOf(store, Input.parse(call.input).answer)
      if (call.asker && call.asker.person !== person) throw threadUnknown('of this answer')
      const { files, uploads, pictures } = toLookUp(attachments)
      return { history: messages, attachments, files, uploads, pictures, runs: runs.map(({ run, words }) => ({ run, words })) }
    },
  }
}

interface TurnOf extends History {
  person: string
  attachments: Attachment[]
  runs: Awaited<ReturnType<typeof runWords>>[]
}

async function turnOf({ db, blobs }: Pick<Store, 'db' | 'blobs'>, answer: string): Promise<TurnOf> {
  const found = await db
    .selectFrom('messages')
    .innerJoin('threads', 'threads.id', 'messages.thread')
    .select(['messages.thread', 'messages.parent', 'threads.person', 'threads.compaction_json'])
    .where('messages.id', '=', answer)
    .executeTakeFirst()
  if (!found?.parent) throw new LifeOsError('message-unknown', 'The message of this answer is gone. Write it again.', { applied: 'no' })
  const branch = await readBranch(db, found.thread, found.parent)
  const said = branch.at(-1)
  const attachments = said ? fromColumn(said.attachments_json) : []
  const runs = await Promise.all(toLookUp(attachments).runs.map((one) => runWords({ db, blobs }, one)))
  const { messages, labels } = historyOf(branch.slice(0, -1), compactionOf(found))
  return { messages, labels: joinLabels(labels, ...runs.map((one) => one.labels)), person: found.person, attachments, runs }
}
