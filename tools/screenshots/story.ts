import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stage } from './stage.ts'
import { VIEWS } from './camera.ts'
import type { Camera } from './camera.ts'

const MANY = 4000
/** The pages that sell the product keep all four views; of the others the light desk and the dark phone are kept. */
const KEPT_WHOLE = new Set(['first-day', 'preview', 'running', 'done', 'undo', 'home', 'chat-plan', 'chat-answer'])

/** Walks through Life-OS as a person would on the first day, and takes pictures on the way. */
export async function tellStory({ page, shoot }: Camera, stage: Stage): Promise<void> {
  const open = async (path: string): Promise<void> => {
    await page.goto(stage.address + path)
    await page.waitForLoadState('networkidle', { timeout: 1500 }).catch(() => undefined) // the event stream never ends
  }
  const everyView = async (name: string): Promise<void> => {
    for (const { size, theme } of VIEWS) await shoot(name, size, theme, KEPT_WHOLE.has(name) || (size === 'desk') === (theme === 'light'))
  }
  const wide = async (): Promise<void> => page.setViewportSize({ width: 1440, height: 900 })
  const button = (name: RegExp) => page.getByRole('button', { name })

  await open('/')
  await everyView('sign-in')
  await page.goto(stage.link)
  await button(/sample messy folder/).waitFor()
  await everyView('first-day')

  await wide()
  await button(/sample messy folder/).click()
  await button(/^Preview/).waitFor()
  await everyView('start')
  await wide()
  await button(/^Choose$/)
    .first()
    .click()
  await page.getByRole('dialog').waitFor()
  await everyView('folder-picker')
  await page.keyboard.press('Escape')
  await wide()
  await button(/^Preview/).click()
  await button(/^Approve/).waitFor({ timeout: 60_000 })
  await everyView('preview')
  await wide()
  await page.getByRole('searchbox').fill('jpg')
  await page
    .locator('[role=treegrid] [role=row]', { hasText: /\.jpe?g/i })
    .first()
    .click()
  await everyView('preview-change')
  await page.keyboard.press('Escape')
  await wide()
  await page.getByRole('searchbox').fill('')
  await open('/inbox')
  await button(/^Approve/)
    .first()
    .waitFor()
  await shoot('inbox', 'desk', 'light')
  await shoot('inbox', 'desk', 'dark')
  await page.goBack()
  await wide()
  await button(/^Approve/).waitFor()
  const run = page.url()
  await button(/^Approve/).click()
  await button(/^Undo/).waitFor({ timeout: 60_000 })
  await everyView('done')
  for (const tab of ['timeline', 'graph', 'journal', 'outputs']) {
    await page.goto(`${run}?tab=${tab}`)
    await page.getByRole('tab', { selected: true }).waitFor()
    await page.waitForTimeout(1000)
    await everyView(`run-${tab}`)
  }

  makeMany(join(stage.home, 'Downloads'))
  await wide()
  await open(`/workflows/tidy-folder?inputs=${encodeURIComponent(JSON.stringify({ folder: join(stage.home, 'Downloads') }))}`)
  await button(/^Preview/).click()
  await button(/^Approve/).waitFor({ timeout: 120_000 })
  await everyView('preview-many')
  await wide()
  await button(/^Approve/).click()
  await page.getByRole('progressbar', { name: 'Progress of the run' }).waitFor()
  await page.waitForTimeout(1500)
  await everyView('running')
  await button(/^Undo/).waitFor({ timeout: 180_000 })

  await page.goto(run)
  await wide()
  await button(/^Undo/).click()
  await button(/^Undo \d/).waitFor({ timeout: 60_000 })
  await everyView('undo')
  await open('/inbox')
  await everyView('inbox-list')

  await wide()
  await open(
    `/workflows/find-duplicates?inputs=${encodeURIComponent(JSON.stringify({ folder: join(stage.home, 'Life-OS samples', 'Messy folder') }))}`,
  )
  await button(/^Preview/).click()
  await page.waitForURL(/\/runs\//)
  const approve = button(/^Approve/)
  if (
    await approve.waitFor({ timeout: 20_000 }).then(
      () => true,
      () => false,
    )
  ) {
    await everyView('duplicates')
    await wide()
    await approve.click()
    await page.getByText(/can be undone until/).waitFor({ timeout: 60_000 })
  }

  await wide()
  await open('/chat')
  await everyView('chat-new')
  await wide()
  const box = page.getByLabel('Message', { exact: true })
  await box.fill('Put the invoices from ~/Papers into a folder by year and tell me the total')
  await page.keyboard.press('Enter')
  await button(/^Approve/)
    .last()
    .waitFor({ timeout: 60_000 })
  await everyView('chat-plan')
  await wide()
  await button(/^Approve/)
    .last()
    .click()
  await page.getByRole('list', { name: 'Sources' }).waitFor({ timeout: 60_000 })
  await everyView('chat-answer')
  await wide()
  await button(/^Source 2/)
    .first()
    .click()
  await shoot('chat-source', 'desk', 'light')
  await page.keyboard.press('Escape')
  await box.fill('Draw a diagram of that')
  await page.keyboard.press('Enter')
  await page.getByRole('img', { name: /^Diagram/ }).waitFor({ timeout: 60_000 })
  await everyView('chat-diagram')

  const pages: Record<string, string> = {
    models: '/models',
    providers: '/models?tab=providers',
    limits: '/models?tab=choices',
    costs: '/models?tab=costs',
    agents: '/agents?agent=assistant',
    'agent-tools': '/agents?agent=file-clerk&tab=tools',
    'agent-edit': '/agents?agent=coder&tab=edit',
    learned: '/agents?agent=~learned',
    mcp: '/mcp',
    home: '/',
    runs: '/runs',
    trash: '/trash',
    workflows: '/workflows',
    plan: '/workflows/tidy-folder?tab=plan',
    statistics: '/workflows/tidy-folder?tab=statistics',
    versions: '/workflows/tidy-folder?tab=versions',
    plugins: '/plugins?plugin=files&tool=files.move',
    settings: '/settings',
    permissions: '/permissions',
    decisions: '/permissions?tab=grants',
    audit: '/audit',
    secrets: '/settings?section=secrets',
    labels: '/settings?section=labels',
    people: '/settings?section=people',
    tokens: '/settings?section=tokens',
    appearance: '/settings?section=appearance',
    data: '/settings?section=data',
  }
  for (const [name, path] of Object.entries(pages)) {
    await wide()
    await open(path)
    await page.waitForTimeout(600)
    await everyView(name)
  }
  await wide()
  await open('/')
  await page.keyboard.press('Control+k')
  await everyView('palette')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await everyView('shortcuts')
}

/** Many small files of every kind, one of them with a name of 80 characters. */
function makeMany(folder: string): void {
  const kinds: [string, string, string][] = [
    ['invoice', 'pdf', '%PDF-1.4\n'],
    ['table', 'csv', 'a,b\n1,2\n'],
    ['notes', 'md', '# Notes\n'],
    ['song', 'mp3', 'ID3'],
    ['script', 'py', 'print(1)\n'],
    ['backup', 'zip', 'PK\u0003\u0004'],
  ]
  for (let number = 0; number < MANY; number++) {
    const [name, ending, start] = kinds[number % kinds.length] ?? ['file', 'txt', '']
    writeFileSync(join(folder, `${name}-${String(number).padStart(4, '0')}.${ending}`), `${start}${number}`)
  }
  writeFileSync(join(folder, `${'The minutes of the meeting about the meetings that we will have next year'.padEnd(76, 'x')}.txt`), 'short')
}
