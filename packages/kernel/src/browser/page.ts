import type { BrowserContext, Dialog, Download, Page } from 'playwright-core'

export interface AskedByPage {
  kind: string
  text: string
  accepted: boolean
}

/** A secret that the host enters when the action is really made, and where. */
export interface PendingSecret {
  secret: string
  /** Marks the element on the page. */
  mark: string
}

/** One open page, and what came with it since it was last looked at. */
export interface OpenPage {
  /** An address of its origin, so that a call's needs can be read from it. */
  readonly handle: string
  readonly page: Page
  readonly context: BrowserContext
  readonly session: string | null
  /** The call that opened it. */
  readonly key: string
  readonly address: string
  status: number | null
  downloads: Download[]
  opened: Page[]
  dialogs: AskedByPage[]
  secrets: PendingSecret[]
  /** Whether a question of the page is answered with yes. */
  accepts: boolean
}

export interface NewPage {
  handle: string
  page: Page
  session: string | null
  key: string
  address: string
}

/** Follows a page: what it downloads, opens and asks. A question is answered at once, since a page stands still until then. */
export function followPage(given: NewPage): OpenPage {
  const { page } = given
  const open: OpenPage = {
    ...given,
    context: page.context(),
    status: null,
    downloads: [],
    opened: [],
    dialogs: [],
    secrets: [],
    accepts: false,
  }
  page.on('download', (download) => void open.downloads.push(download))
  page.on('popup', (popup) => void open.opened.push(popup))
  page.on('dialog', (dialog) => void answerDialog(open, dialog))
  return open
}

async function answerDialog(open: OpenPage, dialog: Dialog): Promise<void> {
  const kind = dialog.type()
  const accepted = kind === 'alert' || kind === 'beforeunload' || (kind === 'confirm' && open.accepts)
  open.dialogs.push({ kind, text: dialog.message().slice(0, 500), accepted })
  await (accepted ? dialog.accept() : dialog.dismiss()).catch(() => undefined) // the page went meanwhile
}
