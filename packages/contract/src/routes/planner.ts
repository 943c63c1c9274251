import { z } from 'zod'
import { Id } from '../common/values.ts'
import { IntentEntry, ProposeGoal, Proposal, ToolMatch } from '../planner/proposal.ts'
import { base } from './base.ts'

export const planner = {
  propose: base
    .route({ method: 'POST', path: '/planner/propose', summary: 'A plan for a goal; nothing happens yet' })
    .input(ProposeGoal)
    .output(Proposal),
  replan: base
    .route({ method: 'POST', path: '/planner/replan', summary: 'Another way for what a failed run left undone' })
    .input(z.object({ run: Id, hint: z.string().max(2000).optional() }))
    .output(Proposal),
  tools: base
    .route({ method: 'GET', path: '/planner/tools', summary: 'Find tools by what they do' })
    .input(z.object({ q: z.string().min(1).max(500), limit: z.coerce.number().int().min(1).max(50).default(10) }))
    .output(z.array(ToolMatch)),
  intents: base
    .route({ method: 'GET', path: '/planner/intents', summary: 'What can be said without any model' })
    .output(z.array(IntentEntry)),
}
