import { z } from 'zod'
import { PageQuery, pageOf } from '../common/page.ts'
import {
  AnswerApproval,
  Approval,
  ApprovalDetail,
  ApprovalState,
  AuditRecord,
  AuditVerification,
  DomainLevel,
  Grant,
  Level,
  LevelDomain,
  NewGrant,
  Verdict,
} from '../gate/gate.ts'
import { Run } from '../runs/run.ts'
import { IdParam, Ok, base } from './base.ts'

export const approvals = {
  list: base
    .route({ method: 'GET', path: '/approvals', summary: 'Approvals, those that wait first' })
    .input(PageQuery.extend({ state: ApprovalState.optional(), run: z.string().optional() }))
    .output(pageOf(Approval)),
  get: base
    .route({ method: 'GET', path: '/approvals/{id}', summary: 'One approval with what it shows' })
    .input(IdParam)
    .output(ApprovalDetail),
  answer: base
    .route({ method: 'POST', path: '/approvals/{id}/answer', summary: 'Answer an approval' })
    .input(IdParam.extend(AnswerApproval.shape))
    .output(Run),
  untick: base
    .route({ method: 'POST', path: '/approvals/{id}/untick', summary: 'Preview again without some changes' })
    .input(IdParam.extend({ except: z.array(z.string()), exceptGlobs: z.array(z.string()).default([]) }))
    .output(ApprovalDetail),
  edit: base
    .route({
      method: 'POST',
      path: '/approvals/{id}/edit',
      summary: 'Change the inputs, or allow what the plan needs for this run, and preview again',
    })
    .input(IdParam.extend({ inputs: z.record(z.string(), z.unknown()).optional(), allow: z.array(z.string()).default([]) }))
    .output(ApprovalDetail),
}
export const grants = {
  list: base
    .route({ method: 'GET', path: '/grants', summary: 'Remembered decisions' })
    .input(
      PageQuery.extend({
        search: z.string().optional(),
        verdict: Verdict.optional(),
        subject: Grant.shape.subject.shape.kind.optional(),
        plugin: z.string().optional(),
      }),
    )
    .output(pageOf(Grant)),
  add: base.route({ method: 'POST', path: '/grants', summary: 'Remember a decision' }).input(NewGrant).output(Grant),
  levels: base.route({ method: 'GET', path: '/grants/levels', summary: 'The level of each domain' }).output(z.array(DomainLevel)),
  setLevel: base
    .route({
      method: 'PUT',
      path: '/grants/levels',
      summary: 'Set the level of a domain: writes grants in place of those of the level before',
    })
    .input(z.object({ domain: LevelDomain, subject: Grant.shape.subject, level: Level }))
    .output(DomainLevel),
  revoke: base.route({ method: 'DELETE', path: '/grants/{id}', summary: 'Forget a decision' }).input(IdParam).output(Ok),
}
export const audit = {
  list: base
    .route({ method: 'GET', path: '/audit', summary: 'Who did what, by which rule' })
    .input(
      PageQuery.extend({
        run: z.string().optional(),
        kind: z.string().optional(),
        actor: z.string().optional(),
        tool: z.string().optional(),
        rule: z.string().optional(),
        verdict: Verdict.optional(),
        search: z.string().optional(),
        /** UTC milliseconds, both inclusive. */
        from: z.coerce.number().int().optional(),
        until: z.coerce.number().int().optional(),
      }),
    )
    .output(pageOf(AuditRecord)),
  verify: base.route({ method: 'POST', path: '/audit/verify', summary: 'Prove the audit chain' }).output(AuditVerification),
}
