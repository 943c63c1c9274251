/** What is used of a page's document, since the kernel itself is not compiled for one. */
export interface PageElement {
  readonly tagName: string
  readonly innerText: string
  readonly ownerDocument: PageDocument
  closest(css: string): PageElement | null
  querySelector(css: string): PageElement | null
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
  removeAttribute(name: string): void
  hasAttribute(name: string): boolean
}
export interface PageDocument {
  readonly URL: string
  readonly baseURI: string
  readonly body: PageElement | null
  querySelectorAll(css: string): Iterable<PageElement>
}
export interface PageControl extends PageElement {
  readonly type: string
  readonly name: string
  readonly id: string
  readonly title: string
  readonly value: string
  readonly disabled: boolean
  readonly checked?: boolean
  readonly form: PageForm | null
  readonly labels: Iterable<PageElement> | null
  readonly files?: Iterable<{ name: string; size: number }> | null
  readonly selectedOptions?: Iterable<{ value: string }>
}
export interface PageForm extends PageElement {
  readonly elements: Iterable<PageControl>
}
