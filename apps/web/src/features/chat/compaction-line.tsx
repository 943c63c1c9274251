import type { ThreadMessage } from '@life-os/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { FoldVertical } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Icon } from '../../components/icon.tsx'
import { api, client } from '../../lib/api.ts'
import { fullTime, number } from '../../lib/format.ts'
import { reportFailure } from '../../lib/report.ts'

/** Says that models are told a summary of the older messages, and shows it. */
export function CompactionLine({ thread, items }: { thread: string; items: readonly ThreadMessage[] }) {
  const [open, setOpen] = useState(false)
  const queries = useQueryClient()
  const shortened = items.some((message) => message.compacted)
  const found = useQuery({ ...api.threads.compaction.queryOptions({ input: { id: thread } }), enabled: shortened })
  const compaction = found.data?.compaction
  if (!compaction) return null
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="flex items-center gap-2 self-center rounded-control px-2 py-1 text-12 text-ink-faint hover:bg-hover hover:text-ink"
      >
        <Icon of={FoldVertical} size={14} />
        Models are told a summary of the older messages
      </button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        wide
        readable
        title="What models are told of the older messages"
        description={`${number(compaction.before)} tokens became ${number(compaction.after)}, ${compaction.by === 'model' ? 'by a model' : 'by rules'}, ${fullTime(compaction.at)}.`}
        footer={
          <Button
            onClick={() =>
              void client.threads
                .uncompact({ id: thread })
                .then(() => queries.invalidateQueries({ queryKey: api.threads.key() }))
                .then(() => setOpen(false))
                .catch(reportFailure)
            }
          >
            Tell them everything again
          </Button>
        }
      >
        <div className="flex flex-col gap-4 p-4">
          <p className="whitespace-pre-wrap break-words text-14">{compaction.summary}</p>
          {compaction.decisions.length > 0 ? (
            <section>
              <h3 className="eyebrow mb-1">What was decided, word by word</h3>
              <ul className="list-disc pl-5">
                {compaction.decisions.map((decision, index) => (
                  <li key={index}>{decision.words}</li>
                ))}
              </ul>
            </section>
          ) : null}
        </div>
      </Dialog>
    </>
  )
}
