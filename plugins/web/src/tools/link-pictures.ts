import { defineTool } from '@life-os/plugin-sdk'
import { z } from 'zod'

export const linkPictures = defineTool({
  id: 'web.link-pictures',
  title: 'Point pictures at saved files',
  description:
    'In a Markdown text, points each picture that was saved at its file, relative to the folder of the text. Pictures that were not saved keep their address.',
  input: z.object({
    markdown: z.string().describe('The text, as web.readable gives it'),
    folder: z.string().min(1).describe('The folder where the text will be'),
    pictures: z
      .array(z.object({ url: z.string(), path: z.string().describe('Where it was saved') }))
      .max(10_000)
      .describe('What was saved'),
  }),
  output: z.object({
    markdown: z.string().describe('The text with the new addresses'),
    linked: z.int().describe('How many pictures now point at a file'),
  }),
  effect: 'read',
  lane: 'cpu',
  needs: {},
  run: async ({ markdown, folder, pictures }) => {
    const targets = new Map(pictures.map((picture) => [picture.url, relative(folder, picture.path)]))
    const linked = new Set<string>()
    // Every repetition is bounded and none is nested, so the time stays linear.
    const text = markdown.replace(
      /(!\[(?:\\.|[^\]\\]){0,2000}\]\()([^\s()]{1,8192})(\))/g,
      (whole: string, before: string, url: string, after: string) => {
        const target = targets.get(url)
        if (target === undefined) return whole
        linked.add(url)
        return `${before}${target}${after}`
      },
    )
    return { markdown: text, linked: linked.size }
  },
  examples: [
    {
      title: 'One picture',
      input: {
        markdown: '![cat](https://example.org/cat.jpg)',
        folder: '/home/ada/Pages',
        pictures: [{ url: 'https://example.org/cat.jpg', path: '/home/ada/Pages/Cats/01-cat.jpg' }],
      },
      output: { markdown: '![cat](Cats/01-cat.jpg)', linked: 1 },
    },
  ],
})

/** The way from a folder to a path, as a Markdown link target. */
function relative(folder: string, path: string): string {
  const from = folder.split('/').filter(Boolean)
  const to = path.split('/').filter(Boolean)
  let shared = 0
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared += 1
  const steps = [
    ...from.slice(shared).map(() => '..'),
    ...to.slice(shared).map((part) => encodeURIComponent(part).replace(/[()]/g, encodeParenthesis)),
  ]
  return steps.join('/')
}

const encodeParenthesis = (character: string): string => (character === '(' ? '%28' : '%29')
