import { LifeOsError } from '@life-os/contract'
import type { AnswerApproval } from '@life-os/contract'
import { EXIT } from '../output/exit.ts'
import type { Command } from '../session.ts'
import { decide, decideAndFollow, runBehind } from './decide.ts'
import type { DecideOptions } from './decide.ts'
import { conclude, pausing } from './follow.ts'

export interface ApproveOptions extends DecideOptions {
  id: string
  answer?: AnswerApproval['answer']
  output?: string
}

/** Answers what a run asks. The word itself is the yes; on a terminal the changes are shown first. Goes on with the run. */
export const approve: Command<ApproveOptions> = async (session, options) => {
  const { io } = session
  const backend = await session.backend()
  const before = await runBehind(backend, options.id)
  if (before.approval === null) throw new LifeOsError('approval-missing', `Run ${before.id} asks nothing; it is ${before.state}.`)
  using going = pausing(session, backend)
  going.add(before.id)
  const answered = options.answer
    ? await answerWith(backend.client, before.approval, options)
    : await decide(session, backend, before, { ...options, yes: options.yes ?? !io.canAsk })
  const left = answered.state === 'waiting' && answered.approval === before.approval
  const ended = left ? answered : await decideAndFollow(session, backend, answered, afterwards(options))
  if (io.json) io.out(JSON.stringify(ended))
  return conclude(ended, session)
}

/** What was said for one question says nothing of the next. */
function afterwards({ remember: _remember, permission: _permission, ...options }: ApproveOptions): DecideOptions {
  return { ...options, yes: false, yesFinal: false }
}

type Client = Awaited<ReturnType<Parameters<typeof approve>[0]['backend']>>['client']

async function answerWith(client: Client, id: string, { answer = 'approve', output, remember = 'no', permission }: ApproveOptions) {
  const { hash } = await client.approvals.get({ id })
  return client.approvals.answer({
    id,
    answer,
    hash,
    remember,
    ...(permission && { permissions: permission }),
    ...(output !== undefined && { output: JSON.parse(output) as unknown }), // checked by the server
  })
}

export interface RefuseOptions {
  id: string
  reason?: string
  remember?: 'no' | 'run' | 'always'
  permission?: string[]
}

export const refuse: Command<RefuseOptions> = async (session, { id, reason, remember = 'no', permission }) => {
  const backend = await session.backend()
  const before = await runBehind(backend, id)
  if (before.approval === null) throw new LifeOsError('approval-missing', `Run ${before.id} asks nothing; it is ${before.state}.`)
  const { hash } = await backend.client.approvals.get({ id: before.approval })
  const answered = await backend.client.approvals.answer({
    id: before.approval,
    answer: 'refuse',
    hash,
    remember,
    ...(permission && { permissions: permission }),
    ...(reason !== undefined && { reason }),
  })
  if (session.io.json) session.io.out(JSON.stringify(answered))
  else session.io.note(`Refused. ${answered.plan.name} is ${answered.state}.`)
  return EXIT.done
}
