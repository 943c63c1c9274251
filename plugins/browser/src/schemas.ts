import { z } from 'zod'

export const Url = z
  .string()
  .max(16_384)
  .regex(/^https?:\/\/\S+$/i, 'an address that starts with http:// or https://')
export const PageHandle = z
  .string()
  .max(2000)
  .regex(/^https?:\/\/\S+$/i, 'a page as browser.open gives it, or an address')
  .describe('A page, as browser.open gives it; or an address, which is opened')
export const Blob = z.string().regex(/^[0-9a-f]{64}$/)

/** How an element is meant: by what a person sees of it. */
export const Target = z
  .object({
    ref: z.string().optional().describe('Its ref in the last browser.read'),
    role: z.string().optional().describe('For example button, link, textbox, combobox'),
    name: z.string().optional().describe('What it says, or its accessible name'),
    label: z.string().optional().describe('The label beside a field'),
    text: z.string().optional().describe('Text that it shows'),
    css: z.string().optional().describe('A CSS selector, where nothing else helps'),
  })
  .refine(
    (target) => Object.values(target).some((value) => value !== undefined),
    'say which element: ref, role and name, label, text or css',
  )

export const Field = z.object({
  target: Target,
  value: z.string().optional().describe('Text to type'),
  secret: z.string().optional().describe('Name of a secret to fill in when the form is sent; its value is never seen'),
  checked: z.boolean().optional().describe('For a box or a choice'),
  option: z.string().optional().describe('For a list: the option as it is shown'),
})

export const page = {
  page: z.string().describe('The page, for the other browser tools'),
  url: z.string().describe('Where it is now'),
  title: z.string(),
  status: z.int().nullable().describe('HTTP status, or null'),
}
export const Download = z.object({ blob: z.string(), name: z.string(), size: z.int().describe('Bytes') })
export const done = {
  ...page,
  screenshot: z.string().describe('Blob of a picture of the page afterwards'),
  trace: z.string().describe('Blob with what was done and every request that the page made'),
  downloads: z.array(Download).describe('Files that came'),
  opened: z.array(z.object(page)).describe('Pages that opened beside'),
  dialogs: z.array(z.object({ kind: z.string(), text: z.string(), accepted: z.boolean() })).describe('What the page asked'),
}
