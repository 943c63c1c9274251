import type { Run } from '@life-os/contract'
import { useMutation } from '@tanstack/react-query'
import { Play } from 'lucide-react'
import { useId, useState } from 'react'
import { client, requestError } from '../../lib/api.ts'
import { number } from '../../lib/format.ts'
import { useRefreshRuns } from '../../lib/queries.ts'
import { Button } from '../button.tsx'
import { TextInput } from '../field.tsx'
import { budgetOf, reachedBy, type Reached } from './budget-words.ts'

/** Beside a run that stopped at a limit of its own: what it has spent, and a field to go on with more. */
export function AllowMore({ run }: { run: Run }) {
  const reached = run.state === 'stopped' ? reachedBy(run.error) : null
  return reached ? <AllowMoreForm key={run.finishedAt} run={run.id} reached={reached} /> : null
}

function AllowMoreForm({ run, reached }: { run: string; reached: Reached }) {
  const id = useId()
  const [text, setText] = useState(String(reached.suggested))
  const [wrong, setWrong] = useState<string | null>(null)
  const refresh = useRefreshRuns()
  const go = useMutation({
    mutationFn: async (budget: NonNullable<ReturnType<typeof budgetOf>>) => client.runs.resume({ id: run, budget }),
    onError: (thrown) => setWrong(requestError(thrown).message),
    onSettled: refresh,
    meta: { quiet: true },
  })
  const send = (): void => {
    const budget = budgetOf(reached, text)
    setWrong(budget ? null : `Write how many ${reached.unit} it may spend from here on, for example ${reached.suggested}.`)
    if (budget) go.mutate(budget)
  }
  return (
    <form
      className="flex flex-col gap-1.5 rounded-card border border-line bg-sunken px-3 py-2.5"
      onSubmit={(event) => (event.preventDefault(), send())}
    >
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
        <label htmlFor={id} className="font-medium">
          Allow it more
        </label>
        <div className="w-28">
          <TextInput
            id={id}
            inputMode="decimal"
            value={text}
            aria-invalid={wrong === null ? undefined : true}
            aria-describedby={`${id}-help`}
            className="figures"
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <span className="text-ink-soft">{reached.unit}</span>
        <Button type="submit" tone="accent" icon={Play} busy={go.isPending}>
          Go on
        </Button>
      </div>
      <p
        id={`${id}-help`}
        role={wrong === null ? undefined : 'alert'}
        className={wrong === null ? 'text-12 text-ink-faint' : 'text-12 text-remove'}
      >
        {wrong ??
          `Spent so far: ${number(reached.spent)} of ${number(reached.limit)} ${reached.unit}. What is done is not done or paid for again.`}
      </p>
    </form>
  )
}
