import type { PageField } from '@life-os/contract'
import type { Locator } from 'playwright-core'
import type { PageControl, PageForm } from './dom.ts'

/** Marks elements that the host fills with a secret later. A page may see and remove it: then nothing is filled in. */
export const SECRET_MARK = 'data-life-os-secret'

export interface FoundForm {
  form: { method: string; url: string } | null
  fields: PageField[]
}

/**
 * What the element that is about to be pressed would send: its form with the fields as they stand, or where there is no form
 * all fields of the page. Runs in the page, so what it answers is the page's word.
 */
export async function formAt(target: Locator): Promise<FoundForm> {
  return target.evaluate(readForm as unknown as (element: unknown, mark: string) => FoundForm, SECRET_MARK) // a page's element, typed here by what is used of it
}

function readForm(element: PageControl, mark: string): FoundForm {
  const LONGEST = 4000
  const document = element.ownerDocument
  const button = element.closest('button, input[type=submit], input[type=image]') as PageControl | null // by the selector
  const own = (button ?? element).form ?? (element.closest('form') as PageForm | null) // by the selector
  const submits = own !== null && (button === null || button.type === 'submit' || button.type === 'image')
  // Controls, by the selector.
  const controls = [...(own?.elements ?? (document.querySelectorAll('input, select, textarea') as Iterable<PageControl>))]
  const labelOf = (control: PageControl): string => {
    const words =
      control.getAttribute('aria-label') ??
      [...(control.labels ?? [])].map((label) => label.innerText.replace(control.innerText, ' ')).join(' ') // without a list's options
    return (words || control.getAttribute('placeholder') || control.title || '').replace(/\s+/g, ' ').trim().slice(0, 200)
  }
  const kindOf = (control: PageControl): PageField['kind'] => {
    if (control.hasAttribute(mark)) return 'secret'
    if (control.type === 'hidden' || control.type === 'file' || control.type === 'password') return control.type
    return control.tagName === 'SELECT' || control.type === 'checkbox' || control.type === 'radio' ? 'choice' : 'text'
  }
  const valueOf = (control: PageControl, kind: PageField['kind']): string => {
    if (kind === 'secret') return ''
    if (kind === 'password') return control.value === '' ? '' : '••••••'
    if (kind === 'file') return [...(control.files ?? [])].map((file) => `${file.name} (${file.size} bytes)`).join(', ')
    if (control.tagName === 'SELECT') return [...(control.selectedOptions ?? [])].map((option) => option.value).join(', ')
    return control.value.slice(0, LONGEST)
  }
  const skipped = ['submit', 'button', 'image', 'reset', 'fieldset', 'output', 'object']
  const fields = controls.flatMap((control): PageField[] => {
    if (control.disabled || skipped.includes(control.type)) return []
    if ((control.type === 'checkbox' || control.type === 'radio') && control.checked !== true) return []
    const kind = kindOf(control)
    const value = valueOf(control, kind)
    if (own === null && value === '' && kind !== 'secret') return []
    const secret = control.getAttribute(mark)
    return [{ name: control.name || control.id || '', label: labelOf(control), value, kind, ...(secret !== null && { secret }) }]
  })
  const method = (button?.getAttribute('formmethod') ?? own?.getAttribute('method') ?? 'get').toUpperCase()
  const action = button?.getAttribute('formaction') ?? own?.getAttribute('action') ?? ''
  const url = URL.parse(action || document.URL, document.baseURI)?.href ?? document.URL
  return { form: submits ? { method, url } : null, fields: fields.slice(0, 300) }
}
