import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Issue, Project, TRACKER_NEEDS, openTracker } from '../tracker.ts'

const Input = z.object({
  project: Project.describe('The project'),
  title: z.string().min(1).max(200).describe('In a line'),
  text: z.string().max(50_000).default('').describe('The rest'),
})

export const create = defineTool({
  id: 'issue-tracker.create',
  title: 'File an issue',
  description: 'Files an issue in a project on the tracker. Everyone who may read the project sees it; an undo closes it.',
  input: Input,
  output: z.object({ number: z.int(), url: z.string() }),
  effect: 'external',
  reversal: 'compensate',
  risk: 'medium',
  needs: TRACKER_NEEDS,
  run: async ({ project, title, text }, host) => {
    const tracker = await openTracker(host)
    const body = JSON.stringify({ title, text, reference: host.key })
    const { number } = await tracker.ask(`/projects/${project}/issues`, Issue, { method: 'POST', body })
    return { number, url: `${tracker.server}/projects/${project}/issues/${number}` }
  },
  compensate: async ({ number }, { project }, host) => {
    const tracker = await openTracker(host)
    await tracker.ask(`/projects/${project}/issues/${number}`, Issue, { method: 'PATCH', body: JSON.stringify({ state: 'closed' }) })
  },
  /** Every try of a call has the same key, and the issue carries it. */
  reconcile: async ({ project }, key, _effects, host) => {
    const tracker = await openTracker(host)
    const found = await tracker.ask(`/projects/${project}/issues?reference=${encodeURIComponent(key)}`, Found)
    const [issue] = found.issues
    if (!issue) return { applied: 'no' as const }
    return {
      applied: 'yes' as const,
      output: { number: issue.number, url: `${tracker.server}/projects/${project}/issues/${issue.number}` },
    }
  },
  examples: [
    {
      title: 'Something to do',
      input: { project: 'garden', title: 'Plant tulips' },
      output: { number: 8, url: 'https://issues.example/projects/garden/issues/8' },
    },
  ],
})

const Found = z.object({ issues: z.array(Issue) })
