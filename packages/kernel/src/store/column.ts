declare const shape: unique symbol

/** JSON text of such a value, as a column holds it. Any text may be written; only what a column is declared to hold is read with a type. */
export type JsonOf<T> = string & { readonly [shape]?: T }

/** The value of a column. Not checked again: only we write to the store, and what we write was checked. */
export function fromColumn<T>(text: JsonOf<T>): T {
  return JSON.parse(text) as T // declared with the column
}
