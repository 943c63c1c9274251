/** One run of text under one heading on one page, as a reader met it. */
export interface Block {
  text: string
  /** From 1; null where a document has no pages. */
  page: number | null
  /** Headings from the outermost, joined by ` › `; null above the first. */
  heading: string | null
}

/** What a reader made of a document. */
export interface ReadDocument {
  kind: 'pdf' | 'docx' | 'html' | 'markdown' | 'csv' | 'text'
  title: string | null
  pages: number | null
  blocks: Block[]
  /** What a person should know, for example a page that is only a picture. */
  notes: string[]
}

/** A passage that can be cited: `start` and `end` are characters (UTF-16 units) of the document's whole text. */
export interface Passage extends Block {
  start: number
  end: number
}
