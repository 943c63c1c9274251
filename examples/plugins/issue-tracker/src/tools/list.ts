import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'
import { Issue, Project, TRACKER_NEEDS, openTracker } from '../tracker.ts'

const PAGES = 5

export const list = defineTool({
  id: 'issue-tracker.list',
  title: 'List issues',
  description: 'Lists the issues of a project, newest first, at most 500 of them.',
  input: z.object({
    project: Project.describe('The project'),
    state: z.enum(['open', 'closed', 'all']).default('open').describe('Which ones'),
  }),
  output: z.object({ issues: z.array(Issue), more: z.boolean().describe('There are more than these') }),
  effect: 'read',
  needs: TRACKER_NEEDS,
  run: async ({ project, state }, host) => {
    const tracker = await openTracker(host)
    const issues: Issue[] = []
    let page: number | null = 1
    for (let had = 0; page !== null && had < PAGES; had++) {
      const path: string = `/projects/${project}/issues?state=${state}&page=${page}`
      const answer: z.output<typeof Page> = await tracker.ask(path, Page)
      issues.push(...answer.issues)
      page = answer.next
    }
    return { issues, more: page !== null }
  },
  examples: [
    {
      title: 'What is open',
      input: { project: 'garden' },
      output: { issues: [{ number: 7, title: 'The gate squeaks', state: 'open' }], more: false },
    },
  ],
})

const Page = z.object({ issues: z.array(Issue), next: z.int().nullable() })
